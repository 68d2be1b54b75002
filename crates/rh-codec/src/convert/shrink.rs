//! A smaller picture: each pixel is the average of a square of the larger one.
//!
//! Squares are of a power of two and lie where the smaller picture, stretched to the size of the
//! larger, shows them: where that is no multiple of it, some overlap by a pixel.

use rh_capture::{Rect, Size};

use super::nv12::Nv12;

/// From one size to a smaller one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Shrink {
    from: Size,
    to: Size,
    halvings: u32,
}

/// A plane of pixels, of one or more bytes each.
#[derive(Clone, Copy)]
struct Plane<'a> {
    data: &'a [u8],
    stride: usize,
}

impl Shrink {
    /// Halves both sides so often; what comes out has even sides.
    pub(super) fn new(from: Size, halvings: u32) -> Self {
        let half = |side: u32| side.div_ceil(1 << halvings).next_multiple_of(2);
        Self { from, to: Size { width: half(from.width), height: half(from.height) }, halvings }
    }

    pub(super) const fn to(&self) -> Size {
        self.to
    }

    pub(super) const fn halvings(&self) -> u32 {
        self.halvings
    }

    /// The pixels that show something of `rect`.
    pub(super) fn touching(&self, rect: Rect) -> Rect {
        let side = 1_u32 << self.halvings;
        let scale = |at: u64, from: u32, to: u32| (at * u64::from(to), u64::from(from));
        let first = |at: u32, from: u32, to: u32| {
            let (at, from) = scale(at.saturating_sub(side).into(), from, to);
            (at / from) as u32
        };
        let end = |at: u32, from: u32, to: u32| {
            let (at, from) = scale(at.min(from).into(), from, to);
            at.div_ceil(from).min(to.into()) as u32
        };
        let (from, to) = (self.from, self.to);
        let (x, y) = (first(rect.x, from.width, to.width), first(rect.y, from.height, to.height));
        let right = end(rect.x.saturating_add(rect.width), from.width, to.width);
        let bottom = end(rect.y.saturating_add(rect.height), from.height, to.height);
        Rect { x, y, width: right.saturating_sub(x), height: bottom.saturating_sub(y) }
    }

    /// The pixels of `area` from blue, green, red and one more, rows without gaps.
    pub(super) fn bgrx(&self, data: &[u8], stride: usize, area: Rect, out: &mut Vec<u8>) {
        let plane = Plane { data, stride };
        out.clear();
        let (x, columns) = (area.x as usize, area.x..area.x + area.width);
        for y in area.y..area.y + area.height {
            if self.halvings == 1 && self.is_even() {
                let row = |n: usize| {
                    let start = (2 * y as usize + n) * stride + 8 * x;
                    &data[start..start + 8 * area.width as usize]
                };
                halve(row(0), row(1), out);
            } else {
                for x in columns.clone() {
                    out.extend(self.average::<4>(plane, self.from, self.to, x, y));
                }
            }
        }
    }

    /// Luma at a pixel of the smaller picture.
    pub(super) fn luma(&self, planes: Nv12<'_>, x: u32, y: u32) -> u8 {
        let plane = Plane { data: planes.luma, stride: planes.luma_stride };
        let [luma] = self.average(plane, self.from, self.to, x, y);
        luma
    }

    /// Blue and red difference at a pixel of the smaller picture's planes of colour.
    pub(super) fn chroma(&self, planes: Nv12<'_>, x: u32, y: u32) -> [u8; 2] {
        let plane = Plane { data: planes.chroma, stride: planes.chroma_stride };
        let half = |it: Size| Size { width: it.width.div_ceil(2), height: it.height.div_ceil(2) };
        self.average(plane, half(self.from), half(self.to), x, y)
    }

    /// Whether no two squares overlap.
    const fn is_even(&self) -> bool {
        let (from, to) = (self.from, self.to);
        to.width << self.halvings == from.width && to.height << self.halvings == from.height
    }

    fn average<const BYTES: usize>(
        &self,
        plane: Plane<'_>,
        from: Size,
        to: Size,
        x: u32,
        y: u32,
    ) -> [u8; BYTES] {
        let side = 1 << self.halvings;
        let start = |at: u32, from: u32, to: u32| u64::from(at) * u64::from(from) / u64::from(to);
        let left = start(x, from.width, to.width) as usize;
        let top = start(y, from.height, to.height) as usize;
        let mut sums = [0_u32; BYTES];
        for y in (top..top + side).map(|y| y.min(from.height as usize - 1)) {
            for x in (left..left + side).map(|x| x.min(from.width as usize - 1)) {
                let pixel = &plane.data[y * plane.stride + x * BYTES..][..BYTES];
                sums.iter_mut().zip(pixel).for_each(|(sum, byte)| *sum += u32::from(*byte));
            }
        }
        sums.map(|sum| ((sum + (1 << (2 * self.halvings)) / 2) >> (2 * self.halvings)) as u8)
    }
}

/// One row of two, with two bytes of a pixel at a time in one number.
fn halve(upper: &[u8], lower: &[u8], out: &mut Vec<u8>) {
    const EVERY_OTHER: u32 = 0x00ff_00ff;
    let (upper, lower) = (upper.as_chunks::<8>().0, lower.as_chunks::<8>().0);
    let start = out.len();
    out.resize(start + upper.len() * 4, 0);
    let pixels = out[start..].as_chunks_mut::<4>().0;
    for ((to, a), b) in pixels.iter_mut().zip(upper).zip(lower) {
        let four = [[a[0], a[1], a[2], a[3]], [a[4], a[5], a[6], a[7]]]
            .into_iter()
            .chain([[b[0], b[1], b[2], b[3]], [b[4], b[5], b[6], b[7]]])
            .map(u32::from_ne_bytes);
        let (mut even, mut odd) = (0x0002_0002, 0x0002_0002);
        for pixel in four {
            even += pixel & EVERY_OTHER;
            odd += pixel >> 8 & EVERY_OTHER;
        }
        *to = (even >> 2 & EVERY_OTHER | (odd >> 2 & EVERY_OTHER) << 8).to_ne_bytes();
    }
}

#[cfg(test)]
#[path = "shrink_tests.rs"]
mod tests;
