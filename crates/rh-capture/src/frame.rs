//! One uncompressed picture.

use std::time::Duration;

use rh_protocol::Size;

use crate::{Rect, Surface};

/// One picture, lent by the screen that took it until the next one is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Its extent; may differ from the last picture's when the display was resized.
    pub size: Size,
    /// What may differ from the last picture; the whole on the first and after a resize. Empty only
    /// if nothing differs.
    pub damage: &'a [Rect],
    /// Time of capture since the screen was opened.
    pub at: Duration,
    /// The whole picture, not the damage alone.
    pub pixels: Pixels<'a>,
}

/// Where the pixels of a picture are.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Pixels<'a> {
    /// In memory: blue, green, red and one byte without meaning, rows from the top.
    Bgrx {
        /// At least `stride * height` bytes.
        data: &'a [u8],
        /// Bytes from one row to the next; at least `4 * width`.
        stride: usize,
    },
    /// In memory: a plane of luma, then one of interleaved blue and red difference at half the
    /// extent; BT.709 in video range (FourCC `420v`), rows from the top.
    Nv12 {
        /// At least `luma_stride * height` bytes.
        luma: &'a [u8],
        /// Bytes from one row to the next; at least `width`.
        luma_stride: usize,
        /// At least `chroma_stride * height.div_ceil(2)` bytes.
        chroma: &'a [u8],
        /// Bytes from one row to the next; at least `2 * width.div_ceil(2)`.
        chroma_stride: usize,
    },
    /// In memory of the platform's own; [`in_memory`](Self::in_memory) reads any kind.
    Surface(&'a dyn Surface),
}
