//! Finds what has moved: scrolled text, a dragged window.
//!
//! Two searches suggest how far: rows of a few columns for what moves up or down, which is cheap,
//! and marks along all rows for every other direction. Then pixels are compared, so that what is
//! found is exact whoever suggested it.

mod eagerness;
mod suggest;
mod verify;

use rh_capture::Rect;

use super::Bgrx;
use super::grid::Grid;
pub(super) use eagerness::{Eagerness, Search};
use verify::verify;

/// Pixels of the smallest rectangle that is worth a search.
pub(super) const SMALLEST: u64 = 4096;

/// Pixels that the last picture has at `from`, and the next one at `to`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Move {
    /// The left and top edges of where they were.
    pub from: (u32, u32),
    /// Where they are now.
    pub to: Rect,
}

impl Move {
    /// Where the pixels of `rect`, a part of the target, were.
    pub(super) fn source(self, rect: Rect) -> Rect {
        let (x, y) = (self.from.0 + rect.x - self.to.x, self.from.1 + rect.y - self.to.y);
        Rect { x, y, ..rect }
    }

    /// The largest part of `target`, within the move's own, that comes from `exact` blocks; those of
    /// at most four that meet there.
    pub(super) fn known(
        self,
        grid: Grid,
        target: Rect,
        exact: impl Fn(usize) -> bool,
    ) -> Option<Rect> {
        let source = self.source(target);
        if grid.touching(source).all(&exact) {
            return Some(target);
        }
        let exact = grid.touching(source).filter(|block| exact(*block));
        let parts: Vec<_> = exact.filter_map(|it| grid.rect(it).intersection(source)).collect();
        let pairs = parts.iter().flat_map(|a| parts.iter().map(|b| (*a, *b)));
        let joined = pairs.filter(|(a, b)| a.union(*b).area() == a.area() + b.area());
        let whole = parts.iter().copied().chain(joined.map(|(a, b)| a.union(b)));
        let best = whole.max_by_key(|it| it.area())?;
        let (x, y) = (target.x + best.x - source.x, target.y + best.y - source.y);
        Some(Rect { x, y, ..best })
    }
}

/// Things that are copied `from` one rectangle `to` another of the same size, in an order in which
/// none overwrites what a later one copies. There always is one if all move equally far and no two go to
/// the same pixels (Guibas and Yao, "On translating a set of rectangles", 1980); what has none is left out.
pub(super) fn in_order<P>(
    mut parts: Vec<P>,
    from: impl Fn(&P) -> Rect,
    to: impl Fn(&P) -> Rect,
) -> Vec<P> {
    let mut ordered = Vec::new();
    let free = |at: usize, parts: &[P]| {
        let mut others = parts.iter().enumerate().filter(|(other, _)| *other != at);
        others.all(|(_, it)| from(it).intersection(to(&parts[at])).is_none())
    };
    while let Some(at) = (0..parts.len()).find(|at| free(*at, &parts)) {
        ordered.push(parts.remove(at));
    }
    ordered
}

/// Where the most of what is in `area` of `new` has come from within the same area of `old`, if much
/// of it has moved equally far: disjoint, in an order in which none overwrites what a later one copies.
/// Both pictures have the same size and hold the area.
///
/// `thorough` looks in all directions, and not only up and down.
pub fn find_moves(old: Bgrx<'_>, new: Bgrx<'_>, area: Rect, thorough: bool) -> Vec<Move> {
    if area.area() < SMALLEST {
        return Vec::new();
    }
    let verify = |shift| verify(old, new, area, shift);
    let size = |found: &Vec<Move>| found.iter().map(|it| it.to.area()).sum::<u64>();
    let found = suggest::vertical(old, new, area).map(verify).unwrap_or_default();
    // Chance suggests something plain at times, next to what has moved.
    if size(&found) * 2 >= area.area() || !thorough {
        return found;
    }
    let other = suggest::any(old, new, area).map(verify).unwrap_or_default();
    if size(&other) > size(&found) { other } else { found }
}
