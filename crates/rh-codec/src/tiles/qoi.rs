//! The chunks of QOI (qoiformat.org, specification 1.0) for opaque pixels, without header and end
//! mark.

use super::bgrx::pixels;

/// Most bytes that one pixel takes.
pub(super) const MOST: usize = 4;

const RUN: u8 = 0xc0;
const LONGEST_RUN: u8 = 62;
const LUMA: u8 = 0x80;
const DIFF: u8 = 0x40;
const RGB: u8 = 0xfe;

/// Set in every pixel of the index, so that black is told from what was never seen.
const SEEN: u32 = 1 << 24;

/// Where a pixel has its place among the 64 last seen.
const fn place([b, g, r]: [u8; 3]) -> usize {
    (r as usize * 3 + g as usize * 5 + b as usize * 7 + 255 * 11) % 64
}

/// Compresses rows of BGRX.
pub(super) struct Compressor {
    index: [u32; 64],
    last: u32,
    run: u8,
}

impl Compressor {
    pub(super) const fn new() -> Self {
        Self { index: [0; 64], last: 0, run: 0 }
    }

    /// Adds a row: at most [`MOST`] bytes a pixel, and one for the run before.
    pub(super) fn row(&mut self, row: &[u8], out: &mut Vec<u8>) {
        for pixel in pixels(row).map(u32::to_le) {
            if pixel == self.last {
                self.run += 1;
                if self.run == LONGEST_RUN {
                    self.end_run(out);
                }
                continue;
            }
            self.end_run(out);
            self.pixel(pixel, out);
        }
    }

    /// Ends the last run; at most one byte.
    pub(super) fn end_run(&mut self, out: &mut Vec<u8>) {
        if self.run > 0 {
            out.push(RUN | (self.run - 1));
            self.run = 0;
        }
    }

    fn pixel(&mut self, pixel: u32, out: &mut Vec<u8>) {
        let [b, g, r, _] = pixel.to_le_bytes();
        let [last_b, last_g, last_r, _] = self.last.to_le_bytes();
        self.last = pixel;
        let place = place([b, g, r]);
        if self.index[place] == pixel | SEEN {
            out.push(place as u8);
            return;
        }
        self.index[place] = pixel | SEEN;
        // Wrapped by design: differences are modulo 256. Each is moved so that it is small if it fits.
        let dr = r.wrapping_sub(last_r);
        let dg = g.wrapping_sub(last_g);
        let db = b.wrapping_sub(last_b);
        let (near_r, near_g, near_b) = (dr.wrapping_add(2), dg.wrapping_add(2), db.wrapping_add(2));
        let (green, red, blue) = (
            dg.wrapping_add(32),
            dr.wrapping_sub(dg).wrapping_add(8),
            db.wrapping_sub(dg).wrapping_add(8),
        );
        if near_r | near_g | near_b < 4 {
            out.push(DIFF | near_r << 4 | near_g << 2 | near_b);
        } else if green < 64 && red | blue < 16 {
            out.extend_from_slice(&[LUMA | green, red << 4 | blue]);
        } else {
            out.extend_from_slice(&[RGB, r, g, b]);
        }
    }
}

/// The BGRX of exactly `count` pixels; `None` if `chunks` are not that many, or hold one with alpha.
pub(super) fn expand(chunks: &[u8], count: usize) -> Option<Vec<u8>> {
    let mut bytes = chunks.iter().copied();
    let mut out = Vec::with_capacity(count * 4);
    let mut index = [[0; 3]; 64];
    let [mut b, mut g, mut r] = [0_u8; 3];
    while let Some(tag) = bytes.next() {
        let mut times = 1;
        match tag {
            RGB => [r, g, b] = [bytes.next()?, bytes.next()?, bytes.next()?],
            255 => return None,
            RUN.. => times = usize::from(tag - RUN) + 1,
            LUMA.. => {
                let (beside, green) = (bytes.next()?, (tag - LUMA).wrapping_sub(32));
                g = g.wrapping_add(green);
                r = r.wrapping_add(green).wrapping_add(beside >> 4).wrapping_sub(8);
                b = b.wrapping_add(green).wrapping_add(beside & 15).wrapping_sub(8);
            }
            DIFF.. => {
                r = r.wrapping_add(tag >> 4 & 3).wrapping_sub(2);
                g = g.wrapping_add(tag >> 2 & 3).wrapping_sub(2);
                b = b.wrapping_add(tag & 3).wrapping_sub(2);
            }
            _ => [b, g, r] = index[usize::from(tag)],
        }
        index[place([b, g, r])] = [b, g, r];
        if out.len() + times * 4 > count * 4 {
            return None;
        }
        (0..times).for_each(|_| out.extend_from_slice(&[b, g, r, 255]));
    }
    (out.len() == count * 4).then_some(out)
}
