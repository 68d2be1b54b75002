//! Text that moves up, line by line.

use super::{BAR, Content, DARK, INK, Words, inner};
use crate::canvas::{ADVANCE, Canvas, Colour, LINE, Pen, Rect};

/// Colours of words in a terminal.
const INKS: [Colour; 4] = [INK, [120, 200, 120], [220, 180, 90], [120, 170, 240]];

const WHITE_PAGE: Pen = Pen { ink: [30, 30, 34], paper: [252, 252, 250], smooth: true };

/// A region of moving text.
pub(super) struct Scroll {
    words: Words,
    /// Whether it is a terminal: all of the width, hard edges, colours.
    terminal: bool,
}

impl Scroll {
    pub(super) const fn terminal() -> Self {
        Self { words: Words::new(23), terminal: true }
    }

    pub(super) const fn text() -> Self {
        Self { words: Words::new(29), terminal: false }
    }

    /// What moves: a whole number of lines.
    fn region(&self, canvas: &Canvas<'_>) -> Rect {
        let Rect { y, w, h, .. } = inner(canvas);
        let (x, w) = if self.terminal { (0, w) } else { (w / 6, w * 2 / 3) };
        Rect::new(x, y, w, h / LINE * LINE)
    }

    fn line(&mut self, canvas: &mut Canvas<'_>, rect: Rect) {
        let ink = INKS[self.words.number(4) as usize];
        let pen = match self.terminal {
            true => Pen { ink, paper: DARK, smooth: false },
            false => WHITE_PAGE,
        };
        canvas.fill(rect, pen.paper);
        let line = self.words.line(rect.w / ADVANCE - 4);
        canvas.text(rect.x + 2 * ADVANCE, rect.y, &line, pen);
    }
}

impl Content for Scroll {
    fn begin(&mut self, canvas: &mut Canvas<'_>) {
        self.words.page(canvas, Pen { ink: INK, paper: DARK, smooth: !self.terminal });
        let region = self.region(canvas);
        for y in (region.y..region.y + region.h).step_by(LINE) {
            self.line(canvas, Rect::new(region.x, y, region.w, LINE));
        }
        let bottom = canvas.height - BAR;
        canvas.fill(Rect::new(0, bottom, canvas.width, BAR), DARK);
    }

    fn step(&mut self, canvas: &mut Canvas<'_>) -> Vec<Rect> {
        let region = self.region(canvas);
        canvas.scroll_up(region, LINE);
        let last = Rect::new(region.x, region.y + region.h - LINE, region.w, LINE);
        self.line(canvas, last);
        vec![region]
    }
}
