//! Compares pixels: what has moved that far, and what has not.

use rh_capture::Rect;

use super::suggest::Shift;
use super::{Move, SMALLEST, in_order};
use crate::tiles::Bgrx;

/// Pixels of a cell; all of a cell has moved or none of it.
const CELL: (u32, u32) = (16, 8);
/// Most rectangles: what stays where it is, such as a caret that blinks, cuts in two what moves.
const PARTS: usize = 4;

/// Which cells of an area have moved, in rows.
struct Cells {
    columns: usize,
    moved: Vec<bool>,
}

/// The largest rectangles within `area` of `new` that are the same in `old` that far away; see
/// [`find_moves`](super::find_moves).
pub(super) fn verify(old: Bgrx<'_>, new: Bgrx<'_>, area: Rect, shift: Shift) -> Vec<Move> {
    let Some(within) = shift.targets(area) else { return Vec::new() };
    let same = |rect: Rect| {
        let from = Rect { x: shift.back_x(rect.x), y: shift.back_y(rect.y), ..rect };
        old.rows(from).eq(new.rows(rect))
    };
    let mut cells = Cells::new(within, same);
    let mut moves: Vec<Move> = Vec::new();
    while moves.len() < PARTS
        && let Some(found) = cells.take_largest(within)
    {
        let free = |rect: Rect| moves.iter().all(|it| it.to.intersection(rect).is_none());
        let to = grow(found, within, |rect| free(rect) && same(rect));
        if to.area() < SMALLEST || !free(to) {
            break;
        }
        moves.push(Move { from: (shift.back_x(to.x), shift.back_y(to.y)), to });
    }
    in_order(moves, |it| it.source(it.to), |it| it.to)
}

impl Cells {
    fn new(within: Rect, same: impl Fn(Rect) -> bool) -> Self {
        let columns = (within.width / CELL.0) as usize;
        let mut moved = Vec::new();
        for row in (0..within.height / CELL.1).filter(|_| columns > 0) {
            let y = within.y + row * CELL.1;
            let cells = Rect { width: columns as u32 * CELL.0, height: CELL.1, y, ..within };
            // Most rows of cells are the same all along, which is cheaper to see at once.
            let all = same(cells);
            let xs = (within.x..).step_by(CELL.0 as usize).take(columns);
            moved.extend(xs.map(|x| all || same(Rect { x, width: CELL.0, ..cells })));
        }
        Self { columns, moved }
    }

    /// The largest rectangle of cells that have moved, which then count as if they had not; in
    /// pixels of `within`, whose cells they are.
    fn take_largest(&mut self, within: Rect) -> Option<Rect> {
        let mut heights = vec![0_usize; self.columns];
        let mut best = (0, 0, 0, 0);
        for (row, cells) in self.moved.chunks(self.columns.max(1)).enumerate() {
            for (height, moved) in heights.iter_mut().zip(cells) {
                *height = if *moved { *height + 1 } else { 0 };
            }
            let (left, width, height) = widest(&heights);
            if width * height > best.2 * best.3 {
                best = (left, row + 1 - height, width, height);
            }
        }
        let (left, top, width, height) = best;
        let rows = self.moved.chunks_mut(self.columns.max(1)).skip(top).take(height);
        rows.for_each(|row| row[left..left + width].fill(false));
        (width * height > 0).then(|| Rect {
            x: within.x + left as u32 * CELL.0,
            y: within.y + top as u32 * CELL.1,
            width: width as u32 * CELL.0,
            height: height as u32 * CELL.1,
        })
    }
}

/// The largest rectangle below the steps of `heights`: first column, columns, height.
fn widest(heights: &[usize]) -> (usize, usize, usize) {
    let mut best = (0, 0, 0);
    // First column and height of rectangles that are still open, higher and higher.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (at, height) in heights.iter().copied().chain([0]).enumerate() {
        let mut from = at;
        while let Some(&(left, high)) = open.last()
            && high >= height
        {
            open.pop();
            from = left;
            if (at - left) * high > best.1 * best.2 {
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
