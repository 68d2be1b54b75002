//! A block that answers to input.

use super::{Content, DARK, INK, Video, Words};
use crate::canvas::{BLACK, Canvas, Pen, Rect, WHITE};

/// A block in the middle of a page, and perhaps a film in another place.
pub(super) struct Flip {
    block: (usize, usize),
    film: Option<(usize, usize)>,
    playing: Option<Video>,
    on: bool,
}

impl Flip {
    pub(super) const fn new(block: (usize, usize), film: Option<(usize, usize)>) -> Self {
        Self { block, film, playing: None, on: false }
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Rect {
        let rect = block(canvas.width, canvas.height, self.block);
        canvas.fill(rect, if self.on { WHITE } else { BLACK });
        rect
    }
}

/// Where the block of size `w` by `h` is: a third from the left, in the middle of the height.
pub(crate) const fn block(width: usize, height: usize, (w, h): (usize, usize)) -> Rect {
    Rect::new((width / 3).saturating_sub(w / 2), (height - h) / 2, w, h)
}

impl Content for Flip {
    fn begin(&mut self, canvas: &mut Canvas<'_>) {
        Words::new(5).page(canvas, Pen { ink: INK, paper: DARK, smooth: true });
        self.playing = self.film.map(|(w, h)| {
            let (x, y) = (canvas.width - w - 40, (canvas.height - h) / 2);
            Video::on(Rect::new(x, y, w, h))
        });
        if let Some(film) = &mut self.playing {
            film.begin(canvas);
        }
        self.draw(canvas);
    }

    fn step(&mut self, canvas: &mut Canvas<'_>) -> Vec<Rect> {
        self.playing.as_mut().map(|film| film.step(canvas)).unwrap_or_default()
    }

    fn input(&mut self, canvas: &mut Canvas<'_>) -> Vec<Rect> {
        self.on = !self.on;
        vec![self.draw(canvas)]
    }
}
