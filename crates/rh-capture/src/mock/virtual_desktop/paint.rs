//! The drawing area.

use super::canvas::{Canvas, FAINT, PAPER};
use super::pointer::on_line;
use crate::Rect;

/// Its window's inside.
pub(super) const AREA: Rect = Rect { x: 680, y: 92, width: 560, height: 340 };

/// Half the side of the pen.
const PEN: i32 = 2;

const COLOUR: [u8; 3] = [0x4F, 0x3E, 0xC9];

/// What was drawn.
#[derive(Debug, Default)]
pub(super) struct Paint {
    /// A byte a pixel of the area; empty while nothing is drawn.
    ink: Vec<bool>,
}

impl Paint {
    pub(super) fn is_painted(&self, x: u32, y: u32) -> bool {
        AREA.contains(x, y) && self.ink.get(index(x, y)).copied().unwrap_or(false)
    }

    /// Draws a line, as far as it is in the area.
    pub(super) fn stroke(&mut self, from: (u32, u32), to: (u32, u32)) {
        self.ink.resize(AREA.width as usize * AREA.height as usize, false);
        for (x, y) in on_line(from, to) {
            for (x, y) in (-PEN..=PEN).flat_map(|dy| (-PEN..=PEN).map(move |dx| (x + dx, y + dy))) {
                if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
                    && AREA.contains(x, y)
                {
                    self.ink[index(x, y)] = true;
                }
            }
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) {
        canvas.fill(AREA, PAPER);
        if self.ink.is_empty() {
            canvas.text(AREA.x + 14, AREA.y + 16, "Drag to draw", FAINT);
        }
        for (at, _) in self.ink.iter().enumerate().filter(|(_, ink)| **ink) {
            let (x, y) = (at as u32 % AREA.width, at as u32 / AREA.width);
            canvas.blend(AREA.x + x, AREA.y + y, COLOUR, 255);
        }
    }
}

fn index(x: u32, y: u32) -> usize {
    ((y - AREA.y) * AREA.width + (x - AREA.x)) as usize
}
