//! A connection to an X display, and what is seen there.

use std::fmt;

use anyhow::{Context, Result, ensure};
use x11rb::connection::Connection as _;
use x11rb::protocol::shm::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat, ImageOrder, Screen};
use x11rb::rust_connection::RustConnection;

use crate::canvas::Rect;
use crate::shm::Segment;

/// A display with pixels of four bytes.
pub(crate) struct Display {
    pub(crate) conn: RustConnection,
    pub(crate) screen: Screen,
}

impl Display {
    pub(crate) fn open(name: &str) -> Result<Self> {
        let (conn, number) =
            x11rb::connect(Some(name)).with_context(|| format!("no X display {name}"))?;
        let screen = conn.setup().roots[number].clone();
        let order = conn.setup().image_byte_order;
        ensure!(
            screen.root_depth == 24 && order == ImageOrder::LSB_FIRST,
            "the display {name} must have 24 bits a pixel, lowest byte first"
        );
        Ok(Self { conn, screen })
    }

    /// Width and height in pixels.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.screen.width_in_pixels.into(), self.screen.height_in_pixels.into())
    }

    /// A new segment of `len` bytes that the server has attached too.
    pub(crate) fn share(&self, len: usize) -> Result<(Segment, shm::Seg)> {
        let segment = Segment::new(len).context("no shared memory")?;
        let seg = self.conn.generate_id()?;
        self.conn.shm_attach(seg, segment.id, false)?.check().context("MIT-SHM is missing")?;
        Ok((segment, seg))
    }

    /// Whether the pixel at each of `places` is bright, or none if it is neither bright nor dark;
    /// asked for in one go.
    pub(crate) fn bright(&self, places: &[Place]) -> Result<Vec<Option<bool>>> {
        let ask = |at: &Place| {
            let [x, y] = [i16::try_from(at.x)?, i16::try_from(at.y)?];
            let root = self.screen.root;
            Ok(self.conn.get_image(ImageFormat::Z_PIXMAP, root, x, y, 1, 1, u32::MAX)?)
        };
        let asked: Vec<_> = places.iter().map(ask).collect::<Result<_>>()?;
        asked.into_iter().map(|it| Ok(shade(it.reply()?.data[1]))).collect()
    }
}

/// What a shade of black or white is meant to be.
const fn shade(value: u8) -> Option<bool> {
    match value {
        0..100 => Some(false),
        156.. => Some(true),
        _ => None,
    }
}

/// A point of a display; written `X,Y`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Place {
    pub(crate) x: usize,
    pub(crate) y: usize,
}

impl std::str::FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once(',').and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
        let (x, y) = numbers.ok_or_else(|| format!("{text:?} is not X,Y"))?;
        Ok(Self { x, y })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.x, self.y)
    }
}

/// Takes pictures of one part of a display again and again.
pub(crate) struct Camera<'a> {
    display: &'a Display,
    segment: Segment,
    seg: shm::Seg,
    rect: Rect,
}

impl<'a> Camera<'a> {
    pub(crate) fn new(display: &'a Display, rect: Rect) -> Result<Self> {
        let (width, height) = display.size();
        ensure!(
            rect.x + rect.w <= width && rect.y + rect.h <= height,
            "{rect:?} is not within the display's {width}x{height}"
        );
        let (segment, seg) = display.share(rect.w * rect.h * 4)?;
        Ok(Self { display, segment, seg, rect })
    }

    /// The pixels as they are now.
    #[expect(clippy::needless_pass_by_ref_mut, reason = "the server writes what `bytes` lends out")]
    pub(crate) fn shoot(&mut self) -> Result<&[u8]> {
        let Rect { x, y, w, h } = self.rect;
        let (root, format) = (self.display.screen.root, ImageFormat::Z_PIXMAP.into());
        let [x, y] = [i16::try_from(x)?, i16::try_from(y)?];
        let [w, h] = [u16::try_from(w)?, u16::try_from(h)?];
        let asked =
            self.display.conn.shm_get_image(root, x, y, w, h, u32::MAX, format, self.seg, 0)?;
        asked.reply()?;
        Ok(self.segment.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_it_is_written() {
        let place: Place = "3,40".parse().unwrap();
        assert_eq!(place.to_string(), "3,40");
        for text in ["", "3", "3,", "-1,2", "a,b", "1,2,3"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
