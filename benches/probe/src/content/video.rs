//! A film: soft shapes that move at different speeds with some grain, in a loop.

use super::{Content, DARK, inner};
use crate::canvas::{Canvas, Rect};

/// Pictures until it begins anew.
const LOOP: usize = 16;

/// A film on a part of the canvas, or on all of it.
pub(super) struct Video {
    /// Its part; all of the canvas if there is none.
    part: Option<Rect>,
    pictures: Vec<Vec<u8>>,
    shown: usize,
}

impl Video {
    /// On all of the canvas.
    pub(super) const fn whole() -> Self {
        Self { part: None, pictures: Vec::new(), shown: 0 }
    }

    /// On `part` of it.
    pub(super) const fn on(part: Rect) -> Self {
        Self { part: Some(part), pictures: Vec::new(), shown: 0 }
    }

    fn part(&self, canvas: &Canvas<'_>) -> Rect {
        self.part.unwrap_or(canvas.area())
    }

    fn show(&self, canvas: &mut Canvas<'_>) -> Rect {
        let part = self.part(canvas);
        canvas.put(part, &self.pictures[self.shown % LOOP]);
        part
    }
}

impl Content for Video {
    fn begin(&mut self, canvas: &mut Canvas<'_>) {
        let Rect { w, h, .. } = self.part(canvas);
        self.pictures = (0..LOOP).map(|number| picture(w, h, number)).collect();
        if self.part.is_none() {
            canvas.fill(inner(canvas), DARK);
        }
        self.show(canvas);
    }

    fn step(&mut self, canvas: &mut Canvas<'_>) -> Vec<Rect> {
        self.shown += 1;
        vec![self.show(canvas)]
    }
}

/// One picture of the film.
fn picture(width: usize, height: usize, number: usize) -> Vec<u8> {
    // In whole turns, so that the last picture leads to the first.
    let turn = number as f32 / LOOP as f32 * std::f32::consts::TAU;
    let wave = |at: usize, length: f32, phase: f32| (at as f32 / length + phase).sin() * 40.0;
    let across: Vec<_> = (0..width).map(|x| (wave(x, 90.0, turn), wave(x, 37.0, -turn))).collect();
    let down: Vec<_> =
        (0..height).map(|y| (wave(y, 70.0, 2.0 * turn), wave(y, 51.0, turn))).collect();
    let mut pixels = Vec::with_capacity(width * height * 4);
    for (y, (slow, fast)) in down.into_iter().enumerate() {
        for (x, (left, right)) in across.iter().enumerate() {
            let grain = grain(x, y, number);
            let shade = |value: f32| (128.0 + value + grain).clamp(0.0, 255.0) as u8;
            pixels.extend([shade(left + slow), shade(right - fast), shade(slow - right), 0]);
        }
    }
    pixels
}

/// A little noise, as of a camera: at most 4 up or down.
fn grain(x: usize, y: usize, number: usize) -> f32 {
    let mixed =
        (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_add(number * 977);
    let mixed = mixed.wrapping_mul(0xC2B2_AE3D) >> 16;
    (mixed % 9) as f32 - 4.0
}
