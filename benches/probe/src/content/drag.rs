//! A window that is dragged.

use super::{Content, DARK, INK, Words, inner};
use crate::canvas::{ADVANCE, Canvas, LINE, Pen, Rect};

const WIDTH: usize = 800;
const HEIGHT: usize = 600;

/// Pixels to a step, in both directions.
const SPEED: (usize, usize) = (7, 3);

/// A desktop of text and a window of text above it.
#[derive(Default)]
pub(super) struct Drag {
    desktop: Vec<u8>,
    window: Vec<u8>,
    steps: usize,
}

impl Drag {
    /// Where the window is: it turns back at the edges.
    fn place(&self, canvas: &Canvas<'_>) -> Rect {
        let room = inner(canvas);
        let back_and_forth = |distance: usize, room: usize| {
            let at = distance % (2 * room);
            at.min(2 * room - at)
        };
        let x = back_and_forth(self.steps * SPEED.0, room.w - WIDTH);
        let y = room.y + back_and_forth(self.steps * SPEED.1, room.h - HEIGHT);
        Rect::new(x, y, WIDTH, HEIGHT)
    }
}

impl Content for Drag {
    fn begin(&mut self, canvas: &mut Canvas<'_>) {
        let mut words = Words::new(31);
        self.window = vec![0; WIDTH * HEIGHT * 4];
        let mut window = Canvas::new(WIDTH, HEIGHT, &mut self.window);
        words.page(&mut window, Pen { ink: [20; 3], paper: [240; 3], smooth: true });
        window.fill(Rect::new(0, 0, WIDTH, 28), [60, 90, 160]);
        let title = Pen { ink: [255; 3], paper: [60, 90, 160], smooth: true };
        window.text(2 * ADVANCE, (28 - LINE) / 2, "a window", title);
        words.page(canvas, Pen { ink: INK, paper: DARK, smooth: true });
        self.desktop = canvas.copy(canvas.area());
        canvas.put(self.place(canvas), &self.window);
    }

    fn step(&mut self, canvas: &mut Canvas<'_>) -> Vec<Rect> {
        let before = self.place(canvas);
        self.steps += 1;
        let after = self.place(canvas);
        let (x, y) = (before.x.min(after.x), before.y.min(after.y));
        let (right, bottom) = (before.x.max(after.x) + WIDTH, before.y.max(after.y) + HEIGHT);
        let changed = Rect::new(x, y, right - x, bottom - y);
        for y in changed.y..bottom {
            let at = (y * canvas.width + changed.x) * 4;
            let line = &self.desktop[at..at + changed.w * 4];
            canvas.row(changed.x, y, changed.w).copy_from_slice(line);
        }
        canvas.put(after, &self.window);
        vec![changed]
    }
}
