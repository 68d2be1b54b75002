//! Pixels in memory, as X keeps them: blue, green, red and an unused byte.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

/// A part of a canvas, in pixels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) w: usize,
    pub(crate) h: usize,
}

impl Rect {
    pub(crate) const fn new(x: usize, y: usize, w: usize, h: usize) -> Self {
        Self { x, y, w, h }
    }
}

/// A colour: red, green, blue.
pub(crate) type Colour = [u8; 3];

pub(crate) const BLACK: Colour = [0; 3];
pub(crate) const WHITE: Colour = [255; 3];

/// How text is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pen {
    pub(crate) ink: Colour,
    pub(crate) paper: Colour,
    /// Whether edges are blended, as a toolkit does, or hard, as in a bitmap font.
    pub(crate) smooth: bool,
}

/// A picture that is drawn on.
pub(crate) struct Canvas<'a> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pixels: &'a mut [u8],
}

impl<'a> Canvas<'a> {
    /// A canvas on `pixels`, four bytes each, row by row without gaps.
    pub(crate) fn new(width: usize, height: usize, pixels: &'a mut [u8]) -> Self {
        assert_eq!(pixels.len(), width * height * 4, "a canvas has no gaps");
        Self { width, height, pixels }
    }

    /// All of it.
    pub(crate) const fn area(&self) -> Rect {
        Rect::new(0, 0, self.width, self.height)
    }

    /// The bytes of `w` pixels of row `y` from `x` on.
    pub(crate) fn row(&mut self, x: usize, y: usize, w: usize) -> &mut [u8] {
        let at = (y * self.width + x) * 4;
        &mut self.pixels[at..at + w * 4]
    }

    pub(crate) fn fill(&mut self, rect: Rect, [red, green, blue]: Colour) {
        for y in rect.y..rect.y + rect.h {
            for pixel in self.row(rect.x, y, rect.w).as_chunks_mut::<4>().0 {
                *pixel = [blue, green, red, 0];
            }
        }
    }

    /// Copies `source`, pixels of exactly `rect`'s size, to `rect`.
    pub(crate) fn put(&mut self, rect: Rect, source: &[u8]) {
        for (y, line) in (rect.y..rect.y + rect.h).zip(source.chunks_exact(rect.w * 4)) {
            self.row(rect.x, y, rect.w).copy_from_slice(line);
        }
    }

    /// The pixels of `rect`.
    pub(crate) fn copy(&mut self, rect: Rect) -> Vec<u8> {
        (rect.y..rect.y + rect.h).flat_map(|y| self.row(rect.x, y, rect.w).to_vec()).collect()
    }

    /// Moves what is in `rect` up by `by` pixels; the lowest rows stay as they are.
    pub(crate) fn scroll_up(&mut self, rect: Rect, by: usize) {
        for y in rect.y..rect.y + rect.h - by {
            let from = ((y + by) * self.width + rect.x) * 4;
            let to = (y * self.width + rect.x) * 4;
            self.pixels.copy_within(from..from + rect.w * 4, to);
        }
    }

    /// Draws one line of text with its upper left corner at `x`, `y`; what does not fit is left out.
    pub(crate) fn text(&mut self, x: usize, y: usize, text: &str, pen: Pen) {
        for (x, glyph) in (x..).step_by(ADVANCE).zip(text.chars()) {
            if x + ADVANCE <= self.width {
                self.glyph(x, y, glyph, pen);
            }
        }
    }

    fn glyph(&mut self, x: usize, y: usize, glyph: char, pen: Pen) {
        let Some(raster) = get_raster(glyph, FontWeight::Regular, RasterHeight::Size16) else {
            return;
        };
        for (y, shades) in (y..self.height).zip(raster.rows()) {
            let line = self.row(x, y, shades.len()).as_chunks_mut::<4>().0;
            for (pixel, shade) in line.iter_mut().zip(shades) {
                *pixel = blend(pen, *shade);
            }
        }
    }
}

/// From one character to the next, in pixels.
pub(crate) const ADVANCE: usize = get_raster_width(FontWeight::Regular, RasterHeight::Size16);

/// From one line of text to the next, in pixels.
pub(crate) const LINE: usize = 18;

fn blend(Pen { ink, paper, smooth }: Pen, shade: u8) -> [u8; 4] {
    let shade = match smooth {
        true => u32::from(shade),
        false => u32::from(shade > 100) * 255,
    };
    let mix = |channel: usize| {
        let sum = u32::from(ink[channel]) * shade + u32::from(paper[channel]) * (255 - shade);
        u8::try_from(sum / 255).unwrap_or(u8::MAX)
    };
    [mix(2), mix(1), mix(0), 0]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEN: Pen = Pen { ink: WHITE, paper: BLACK, smooth: true };

    #[test]
    fn smooth_text_has_shades_and_hard_text_has_none() {
        let mut shades = [0, 0];
        for (smooth, shades) in [true, false].into_iter().zip(&mut shades) {
            let mut pixels = vec![0; 100 * 20 * 4];
            Canvas::new(100, 20, &mut pixels).text(0, 0, "sag es", Pen { smooth, ..PEN });
            assert!(pixels.contains(&255) || smooth);
            *shades = pixels.iter().filter(|it| !matches!(it, 0 | 255)).count();
        }
        assert!(shades[0] > 0 && shades[1] == 0, "{shades:?}");
    }

    #[test]
    fn what_scrolls_moves_within_its_rectangle_only() {
        let mut pixels = vec![0; 8 * 8 * 4];
        let mut canvas = Canvas::new(8, 8, &mut pixels);
        canvas.fill(Rect::new(0, 4, 8, 1), WHITE);
        canvas.scroll_up(Rect::new(2, 0, 4, 8), 3);
        let white = |canvas: &mut Canvas<'_>, x, y| canvas.row(x, y, 1)[0] == 255;
        assert!(white(&mut canvas, 2, 1) && !white(&mut canvas, 1, 1) && white(&mut canvas, 1, 4));
    }

    #[test]
    fn text_beyond_the_edge_is_left_out() {
        let mut pixels = vec![0; 30 * 10 * 4];
        Canvas::new(30, 10, &mut pixels).text(3, 2, "long enough", PEN);
    }
}
