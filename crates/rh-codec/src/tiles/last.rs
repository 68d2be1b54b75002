//! The picture that was seen last, and what differs from it in the next one.

use rh_capture::{Rect, Size};

use super::Bgrx;
use super::bgrx::pixels;
use super::grid::Grid;
use super::moves::Move;

/// The picture that was seen last; what a viewer who has everything shows.
#[derive(Debug)]
pub(super) struct LastPicture {
    size: Size,
    data: Vec<u8>,
}

impl LastPicture {
    /// A black picture.
    pub(super) fn new(size: Size) -> Self {
        Self { size, data: vec![0; size.width as usize * size.height as usize * 4] }
    }

    pub(super) fn pixels(&self) -> Bgrx<'_> {
        Bgrx::packed(&self.data, self.size)
    }

    /// Takes over `new`, of which nothing but `damage` may differ. Returns the blocks that differed,
    /// in order, each with the smallest box around what did. The cost is that of the damage, not of
    /// the picture.
    pub(super) fn update(&mut self, new: Bgrx<'_>, damage: &[Rect]) -> Vec<(usize, Rect)> {
        let grid = Grid::new(self.size);
        let mut found: Vec<(usize, Rect)> = Vec::new();
        for rect in damage {
            for block in grid.touching(*rect) {
                let part = meet(grid.rect(block), *rect);
                if let Some(tight) = part.and_then(|part| tight(self.pixels(), new, part)) {
                    // While it is in the processor's cache.
                    self.take(new, tight);
                    found.push((block, tight));
                }
            }
        }
        found.sort_unstable_by_key(|(block, _)| *block);
        found.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.union(next.1);
            }
            same
        });
        found
    }

    fn take(&mut self, new: Bgrx<'_>, rect: Rect) {
        let (stride, bytes) = (self.size.width as usize * 4, rect.width as usize * 4);
        let start = rect.y as usize * stride + rect.x as usize * 4;
        for (row, at) in new.rows(rect).zip((start..).step_by(stride)) {
            self.data[at..at + bytes].copy_from_slice(row);
        }
    }

    /// Moves pixels, as if through a buffer.
    pub(super) fn shift(&mut self, it: Move) {
        let (stride, bytes) = (self.size.width as usize * 4, it.to.width as usize * 4);
        let place = |x: u32, y: u32| y as usize * stride + x as usize * 4;
        let mut row = |n: u32| {
            let from = place(it.from.0, it.from.1 + n);
            self.data.copy_within(from..from + bytes, place(it.to.x, it.to.y + n));
        };
        // No row is overwritten before it was read.
        if it.from.1 < it.to.y {
            (0..it.to.height).rev().for_each(&mut row);
        } else {
            (0..it.to.height).for_each(&mut row);
        }
    }
}

/// The pixels that are in both.
pub(super) fn meet(a: Rect, b: Rect) -> Option<Rect> {
    let (x, y) = (a.x.max(b.x), a.y.max(b.y));
    let right = (a.x + a.width).min(b.x + b.width);
    let bottom = (a.y + a.height).min(b.y + b.height);
    (right > x && bottom > y).then(|| Rect { x, y, width: right - x, height: bottom - y })
}

/// The smallest box around the pixels that differ within `part`.
fn tight(old: Bgrx<'_>, new: Bgrx<'_>, part: Rect) -> Option<Rect> {
    let (mut left, mut right) = (part.width, 0);
    let (mut top, mut bottom) = (None, 0);
    for ((a, b), y) in old.rows(part).zip(new.rows(part)).zip(part.y..) {
        if a == b {
            continue;
        }
        let differs = |(a, b): (u32, u32)| a != b;
        // Bytes without meaning may differ alone.
        let Some(first) = pixels(a).zip(pixels(b)).position(differs) else { continue };
        let last = pixels(a).zip(pixels(b)).rposition(differs).unwrap_or(first);
        (left, right) = (left.min(first as u32), right.max(last as u32 + 1));
        top.get_or_insert(y);
        bottom = y + 1;
    }
    let (x, width) = (part.x + left, right.saturating_sub(left));
    top.map(|y| Rect { x, y, width, height: bottom - y })
}
