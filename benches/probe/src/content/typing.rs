//! Somebody types.

use super::{Content, DARK, INK, Words, inner};
use crate::canvas::{ADVANCE, Canvas, LINE, Pen, Rect};

/// Characters to a line.
const COLUMNS: usize = 100;

const PEN: Pen = Pen { ink: INK, paper: DARK, smooth: true };

/// A page with a growing line in the middle.
pub(super) struct Typing {
    words: Words,
    typed: usize,
}

impl Default for Typing {
    fn default() -> Self {
        Self { words: Words::new(11), typed: 0 }
    }
}

impl Content for Typing {
    fn begin(&mut self, canvas: &mut Canvas<'_>) {
        self.words.page(canvas, PEN);
        let middle = canvas.height / 2;
        canvas.fill(Rect::new(0, middle, canvas.width, 10 * LINE), DARK);
    }

    fn step(&mut self, canvas: &mut Canvas<'_>) -> Vec<Rect> {
        let (column, line) = (self.typed % COLUMNS, self.typed / COLUMNS);
        let room = inner(canvas).h / 2 / LINE;
        let x = (2 + column) * ADVANCE;
        let y = canvas.height / 2 + line % room * LINE;
        self.typed += 1;
        let rect = Rect::new(x, y, ADVANCE, LINE);
        canvas.fill(rect, DARK);
        canvas.text(x, y, &self.words.letter().to_string(), PEN);
        vec![rect]
    }
}
