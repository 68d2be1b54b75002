//! A button that counts and a switch.

use super::canvas::{ACCENT, Canvas, FAINT, INK, LINE, PANEL, PAPER};
use crate::Rect;

/// Their window's inside.
pub(super) const AREA: Rect = Rect { x: 40, y: 436, width: 600, height: 240 };

const COUNT: Rect = Rect { x: 80, y: 486, width: 200, height: 56 };
const SWITCH: Rect = Rect { x: 80, y: 582, width: 96, height: 44 };

/// What the clicks did.
#[derive(Debug, Default)]
pub(super) struct Buttons {
    /// Clicks on "Count".
    pub(super) clicks: u32,
    /// Whether the switch is on.
    pub(super) on: bool,
    /// Whether "Count" is held down.
    pub(super) held: bool,
}

impl Buttons {
    /// The primary button went down at a pixel.
    pub(super) fn press(&mut self, x: u32, y: u32) {
        self.held = COUNT.contains(x, y);
        self.on ^= SWITCH.contains(x, y);
    }

    /// The primary button went up at a pixel; a click is down and up on the same button.
    pub(super) fn release(&mut self, x: u32, y: u32) {
        if std::mem::take(&mut self.held) && COUNT.contains(x, y) {
            self.clicks += 1;
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) {
        canvas.fill(AREA, PAPER);
        let face = if self.held { INK } else { ACCENT };
        canvas.fill(COUNT, face);
        canvas.bold(COUNT.x + 78, COUNT.y + 20, "Count", PAPER);
        let times = if self.clicks == 1 { "time" } else { "times" };
        canvas.text(320, COUNT.y + 20, &format!("clicked {} {times}", self.clicks), INK);

        canvas.framed(
            SWITCH,
            if self.on { ACCENT } else { PANEL },
            if self.on { ACCENT } else { LINE },
        );
        let knob = if self.on { SWITCH.x + SWITCH.width - 40 } else { SWITCH.x + 4 };
        let knob = Rect { x: knob, y: SWITCH.y + 4, width: 36, height: 36 };
        canvas.framed(knob, PAPER, if self.on { ACCENT } else { FAINT });
        canvas.text(320, SWITCH.y + 14, if self.on { "switched on" } else { "switched off" }, INK);
    }
}
