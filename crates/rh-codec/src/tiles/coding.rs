//! Rectangles of pixels to messages and back.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rh_capture::Rect;
use rh_protocol::limits::{TILE_BYTES, TILE_HEAD_BYTES};
use rh_protocol::tile::{Area, Coding, TileMessage, VideoTime};

use super::Bgrx;
use super::qoi::{self, Compressor};

/// Most bytes of coded pixels in a message.
const MOST: usize = TILE_BYTES - TILE_HEAD_BYTES;
/// Pixels of the widest tile: one row of it always fits.
const WIDEST: u32 = 8192;
/// One row in so many is looked at to tell the size of all.
const SAMPLED: u32 = 8;

/// Codes `rect` of `picture` as tiles captured at `at`: as few as fit, whatever the pixels.
///
/// `coding` is a wish: a tile that does not shrink by it is coded as [`Coding::Qoi`]. `rect` must
/// lie within the picture.
pub fn code(picture: Bgrx<'_>, rect: Rect, at: VideoTime, coding: Coding) -> Vec<TileMessage> {
    let mut tiles = Vec::new();
    let right = rect.x + rect.width;
    for x in (rect.x..right).step_by(WIDEST as usize) {
        let width = WIDEST.min(right - x);
        cut(picture, Rect { x, width, ..rect }, |part, data| {
            let (coding, data) = pack(coding, data);
            tiles.push(TileMessage::Tile { coding, at, area: area(part), data: data.into() });
        });
    }
    tiles
}

/// Codes a rectangle from the top, handing over whenever another row may not fit.
fn cut(picture: Bgrx<'_>, rect: Rect, mut done: impl FnMut(Rect, Vec<u8>)) {
    let longest = rect.width as usize * qoi::MOST + 1;
    let (mut from, mut out, mut compressor) = (rect.y, Vec::new(), Compressor::new());
    for (row, y) in picture.rows(rect).zip(rect.y..) {
        // And one for the end of the last run.
        if out.len() + longest + 1 > MOST {
            compressor.end_run(&mut out);
            let part = Rect { y: from, height: y - from, ..rect };
            done(part, std::mem::take(&mut out));
            (from, compressor) = (y, Compressor::new());
        }
        out.reserve(longest);
        compressor.row(row, &mut out);
    }
    compressor.end_run(&mut out);
    out.shrink_to_fit();
    done(Rect { y: from, height: rect.y + rect.height - from, ..rect }, out);
}

fn pack(coding: Coding, chunks: Vec<u8>) -> (Coding, Vec<u8>) {
    if coding == Coding::DeflatedQoi {
        let mut deflater = DeflateEncoder::new(Vec::new(), Compression::fast());
        let packed = deflater.write_all(&chunks).and_then(|()| deflater.finish());
        // Memory takes in whatever is written.
        if let Ok(packed) = packed
            && packed.len() < chunks.len()
        {
            return (Coding::DeflatedQoi, packed);
        }
    }
    (Coding::Qoi, chunks)
}

/// Reads the pixels of a tile of `width` by `height` as BGRX, packed. `None` if they are not
/// exactly that many; never panics, whatever the bytes, and takes memory for that many only.
pub fn decode(coding: Coding, data: &[u8], width: u16, height: u16) -> Option<Vec<u8>> {
    let count = usize::from(width) * usize::from(height);
    match coding {
        Coding::Qoi => qoi::expand(data, count),
        Coding::DeflatedQoi => {
            let mut chunks = Vec::new();
            let most = (count * qoi::MOST) as u64;
            DeflateDecoder::new(data).take(most + 1).read_to_end(&mut chunks).ok()?;
            qoi::expand(&chunks, count)
        }
    }
}

/// About how many bytes `rect` takes as tiles, from every eighth of its rows.
pub(super) fn estimate(picture: Bgrx<'_>, rect: Rect, scratch: &mut Vec<u8>) -> usize {
    scratch.clear();
    let mut compressor = Compressor::new();
    let rows = (rect.y..rect.y + rect.height).step_by(SAMPLED as usize);
    let sampled = rows.len();
    rows.for_each(|y| compressor.row(picture.row(rect.x, y, rect.width), scratch));
    compressor.end_run(scratch);
    scratch.len() * rect.height as usize / sampled.max(1)
}

/// A rectangle as the wire has it; no picture is larger.
pub(super) const fn area(rect: Rect) -> Area {
    Area {
        x: rect.x as u16,
        y: rect.y as u16,
        width: rect.width as u16,
        height: rect.height as u16,
    }
}
