//! A list that scrolls.

use rh_protocol::Size;

use super::canvas::{Canvas, FAINT, INK, LINE, PANEL, PAPER};
use crate::Rect;

/// Its window's inside.
pub(super) const AREA: Rect = Rect { x: 680, y: 496, width: 560, height: 180 };

const ITEMS: u32 = 100;
const ITEM: u32 = 30;
const FURTHEST: u32 = ITEMS * ITEM - AREA.height;

/// How far it is scrolled.
#[derive(Debug, Default)]
pub(super) struct List {
    /// Pixels, with the part of one that touchpads send.
    offset: f32,
}

impl List {
    /// Whole pixels from its top.
    pub(super) fn offset(&self) -> u32 {
        self.offset as u32
    }

    /// Scrolls down by `dy` pixels, as far as there are items.
    pub(super) fn scroll(&mut self, dy: f32) {
        if dy.is_finite() {
            self.offset = (self.offset + dy).clamp(0.0, FURTHEST as f32);
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) {
        canvas.fill(AREA, PAPER);
        let size = Size { width: AREA.width - 12, height: AREA.height };
        for item in self.offset() / ITEM..ITEMS {
            let top = i64::from(item * ITEM) - i64::from(self.offset());
            let Some(row) = Rect::clipped(0, top, size.width, ITEM, size) else { break };
            let (x, y) = (AREA.x, AREA.y + row.y);
            let colour = if item % 2 == 0 { PAPER } else { PANEL };
            canvas.fill(Rect { x, y, ..row }, colour);
            // Nothing clips text, so a row that is cut has none.
            if row.height == ITEM {
                canvas.text(x + 14, y + 7, &format!("Item {}", item + 1), INK);
            }
        }
        let track = Rect { x: AREA.x + AREA.width - 12, y: AREA.y, width: 12, height: AREA.height };
        canvas.fill(track, LINE);
        let y = AREA.y + self.offset() * (AREA.height - 32) / FURTHEST;
        canvas.fill(Rect { x: track.x + 2, y, width: 8, height: 32 }, FAINT);
    }
}
