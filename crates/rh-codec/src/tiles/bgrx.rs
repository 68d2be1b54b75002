//! A picture that is lent, as rows of pixels.

use rh_capture::{Pixels, Rect, Size};

/// The bytes of a pixel that have a meaning.
const MEANING: u32 = u32::from_ne_bytes([255, 255, 255, 0]);

/// Pixels in memory: blue, green, red and one byte without meaning, rows from the top.
#[derive(Clone, Copy, Debug)]
pub struct Bgrx<'a> {
    data: &'a [u8],
    stride: usize,
    size: Size,
}

impl<'a> Bgrx<'a> {
    /// The picture of `size` in `data`, whose rows are `stride` bytes apart. `None` if it has no
    /// pixels, a side beyond 65,535, rows that overlap, or more of them than there are bytes.
    pub fn new(data: &'a [u8], stride: usize, size: Size) -> Option<Self> {
        let side = |it: u32| (1..=u32::from(u16::MAX)).contains(&it);
        let row = size.width as usize * 4;
        let fits = side(size.width) && side(size.height) && stride >= row;
        let bytes = stride.checked_mul(size.height as usize)?;
        (fits && data.len() >= bytes - (stride - row)).then_some(Self { data, stride, size })
    }

    /// The picture of `size` without a gap between its rows.
    pub(super) const fn packed(data: &'a [u8], size: Size) -> Self {
        Self { data, stride: size.width as usize * 4, size }
    }

    /// Its extent.
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The bytes of `width` pixels from `(x, y)` to the right.
    pub(super) fn row(&self, x: u32, y: u32, width: u32) -> &'a [u8] {
        let start = y as usize * self.stride + x as usize * 4;
        &self.data[start..start + width as usize * 4]
    }

    /// The rows of `rect`, from the top.
    pub(super) fn rows(&self, rect: Rect) -> impl Iterator<Item = &'a [u8]> {
        let this = *self;
        (rect.y..rect.y + rect.height).map(move |y| this.row(rect.x, y, rect.width))
    }
}

impl<'a> From<Bgrx<'a>> for Pixels<'a> {
    fn from(Bgrx { data, stride, .. }: Bgrx<'a>) -> Self {
        Self::Bgrx { data, stride }
    }
}

/// The pixels of a row as numbers that are equal if the pixels are.
pub(super) fn pixels(row: &[u8]) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator {
    row.chunks_exact(4).map(|it| u32::from_ne_bytes([it[0], it[1], it[2], it[3]]) & MEANING)
}
