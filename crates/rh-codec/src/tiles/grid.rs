//! Blocks of 32 by 32 pixels, the unit in which it is known what a viewer has.

use rh_capture::{Rect, Size};

const BLOCK: u32 = 32;

/// The blocks of a picture, numbered in rows from the top; the last ones may be smaller.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    size: Size,
    columns: u32,
}

/// A rectangle and the blocks that it touches.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) rect: Rect,
    pub(super) blocks: Vec<usize>,
}

impl Grid {
    pub(super) const fn new(size: Size) -> Self {
        Self { size, columns: size.width.div_ceil(BLOCK) }
    }

    /// The number of blocks.
    pub(super) const fn len(self) -> usize {
        (self.columns * self.size.height.div_ceil(BLOCK)) as usize
    }

    /// The pixels of a block.
    pub(super) fn rect(self, block: usize) -> Rect {
        let (x, y) = (block as u32 % self.columns * BLOCK, block as u32 / self.columns * BLOCK);
        let (width, height) = (BLOCK.min(self.size.width - x), BLOCK.min(self.size.height - y));
        Rect { x, y, width, height }
    }

    /// The blocks that share pixels with `rect`.
    pub(super) fn touching(self, rect: Rect) -> impl Iterator<Item = usize> {
        let rows = rect.y / BLOCK..=(rect.y + rect.height - 1) / BLOCK;
        let columns = rect.x / BLOCK..=(rect.x + rect.width - 1) / BLOCK;
        rows.flat_map(move |y| columns.clone().map(move |x| (y * self.columns + x) as usize))
    }

    /// Joins the boxes of neighbouring blocks, given in the order of the blocks, to rectangles of at
    /// most `most` blocks that touch no others.
    pub(super) fn group(self, boxes: &[(usize, Rect)], most: usize) -> Vec<Group> {
        let mut groups: Vec<(Group, usize)> = Vec::new();
        // Groups above whose last row is the one before.
        let mut above = 0;
        for run in boxes.chunk_by(|a, b| self.side_by_side(a.0, b.0)) {
            for run in run.chunks(most.max(1)) {
                let row = run[0].0 / self.columns as usize;
                while groups.get(above).is_some_and(|(_, last)| last + 1 < row) {
                    above += 1;
                }
                let blocks: Vec<_> = run.iter().map(|(block, _)| *block).collect();
                let Some(rect) = run.iter().map(|(_, rect)| *rect).reduce(Rect::union) else {
                    continue;
                };
                let fits = |(group, last): &&mut (Group, usize)| {
                    let before = &group.blocks[group.blocks.len().saturating_sub(blocks.len())..];
                    let beneath = blocks[0].checked_sub(self.columns as usize);
                    *last + 1 == row
                        && group.blocks.len() + blocks.len() <= most
                        && beneath == before.first().copied()
                        && group.blocks.len().is_multiple_of(blocks.len())
                        && self.width_of(group) == blocks.len()
                };
                match groups[above..].iter_mut().find(fits) {
                    Some((group, last)) => {
                        group.rect = group.rect.union(rect);
                        group.blocks.extend(blocks);
                        *last = row;
                    }
                    None => groups.push((Group { rect, blocks }, row)),
                }
            }
        }
        groups.into_iter().map(|(group, _)| group).collect()
    }

    /// Joins boxes as [`group`](Self::group) does, but to rectangles that hold nothing else.
    pub(super) fn group_exactly(self, boxes: &[(usize, Rect)]) -> Vec<Group> {
        let groups = self.group(boxes, usize::MAX).into_iter();
        let split = groups.flat_map(|group| {
            let mine = || boxes.iter().filter(|(block, _)| group.blocks.contains(block));
            if mine().map(|(_, rect)| rect.area()).sum::<u64>() == group.rect.area() {
                return vec![group];
            }
            mine().map(|(block, rect)| Group { rect: *rect, blocks: vec![*block] }).collect()
        });
        split.collect()
    }

    fn side_by_side(self, left: usize, right: usize) -> bool {
        right == left + 1 && !right.is_multiple_of(self.columns as usize)
    }

    /// Blocks in the first row of a group.
    fn width_of(self, group: &Group) -> usize {
        group.blocks.chunk_by(|a, b| self.side_by_side(*a, *b)).next().map_or(0, <[_]>::len)
    }
}

/// The rectangles that cover what is in `rect` and not in `hole`.
pub(super) fn around(rect: Rect, hole: Rect) -> impl Iterator<Item = Rect> {
    let (right, bottom) = (rect.x + rect.width, rect.y + rect.height);
    let left_in = hole.x.clamp(rect.x, right);
    let right_in = (hole.x + hole.width).clamp(left_in, right);
    let top_in = hole.y.clamp(rect.y, bottom);
    let bottom_in = (hole.y + hole.height).clamp(top_in, bottom);
    let height = bottom_in - top_in;
    [
        Rect { height: top_in - rect.y, ..rect },
        Rect { y: bottom_in, height: bottom - bottom_in, ..rect },
        Rect { y: top_in, height, width: left_in - rect.x, ..rect },
        Rect { x: right_in, y: top_in, width: right - right_in, height },
    ]
    .into_iter()
    .filter(|it| it.width > 0 && it.height > 0)
}
