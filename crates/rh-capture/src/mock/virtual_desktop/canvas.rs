//! Drawing on pixels.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

use super::SIZE;
use crate::Rect;

/// Blue, green, red.
pub(super) type Colour = [u8; 3];

pub(super) const INK: Colour = [0x37, 0x29, 0x1F];
pub(super) const FAINT: Colour = [0x9B, 0x8C, 0x80];
pub(super) const PAPER: Colour = [0xFF, 0xFF, 0xFF];
pub(super) const PANEL: Colour = [0xF6, 0xF3, 0xF1];
pub(super) const LINE: Colour = [0xE0, 0xDA, 0xD5];
pub(super) const ACCENT: Colour = [0xD8, 0x6B, 0x2F];

/// Width of a character of [`Canvas::text`].
pub(super) const ADVANCE: u32 = get_raster_width(FontWeight::Regular, RasterHeight::Size16) as u32;

/// Height of a line of [`Canvas::text`].
pub(super) const LINE_HEIGHT: u32 = 20;

/// The picture of the desktop.
#[derive(Debug)]
pub(super) struct Canvas {
    /// BGRX, rows without gaps.
    pub(super) data: Vec<u8>,
}

impl Canvas {
    /// A desktop background.
    pub(super) fn new() -> Self {
        let mut canvas = Self { data: vec![255; SIZE.width as usize * SIZE.height as usize * 4] };
        for y in 0..SIZE.height {
            let fade =
                |from: u32, to: u32| ((from * (SIZE.height - y) + to * y) / SIZE.height) as u8;
            let colour = [fade(0x9A, 0x6E), fade(0x6B, 0x44), fade(0x3E, 0x2B)];
            canvas.fill(Rect { x: 0, y, width: SIZE.width, height: 1 }, colour);
        }
        canvas
    }

    /// Fills what of `rect` is on the canvas.
    pub(super) fn fill(&mut self, rect: Rect, colour: Colour) {
        let Rect { x, y, width, height } = rect;
        let Some(rect) = Rect::clipped(x.into(), y.into(), width, height, SIZE) else { return };
        for y in rect.y..rect.y + rect.height {
            let start = (y * SIZE.width + rect.x) as usize * 4;
            let row = &mut self.data[start..start + rect.width as usize * 4];
            row.chunks_exact_mut(4).for_each(|bgrx| bgrx[..3].copy_from_slice(&colour));
        }
    }

    /// Fills `rect` and draws its edge.
    pub(super) fn framed(&mut self, rect: Rect, fill: Colour, edge: Colour) {
        self.fill(rect, edge);
        let Rect { x, y, width, height } = rect;
        self.fill(Rect { x: x + 1, y: y + 1, width: width - 2, height: height - 2 }, fill);
    }

    /// A window with a title, around `inside`.
    pub(super) fn window(&mut self, inside: Rect, title: &str) {
        let Rect { x, y, width, height } = inside;
        for spread in 1..=6 {
            let shadow = Rect {
                x: x - 1 - spread,
                y: y - 33 - spread + 4,
                width: width + 2 + 2 * spread,
                height: height + 34 + 2 * spread,
            };
            self.darken(shadow);
        }
        self.fill(Rect { x: x - 1, y: y - 33, width: width + 2, height: height + 34 }, LINE);
        self.fill(Rect { x, y: y - 32, width, height: 31 }, PANEL);
        self.fill(inside, PAPER);
        self.fill(Rect { x: x + 12, y: y - 21, width: 10, height: 10 }, ACCENT);
        self.bold(x + 32, y - 25, title, INK);
    }

    /// Writes one line with its upper left corner at `(x, y)`; a character the font lacks is drawn
    /// as a box.
    pub(super) fn text(&mut self, x: u32, y: u32, text: &str, colour: Colour) {
        self.write((x, y), text, colour, FontWeight::Regular);
    }

    /// As [`text`](Self::text), bold.
    pub(super) fn bold(&mut self, x: u32, y: u32, text: &str, colour: Colour) {
        self.write((x, y), text, colour, FontWeight::Bold);
    }

    fn write(&mut self, (x, y): (u32, u32), text: &str, colour: Colour, weight: FontWeight) {
        for (x, char) in (x..).step_by(ADVANCE as usize).zip(text.chars()) {
            if let Some(raster) = get_raster(char, weight, RasterHeight::Size16) {
                for (y, row) in (y..).zip(raster.rows()) {
                    (x..).zip(row).for_each(|(x, &ink)| self.blend(x, y, colour, ink));
                }
            } else {
                let glyph = Rect { x: x + 1, y: y + 2, width: ADVANCE - 2, height: 12 };
                self.framed(glyph, PAPER, colour);
            }
        }
    }

    /// Lays `colour` over a pixel, by `share` of 255.
    pub(super) fn blend(&mut self, x: u32, y: u32, colour: Colour, share: u8) {
        if x < SIZE.width && y < SIZE.height {
            let at = (y * SIZE.width + x) as usize * 4;
            for (below, above) in self.data[at..at + 3].iter_mut().zip(colour) {
                let (share, rest) = (u16::from(share), 255 - u16::from(share));
                *below = ((u16::from(above) * share + u16::from(*below) * rest) / 255) as u8;
            }
        }
    }

    fn darken(&mut self, rect: Rect) {
        for y in rect.y..rect.y + rect.height {
            (rect.x..rect.x + rect.width).for_each(|x| self.blend(x, y, [0, 0, 0], 12));
        }
    }
}
