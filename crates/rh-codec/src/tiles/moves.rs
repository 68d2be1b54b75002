//! Finds what has moved: scrolled text, a dragged window.
//!
//! Two searches suggest how far: rows of a few columns for what moves up or down, which is cheap,
//! and marks along all rows for every other direction. Then pixels are compared, so that what is
//! found is exact whoever suggested it.

mod eagerness;
mod suggest;

use rh_capture::Rect;

use super::Bgrx;
use super::grid::{Grid, Group};
pub(super) use eagerness::{Eagerness, Search};
use suggest::Shift;

/// Pixels of the smallest rectangle that is worth a search.
pub(super) const SMALLEST: u64 = 4096;
/// Pixels of a cell; all of a cell has moved or none of it.
const CELL: (u32, u32) = (16, 8);

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

    /// Parts of the target, which share no pixels, in an order in which none overwrites what a later
    /// one copies. There always is one (Guibas and Yao, "On translating a set of rectangles", 1980).
    pub(super) fn in_order(self, mut parts: Vec<Group>) -> Vec<Group> {
        let mut ordered = Vec::new();
        let free = |part: &Group, parts: &[Group]| {
            let mut others = parts.iter().filter(|it| it.rect != part.rect);
            others.all(|it| self.source(it.rect).intersection(part.rect).is_none())
        };
        while let Some(at) = parts.iter().position(|it| free(it, &parts)) {
            ordered.push(parts.remove(at));
        }
        ordered
    }
}

/// Where the most of what is in `area` of `new` has come from within the same area of `old`, if much
/// of it has come from one place. Both pictures have the same size and hold the area.
///
/// `thorough` looks in all directions, and not only up and down.
pub fn find_move(old: Bgrx<'_>, new: Bgrx<'_>, area: Rect, thorough: bool) -> Option<Move> {
    if area.area() < SMALLEST {
        return None;
    }
    let found = suggest::vertical(old, new, area).and_then(|it| verify(old, new, area, it));
    if found.is_some() || !thorough {
        return found;
    }
    suggest::any(old, new, area).and_then(|it| verify(old, new, area, it))
}

/// The largest rectangle within `area` of `new` that is the same in `old` that far away.
fn verify(old: Bgrx<'_>, new: Bgrx<'_>, area: Rect, shift: Shift) -> Option<Move> {
    let within = shift.targets(area)?;
    let same = |rect: Rect| {
        let from = Rect { x: shift.back_x(rect.x), y: shift.back_y(rect.y), ..rect };
        old.rows(from).eq(new.rows(rect))
    };
    let to = grow(largest(within, same)?, within, same);
    (to.area() >= SMALLEST).then(|| Move { from: (shift.back_x(to.x), shift.back_y(to.y)), to })
}

/// The largest rectangle of whole cells within `within` that are all the same.
fn largest(within: Rect, same: impl Fn(Rect) -> bool) -> Option<Rect> {
    let columns = (within.width / CELL.0) as usize;
    let mut heights = vec![0_u32; columns];
    let mut best = None;
    for row in 0..within.height / CELL.1 {
        let y = within.y + row * CELL.1;
        let cells = Rect { width: columns as u32 * CELL.0, height: CELL.1, y, ..within };
        // Most rows of cells are the same all along, which is cheaper to see at once.
        let all = columns > 0 && same(cells);
        for (column, height) in heights.iter_mut().enumerate() {
            let x = within.x + column as u32 * CELL.0;
            let cell = Rect { x, width: CELL.0, ..cells };
            *height = if all || same(cell) { *height + 1 } else { 0 };
        }
        let (left, width, high) = widest(&heights);
        let x = within.x + left as u32 * CELL.0;
        let height = high * CELL.1;
        let found = Rect { x, y: y + CELL.1 - height, width: width as u32 * CELL.0, height };
        if best.is_none_or(|best: Rect| best.area() < found.area()) {
            best = Some(found);
        }
    }
    best.filter(|it| it.area() > 0)
}

/// The largest rectangle below the steps of `heights`: first column, columns, height.
fn widest(heights: &[u32]) -> (usize, usize, u32) {
    let mut best = (0, 0, 0);
    // First column and height of rectangles that are still open, higher and higher.
    let mut open: Vec<(usize, u32)> = Vec::new();
    for (at, height) in heights.iter().copied().chain([0]).enumerate() {
        let mut from = at;
        while let Some(&(left, high)) = open.last()
            && high >= height
        {
            open.pop();
            from = left;
            if (at - left) as u64 * u64::from(high) > best.1 as u64 * u64::from(best.2) {
                best = (left, at - left, high);
            }
        }
        open.push((from, height));
    }
    best
}

/// Moves the edges of a rectangle outwards by less than a cell as long as all pixels are the same.
fn grow(mut rect: Rect, within: Rect, same: impl Fn(Rect) -> bool) -> Rect {
    let (right, bottom) = (within.x + within.width, within.y + within.height);
    let row = |rect: Rect, y: u32| Rect { y, height: 1, ..rect };
    let column = |rect: Rect, x: u32| Rect { x, width: 1, ..rect };
    while rect.y > within.y && same(row(rect, rect.y - 1)) {
        (rect.y, rect.height) = (rect.y - 1, rect.height + 1);
    }
    while rect.y + rect.height < bottom && same(row(rect, rect.y + rect.height)) {
        rect.height += 1;
    }
    while rect.x > within.x && same(column(rect, rect.x - 1)) {
        (rect.x, rect.width) = (rect.x - 1, rect.width + 1);
    }
    while rect.x + rect.width < right && same(column(rect, rect.x + rect.width)) {
        rect.width += 1;
    }
    rect
}
