//! Differences are exact, and so is what has moved.

use proptest::collection::vec;
use proptest::prelude::*;
use rh_capture::{Rect, Size};

use super::grid::{Grid, around};
use super::last::LastPicture;
use super::{Bgrx, Move, find_moves};

/// A picture whose pixels tests set.
struct Sheet {
    size: Size,
    data: Vec<u8>,
}

impl Sheet {
    fn new(width: u32, height: u32) -> Self {
        let size = Size { width, height };
        Self { size, data: vec![255; (width * height * 4) as usize] }
    }

    fn fill(&mut self, rect: Rect, pixel: impl Fn(u32, u32) -> u32) {
        for (x, y) in places(rect) {
            let at = ((y * self.size.width + x) * 4) as usize;
            self.data[at..at + 4].copy_from_slice(&pixel(x - rect.x, y - rect.y).to_le_bytes());
        }
    }

    fn view(&self) -> Bgrx<'_> {
        Bgrx::packed(&self.data, self.size)
    }

    fn last(&self) -> LastPicture {
        let mut last = LastPicture::new(self.size);
        last.update(self.view(), &[Rect::whole(self.size)]);
        last
    }
}

fn places(rect: Rect) -> impl Iterator<Item = (u32, u32)> {
    (rect.y..rect.y + rect.height)
        .flat_map(move |y| (rect.x..rect.x + rect.width).map(move |x| (x, y)))
}

const fn rect(x: u32, y: u32, width: u32, height: u32) -> Rect {
    Rect { x, y, width, height }
}

/// Something like antialiased text: strokes of many greys and much white, in lines of 16.
fn text(x: u32, y: u32) -> u32 {
    let letter = (x / 7).wrapping_mul(2_654_435_761) ^ (y / 16).wrapping_mul(40_503_001);
    let letter = (letter ^ letter >> 15).wrapping_mul(2_246_822_519);
    let ink = letter.rotate_left(x % 7 * 2 + y % 16 * 5) & 7;
    if y % 16 < 3 || x % 7 == 6 || ink < 4 { 0xff_ffff } else { ink * 0x10_1010 }
}

/// What the last picture is after the move, compared with the next.
fn is_exact(old: &Sheet, new: &Sheet, it: Move) -> bool {
    let mut last = old.last();
    last.shift(it);
    last.update(new.view(), &[it.to]).is_empty()
}

proptest! {
    /// Odd sizes, boxes that touch the edges, rectangles that overlap.
    #[test]
    fn differences_are_the_pixels_that_differ(
        width in 1_u32..80, height in 1_u32..80,
        changes in vec((0_u32..80, 0_u32..80, 0_u32..4), 0..20), split in 0_u32..80,
    ) {
        let (old, mut new) = (Sheet::new(width, height), Sheet::new(width, height));
        let inside = changes.iter().map(|&(x, y, it)| (x % width, y % height, it));
        let changed: Vec<_> = inside.filter(|(_, _, it)| *it > 0).collect();
        for &(x, y, it) in &changed {
            new.fill(rect(x, y, 1, 1), |_, _| it);
        }
        let split = split % width;
        let damage = [rect(0, 0, split + 1, height), rect(split, 0, width - split, height)];
        let mut last = old.last();
        let found = last.update(new.view(), &damage);
        let grid = Grid::new(new.size);
        for (block, tight) in &found {
            let touched = changed.iter().filter(|it| grid.rect(*block).contains(it.0, it.1));
            let exact = touched.map(|it| rect(it.0, it.1, 1, 1)).reduce(Rect::union);
            prop_assert_eq!(Some(*tight), exact);
        }
        prop_assert!(last.pixels().rows(Rect::whole(new.size)).eq(new.view().rows(Rect::whole(new.size))));
        let blocks: Vec<_> = found.iter().map(|it| it.0).collect();
        prop_assert!(changed.iter().all(|it| blocks.iter().any(|b| grid.rect(*b).contains(it.0, it.1))));
    }

    #[test]
    fn groups_hold_their_blocks_and_no_others(picked in vec(any::<bool>(), 30), most in 1_usize..12) {
        let grid = Grid::new(Size { width: 170, height: 140 });
        let boxes: Vec<_> = (0..grid.len()).filter(|it| picked[*it]).map(|it| (it, grid.rect(it))).collect();
        let groups = grid.group(&boxes, most);
        let mut blocks = Vec::new();
        for group in groups {
            prop_assert!(group.blocks.len() <= most);
            prop_assert_eq!(grid.touching(group.rect).collect::<Vec<_>>(), group.blocks.clone());
            blocks.extend(group.blocks);
        }
        blocks.sort_unstable();
        prop_assert_eq!(blocks, boxes.iter().map(|it| it.0).collect::<Vec<_>>());
    }

    #[test]
    fn around_a_hole_is_everything_else_once(
        a in (0_u32..9, 0_u32..9, 1_u32..9, 1_u32..9), b in (0_u32..9, 0_u32..9, 1_u32..9, 1_u32..9),
    ) {
        let (outer, hole) = (rect(a.0, a.1, a.2, a.3), rect(b.0, b.1, b.2, b.3));
        for (x, y) in places(rect(0, 0, 20, 20)) {
            let times = around(outer, hole).filter(|it| it.contains(x, y)).count();
            prop_assert_eq!(times, usize::from(outer.contains(x, y) && !hole.contains(x, y)));
        }
    }

    /// Scrolled by any number of pixels, up and down, as wide as a pane between two that stay.
    #[test]
    fn a_scrolled_pane_is_found(by in 1_u32..60, up: bool, left in 0_u32..90, seed in 0_u32..1000) {
        let (mut old, mut new) = (Sheet::new(333, 301), Sheet::new(333, 301));
        let pane = rect(left, 20, 333 - left - 15, 270);
        let (before, after) = if up { (0, by) } else { (by, 0) };
        for (sheet, at) in [(&mut old, before), (&mut new, after)] {
            sheet.fill(rect(0, 0, 333, 301), |x, y| text(x + 90, y + 7));
            sheet.fill(pane, |x, y| text(x + seed * 7, y + at + seed * 16));
        }
        let found = find_moves(old.view(), new.view(), Rect::whole(old.size), false);
        let found = *found.first().expect("it is found");
        prop_assert!(is_exact(&old, &new, found));
        prop_assert_eq!(found.to.x, found.from.0);
        prop_assert!(found.to.area() * 100 >= u64::from(pane.width * (pane.height - by)) * 95);
    }

    /// Over a pattern and over something plain, in any direction.
    #[test]
    fn a_dragged_window_is_found(
        from in (0_u32..100, 0_u32..80), to in (0_u32..100, 0_u32..80), plain: bool, seed in 0_u32..1000,
    ) {
        prop_assume!(from != to);
        let (mut old, mut new) = (Sheet::new(330, 250), Sheet::new(330, 250));
        for (sheet, at) in [(&mut old, from), (&mut new, to)] {
            sheet.fill(rect(0, 0, 330, 250), |x, y| if plain { 77 } else { (x / 4 + y / 4) % 2 * 99 });
            sheet.fill(rect(at.0, at.1, 220, 160), |x, y| text(x + seed * 7, y + seed * 16));
        }
        let found = find_moves(old.view(), new.view(), Rect::whole(old.size), true);
        let found = *found.first().expect("it is found");
        prop_assert!(is_exact(&old, &new, found));
        prop_assert!(found.to.area() >= 220 * 160 * 95 / 100, "{found:?}");
    }
}

#[test]
fn what_did_not_move_is_not_found_to() {
    let (mut old, mut new) = (Sheet::new(400, 300), Sheet::new(400, 300));
    old.fill(rect(0, 0, 400, 300), text);
    new.fill(rect(0, 0, 400, 300), |x, y| x * y * 77);
    assert_eq!(find_moves(old.view(), new.view(), Rect::whole(old.size), true), []);
    assert_eq!(find_moves(old.view(), old.view(), Rect::whole(old.size), true), []);
    let plain = Sheet::new(400, 300);
    assert_eq!(find_moves(plain.view(), plain.view(), Rect::whole(old.size), true), []);
}

/// The byte beside the colours is no difference.
#[test]
fn damage_that_changed_no_pixel_is_dropped() {
    let (old, mut new) = (Sheet::new(100, 50), Sheet::new(100, 50));
    new.fill(rect(0, 0, 100, 50), |_, _| 0x00ff_ffff);
    assert_eq!(old.last().update(new.view(), &[Rect::whole(new.size)]), []);
}
