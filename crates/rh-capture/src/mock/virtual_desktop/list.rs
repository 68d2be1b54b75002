//! A list that scrolls.

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
        let bottom = AREA.y + AREA.height;
        for item in 0..ITEMS {
            let top = AREA.y as i32 + (item * ITEM) as i32 - self.offset() as i32;
            let Ok(top) = u32::try_from(top) else { continue };
            // A row is drawn only when whole: nothing clips the text.
            if top < AREA.y || top + ITEM > bottom {
                continue;
            }
            let row = Rect { x: AREA.x, y: top, width: AREA.width - 12, height: ITEM };
            canvas.fill(row, if item % 2 == 0 { PAPER } else { PANEL });
            canvas.text(AREA.x + 14, top + 7, &format!("Item {}", item + 1), INK);
        }
        let track = Rect { x: AREA.x + AREA.width - 12, y: AREA.y, width: 12, height: AREA.height };
        canvas.fill(track, LINE);
        let y = AREA.y + self.offset() * (AREA.height - 32) / FURTHEST;
        canvas.fill(Rect { x: track.x + 2, y, width: 8, height: 32 }, FAINT);
    }
}
