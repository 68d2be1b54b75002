//! Desktops to encode: text that is typed and scrolled, a window that is dragged, a film.
//!
//! The glyphs are DejaVu Sans Mono, 13 pixels high and antialiased, one above the other in
//! `glyphs.pgm`.
#![allow(dead_code, reason = "nobody who includes this needs all of it")]

use std::time::Duration;

use rh_capture::{Frame, Pixels, Rect, Size};

const GLYPHS: &[u8] = include_bytes!("glyphs.pgm");
const HEADER: usize = b"P5\n8 1520\n255\n".len();
const WIDE: u32 = 8;
const HIGH: u32 = 16;

/// A desktop full of text and what has changed on it.
pub(crate) struct Desktop {
    pub(crate) size: Size,
    pub(crate) pixels: Vec<u8>,
    pub(crate) damage: Vec<Rect>,
    random: u32,
    step: u32,
}

impl Desktop {
    pub(crate) fn new(size: Size) -> Self {
        let pixels = vec![255; (size.width * size.height * 4) as usize];
        let mut desktop = Self { size, pixels, damage: Vec::new(), random: 2_463_534_242, step: 0 };
        for row in 0..size.height / HIGH {
            desktop.line(row * HIGH);
        }
        desktop.damage = vec![Rect { x: 0, y: 0, width: size.width, height: size.height }];
        desktop
    }

    pub(crate) fn frame(&self, at: Duration) -> Frame<'_> {
        let pixels = Pixels::Bgrx { data: &self.pixels, stride: self.size.width as usize * 4 };
        Frame { size: self.size, damage: &self.damage, at, pixels }
    }

    /// One more glyph in a line in the middle.
    pub(crate) fn type_glyph(&mut self) {
        let column = 4 + self.step % (self.size.width / WIDE - 8);
        let at = (column * WIDE, self.size.height / 2 / HIGH * HIGH);
        let glyph = 33 + self.next() % 94;
        self.glyph(glyph as u8, at);
        self.step += 1;
        self.damage = vec![Rect { x: at.0, y: at.1, width: WIDE, height: HIGH }];
    }

    /// One more full stop or the like, in grey on an empty line: the smallest text there is.
    pub(crate) fn type_dot(&mut self) {
        let middle = self.size.height / 2 / HIGH * HIGH;
        if self.step == 0 {
            self.fill((0, middle), (self.size.width, HIGH), [255; 3]);
        }
        let at = (4 * WIDE + self.step % (self.size.width / WIDE - 8) * WIDE, middle);
        self.glyph(b".,'`:-"[self.step as usize % 6], at);
        for pixel in 0..WIDE * HIGH {
            let at = (((at.1 + pixel / WIDE) * self.size.width + at.0 + pixel % WIDE) * 4) as usize;
            self.pixels[at..at + 3]
                .iter_mut()
                .for_each(|value| *value = 255 - (255 - *value) / 5 * 2);
        }
        let whole_line = Rect { x: 0, y: middle, width: self.size.width, height: HIGH };
        self.damage = vec![whole_line];
        self.step += 1;
    }

    /// All text one line up, a new line at the bottom.
    pub(crate) fn scroll(&mut self) {
        self.pixels.copy_within((HIGH * self.size.width * 4) as usize.., 0);
        let rows = self.size.height / HIGH;
        self.line((rows - 1) * HIGH);
        self.damage = vec![Rect { x: 0, y: 0, width: self.size.width, height: rows * HIGH }];
    }

    /// A window of text a few pixels further right and down, over text.
    pub(crate) fn drag(&mut self) {
        let (width, height) = (self.size.width / 3 / WIDE * WIDE, self.size.height / 3);
        let origin = |step: u32| (16 + step * 7, 16 + step * 3);
        let (from, to) = (origin(self.step), origin(self.step + 1));
        self.step += 1;
        let mut random = self.random;
        self.random = 99;
        self.fill(from, (width, height), [255, 255, 255]);
        for row in (0..height / HIGH).map(|row| row * HIGH) {
            self.text((from.0, from.1 + row), 2);
        }
        self.random = 7;
        self.fill(to, (width, height), [225, 240, 240]);
        for row in (8..height - HIGH).step_by(HIGH as usize) {
            self.text((to.0 + 8, to.1 + row), width / WIDE - 2);
        }
        std::mem::swap(&mut self.random, &mut random);
        let (width, height) = (width + 7, height + 3);
        self.damage = vec![Rect { x: from.0, y: from.1, width, height }];
    }

    /// A film in one corner of the desktop.
    pub(crate) fn film_in_a_window(&mut self, step: u32) -> Rect {
        let window = Rect { x: 500, y: 50, width: 480, height: 270 };
        for y in window.y..window.y + window.height {
            for x in window.x..window.x + window.width {
                let seed = step.wrapping_mul(0x9e37_79b9) >> 14;
                let noise = (x ^ y << 7 ^ seed).wrapping_mul(2_654_435_761);
                let at = ((y * self.size.width + x) * 4) as usize;
                self.pixels[at..at + 3].copy_from_slice(&noise.to_be_bytes()[..3]);
            }
        }
        self.damage = vec![window];
        window
    }

    /// Every pixel another, as in a full-screen film whose camera pans; its grain is another in each
    /// picture, or it would be a mere move.
    pub(crate) fn film(&mut self) {
        self.step += 1;
        let (width, step) = (self.size.width, self.step);
        for (at, pixel) in self.pixels.chunks_exact_mut(4).enumerate() {
            let (x, y) = (at as u32 % width + step * 6, at as u32 / width + step * 3);
            let seed = step.wrapping_mul(0x9e37_79b9);
            let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503) ^ seed) >> 13 & 15;
            let wave = (x / 3 + (y / 2) % 97) % 160;
            pixel.copy_from_slice(&[
                (wave + grain) as u8,
                (wave / 2 + 40) as u8,
                (200 - wave) as u8,
                0,
            ]);
        }
        self.damage = vec![Rect { x: 0, y: 0, width, height: self.size.height }];
    }

    fn line(&mut self, top: u32) {
        self.fill((0, top), (self.size.width, HIGH), [255, 255, 255]);
        let glyphs = 20 + self.next() % (self.size.width / WIDE - 20);
        self.text((0, top), glyphs);
    }

    fn text(&mut self, at: (u32, u32), glyphs: u32) {
        for column in 0..glyphs {
            let glyph = if self.next().is_multiple_of(6) { 32 } else { 33 + self.next() % 94 };
            self.glyph(glyph as u8, (at.0 + column * WIDE, at.1));
        }
    }

    fn glyph(&mut self, code: u8, at: (u32, u32)) {
        let first = HEADER + usize::from(code - 32) * (WIDE * HIGH) as usize;
        for (index, ink) in GLYPHS[first..][..(WIDE * HIGH) as usize].iter().enumerate() {
            let (x, y) = (at.0 + index as u32 % WIDE, at.1 + index as u32 / WIDE);
            self.put((x, y), [*ink; 3]);
        }
    }

    fn fill(&mut self, at: (u32, u32), size: (u32, u32), bgr: [u8; 3]) {
        for y in at.1..at.1 + size.1 {
            for x in at.0..at.0 + size.0 {
                self.put((x, y), bgr);
            }
        }
    }

    fn put(&mut self, (x, y): (u32, u32), bgr: [u8; 3]) {
        if x < self.size.width && y < self.size.height {
            self.pixels[((y * self.size.width + x) * 4) as usize..][..3].copy_from_slice(&bgr);
        }
    }

    fn next(&mut self) -> u32 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        self.random
    }
}
