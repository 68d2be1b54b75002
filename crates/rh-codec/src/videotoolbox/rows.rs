//! Copies what changed into a picture that the hardware reads.
//!
//! The hardware wants even sides (see [`Picture`](crate::Picture)) and rows of its own length, so a
//! display's odd last column and row are shown twice, and what lies behind a row's end is left alone.

use rh_capture::{Rect, Size};

/// Bytes of a pixel: blue, green, red and one without meaning.
const PIXEL: usize = 4;

/// Pixels to copy from: a display of `size`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    /// At least `stride * height` bytes.
    pub(crate) data: &'a [u8],
    /// Bytes from one row to the next.
    pub(crate) stride: usize,
    /// Extent.
    pub(crate) size: Size,
}

/// Pixels to copy to: both sides of the source rounded up to even.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    /// At least `stride * height` bytes.
    pub(crate) data: &'a mut [u8],
    /// Bytes from one row to the next.
    pub(crate) stride: usize,
}

/// The sides of a picture that shows a display of `size`.
pub(crate) fn even(size: Size) -> Size {
    let even = |side: u32| side.saturating_add(side % 2);
    Size { width: even(size.width), height: even(size.height) }
}

impl Source<'_> {
    /// Copies what of `damage` lies within; `None`, and nothing copied, if either side is shorter than
    /// it claims to be.
    pub(crate) fn copy_to(&self, damage: &[Rect], target: &mut Target<'_>) -> Option<()> {
        let coded = even(self.size);
        let holds = |length: usize, stride: usize, Size { width, height }: Size| {
            stride >= width as usize * PIXEL && length / stride >= height as usize
        };
        let fits = self.size.width > 0
            && holds(self.data.len(), self.stride, self.size)
            && holds(target.data.len(), target.stride, coded);
        fits.then(|| damage.iter().for_each(|rect| self.copy_rect(*rect, target)))
    }

    fn copy_rect(&self, rect: Rect, target: &mut Target<'_>) {
        let Size { width, height } = self.size;
        let right = rect.x.saturating_add(rect.width).min(width);
        let bottom = rect.y.saturating_add(rect.height).min(height);
        if rect.x >= right || rect.y >= bottom {
            return;
        }
        let columns = rect.x as usize * PIXEL..right as usize * PIXEL;
        for row in rect.y as usize..bottom as usize {
            let to = &mut target.data[row * target.stride..][..target.stride];
            to[columns.clone()].copy_from_slice(&self.data[row * self.stride..][columns.clone()]);
            if right == width && !width.is_multiple_of(2) {
                to.copy_within(columns.end - PIXEL..columns.end, columns.end);
            }
        }
        if bottom == height && !height.is_multiple_of(2) {
            let end =
                if right == width { even(self.size).width as usize * PIXEL } else { columns.end };
            let last = (bottom as usize - 1) * target.stride;
            target.data.copy_within(
                last + columns.start..last + end,
                last + target.stride + columns.start,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// What lies where nothing was copied.
    const UNTOUCHED: u8 = 0xEE;

    fn source(size: Size, stride: usize) -> Vec<u8> {
        (0..stride * size.height as usize).map(|at| (at % 211) as u8).collect()
    }

    fn rect() -> impl Strategy<Value = Rect> {
        let side = prop_oneof![4 => 0..12_u32, 1 => any::<u32>()];
        (side.clone(), side.clone(), side.clone(), side).prop_map(|(x, y, width, height)| Rect {
            x,
            y,
            width,
            height,
        })
    }

    fn holds(rect: &Rect, x: u32, y: u32) -> bool {
        let within = |at: u32, from: u32, length: u32| at >= from && at - from < length;
        within(x, rect.x, rect.width) && within(y, rect.y, rect.height)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Each pixel shows its own place of the display if that was damaged, and else is left alone.
        #[test]
        fn what_changed_is_copied_and_nothing_else(
            (width, height) in (1..9_u32, 1..9_u32),
            (gap, target_gap) in (0..5_usize, 0..9_usize),
            damage in vec(rect(), 0..4),
        ) {
            let size = Size { width, height };
            let coded = even(size);
            let stride = width as usize * PIXEL + gap;
            let data = source(size, stride);
            let wide = coded.width as usize * PIXEL + target_gap;
            let mut copy = vec![UNTOUCHED; wide * coded.height as usize];
            let mut target = Target { data: &mut copy, stride: wide };
            Source { data: &data, stride, size }.copy_to(&damage, &mut target).expect("both fit");
            for (at, byte) in copy.iter().enumerate() {
                let (x, y) = ((at % wide / PIXEL) as u32, (at / wide) as u32);
                let (from_x, from_y) = (x.min(width - 1), y.min(height - 1));
                let seen = x < coded.width && damage.iter().any(|rect| holds(rect, from_x, from_y));
                let from = from_y as usize * stride + from_x as usize * PIXEL + at % wide % PIXEL;
                prop_assert_eq!(*byte, if seen { data[from] } else { UNTOUCHED }, "{} {}", x, y);
            }
        }
    }

    #[test]
    fn what_is_shorter_than_it_claims_is_refused_whole() {
        let size = Size { width: 3, height: 3 };
        let all = [Rect { x: 0, y: 0, width: 3, height: 3 }];
        let data = source(size, 12);
        let refused = |source: Source<'_>, length: usize, stride: usize| {
            let mut copy = vec![UNTOUCHED; length];
            let done = source.copy_to(&all, &mut Target { data: &mut copy, stride });
            assert!(done.is_some() || copy.iter().all(|byte| *byte == UNTOUCHED));
            done.is_none()
        };
        let whole = Source { data: &data, stride: 12, size };
        assert!(!refused(whole, 64, 16));
        assert!(refused(whole, 63, 16), "the target lacks a byte");
        assert!(refused(whole, 64, 15), "the target's rows are too short");
        assert!(refused(Source { data: &data[1..], ..whole }, 64, 16));
        assert!(refused(Source { stride: 11, ..whole }, 64, 16));
        assert!(refused(Source { stride: 0, ..whole }, 64, 16));
        assert!(refused(Source { size: Size { width: 0, height: 3 }, stride: 0, ..whole }, 64, 16));
        assert!(refused(Source { size: Size { width: u32::MAX, height: 3 }, ..whole }, 64, 16));
    }
}
