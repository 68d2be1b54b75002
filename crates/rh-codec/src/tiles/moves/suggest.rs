//! Guesses how far something has moved, by what is to be seen once before and again after.

use rh_capture::Rect;

use super::Bgrx;
use crate::tiles::bgrx::pixels;

/// Pixels across of what is looked for.
const STRIP: u32 = 32;
/// Strips that are looked at, and rows of each after the change.
const STRIPS: u32 = 8;
const ROWS: u32 = 128;
/// Finds that must agree.
const VOTES: usize = 6;
/// One row in so many is searched for marks after the change; no multiple of a line's height.
const EVERY: usize = 7;
/// Rows in the middle of the area that are searched for marks: what is dragged is there, since its
/// edges are those of the area.
const BAND: u32 = 256;
/// Marks that are aimed at in the picture before the change.
const MARKS: u64 = 16_384;

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// How far something has moved to the right and down.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Shift {
    x: i64,
    y: i64,
}

/// What is seen at a place: a number made of its pixels, and where it is.
type Sight = (u64, (u32, u32));

impl Shift {
    pub(super) fn back_x(self, x: u32) -> u32 {
        (i64::from(x) - self.x) as u32
    }

    pub(super) fn back_y(self, y: u32) -> u32 {
        (i64::from(y) - self.y) as u32
    }

    /// The pixels of `area` that have come from within it.
    pub(super) fn targets(self, area: Rect) -> Option<Rect> {
        let axis = |at: u32, extent: u32, by: i64| {
            let left = extent.checked_sub(u32::try_from(by.unsigned_abs()).ok()?)?;
            (left > 0).then_some((if by > 0 { at + by as u32 } else { at }, left))
        };
        let ((x, width), (y, height)) =
            (axis(area.x, area.width, self.x)?, axis(area.y, area.height, self.y)?);
        Some(Rect { x, y, width, height })
    }
}

/// How far the most of a few strips of `area` has moved up or down.
pub(super) fn vertical(old: Bgrx<'_>, new: Bgrx<'_>, area: Rect) -> Option<Shift> {
    let width = STRIP.min(area.width);
    let strips = STRIPS.min(area.width / width);
    let mut votes = Vec::new();
    for strip in 0..strips {
        let x = area.x + (area.width - width) * strip / (strips - 1).max(1);
        let sights = |picture: Bgrx<'_>, step: u32| -> Vec<Sight> {
            let rows = (area.y..area.y + area.height).step_by(step as usize);
            rows.map(|y| (hash(picture.row(x, y, width)), (x, y))).collect()
        };
        let before = once(sights(old, 1));
        vote(&before, &sights(new, (area.height / ROWS).max(1)), &mut votes);
    }
    elect(votes)
}

/// How far the most of `area` has moved in any direction.
pub(super) fn any(old: Bgrx<'_>, new: Bgrx<'_>, area: Rect) -> Option<Shift> {
    if area.width <= STRIP {
        return None;
    }
    let above = area.height.saturating_sub(BAND) / 2;
    let area = Rect { y: area.y + above, height: area.height.min(BAND), ..area };
    let rare = 64 - (area.area() / MARKS).max(1).ilog2();
    let rows = || area.y..area.y + area.height;
    let mut before = Vec::new();
    rows().for_each(|y| marks(old, area, y, rare, &mut before));
    let mut after = Vec::new();
    rows().step_by(EVERY).for_each(|y| marks(new, area, y, rare, &mut after));
    let mut votes = Vec::new();
    vote(&once(before), &after, &mut votes);
    elect(votes)
}

/// Adds the marks of one row: strips that end at an edge, and whose number is small; which ones are
/// does not depend on where they are.
fn marks(picture: Bgrx<'_>, area: Rect, y: u32, rare: u32, found: &mut Vec<Sight>) {
    let row = picture.row(area.x, y, area.width);
    let leaving = FACTOR.wrapping_pow(STRIP);
    let (mut sum, mut last) = (0_u64, None);
    for (at, (pixel, out)) in pixels(row).zip(behind(row)).enumerate() {
        sum = sum.wrapping_mul(FACTOR).wrapping_add(u64::from(pixel) + 1);
        if let Some(out) = out {
            sum = sum.wrapping_sub(leaving.wrapping_mul(u64::from(out) + 1));
        }
        let edge = last.is_some_and(|last| last != pixel);
        last = Some(pixel);
        let number = sum.wrapping_mul(FACTOR);
        if edge && out.is_some() && number.checked_shr(rare).unwrap_or(0) == 0 {
            found.push((number, (area.x + at as u32, y)));
        }
    }
}

/// The pixel that is a strip behind each of a row.
fn behind(row: &[u8]) -> impl Iterator<Item = Option<u32>> {
    std::iter::repeat_n(None, STRIP as usize).chain(pixels(row).map(Some))
}

fn hash(row: &[u8]) -> u64 {
    let mut lanes = [1_u64, 2, 3, 4];
    for chunk in row.chunks(32) {
        for (lane, bytes) in lanes.iter_mut().zip(chunk.chunks_exact(8)) {
            let value = bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
            *lane = (lane.rotate_left(5) ^ value).wrapping_mul(FACTOR);
        }
    }
    lanes.into_iter().fold(0, |all, lane| (all ^ lane).rotate_left(23).wrapping_mul(FACTOR))
}

/// Those that are to be seen once only, in order.
fn once(mut sights: Vec<Sight>) -> Vec<Sight> {
    sights.sort_unstable();
    sights.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() == 1).map(|it| it[0]).collect()
}

fn vote(before: &[Sight], after: &[Sight], votes: &mut Vec<Shift>) {
    for (number, (x, y)) in after {
        if let Ok(at) = before.binary_search_by_key(number, |it| it.0) {
            let (from_x, from_y) = before[at].1;
            let shift = Shift {
                x: i64::from(*x) - i64::from(from_x),
                y: i64::from(*y) - i64::from(from_y),
            };
            votes.push(shift);
        }
    }
}

/// The most frequent way to move, if there are enough for it.
fn elect(mut votes: Vec<Shift>) -> Option<Shift> {
    votes.retain(|it| *it != Shift { x: 0, y: 0 });
    votes.sort_unstable();
    let winner = votes.chunk_by(|a, b| a == b).max_by_key(|it| it.len())?;
    (winner.len() >= VOTES).then(|| winner[0])
}
