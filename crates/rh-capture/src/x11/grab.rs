//! Brings rectangles of the root window into one picture.

use std::fmt::Display;

use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::errors::ReplyError;
use x11rb::protocol::ErrorKind;
use x11rb::protocol::shm::{self, ConnectionExt as _, Seg};
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat};

use super::client::{Client, failed};
use super::shm::Segment;
use crate::{CaptureError, Rect, Size};

const CONTEXT: &str = "fetch pixels";
/// Bytes of shared memory beside the picture, for what is narrow.
const SPARE: usize = 1024 * 1024;

/// The picture of one area of the root window.
#[derive(Debug)]
pub(super) struct Grab {
    /// Which part of the root window.
    area: Rect,
    pixels: Pixels,
}

/// BGRX, rows without gaps.
#[derive(Debug)]
enum Pixels {
    /// At the start of memory that is shared with the server, with [`SPARE`] bytes behind them.
    Shared(Segment, Seg),
    /// In memory of our own: the server cannot share any.
    Own(Vec<u8>),
}

/// Why nothing was fetched.
pub(super) enum GrabError {
    /// The area reaches beyond the root window: the layout just changed.
    Outside,
    /// Anything else.
    Failed(CaptureError),
}

impl Grab {
    /// A black picture of `area`.
    pub(super) fn new(client: &Client, area: Rect, shared_memory: bool) -> Self {
        let len = area.width as usize * area.height as usize * 4;
        let shared = if shared_memory { share(client, len + SPARE) } else { None };
        let own = || Pixels::Own(vec![0; len]);
        let pixels = shared.map_or_else(own, |(segment, seg)| Pixels::Shared(segment, seg));
        Self { area, pixels }
    }

    /// Makes the server let go of the shared memory; without it, closing the connection does.
    pub(super) fn release(self, client: &Client) -> Result<(), CaptureError> {
        if let Pixels::Shared(_, seg) = self.pixels {
            client.conn.shm_detach(seg).map_err(failed("detach shared memory"))?;
        }
        Ok(())
    }

    pub(super) const fn area(&self) -> Rect {
        self.area
    }

    pub(super) fn size(&self) -> Size {
        Size { width: self.area.width, height: self.area.height }
    }

    pub(super) fn data(&self) -> &[u8] {
        match &self.pixels {
            Pixels::Shared(segment, _) => &segment.bytes()[..self.area.area() as usize * 4],
            Pixels::Own(data) => data,
        }
    }

    /// Brings `rects` up to date, whose areas together are at most the picture's, and maybe more.
    pub(super) fn fetch(&mut self, client: &Client, rects: &[Rect]) -> Result<(), GrabError> {
        let (area, size) = (self.area, self.size());
        match &mut self.pixels {
            Pixels::Shared(segment, seg) => fetch_shared(client, area, rects, segment, *seg),
            Pixels::Own(data) => {
                let put = |rect: Rect, from: &[u8]| put(data, size, rect, from);
                fetch_plain(client, area, rects, put)
            }
        }
    }
}

/// All requests go out before the first reply is awaited: one round trip, and nobody else draws in
/// between.
fn fetch_shared(
    client: &Client,
    area: Rect,
    rects: &[Rect],
    segment: &mut Segment,
    seg: Seg,
) -> Result<(), GrabError> {
    let size = Size { width: area.width, height: area.height };
    let requests = places(rects, size).into_iter().map(|place| {
        let (x, y, width, height) = on_root(area, place.fetched);
        let (format, offset) = (ImageFormat::Z_PIXMAP.into(), place.offset as u32);
        let conn = &client.conn;
        let reply = conn.shm_get_image(client.root, x, y, width, height, !0, format, seg, offset);
        Ok((place, reply.map_err(broken)?))
    });
    let requests: Vec<_> = requests.collect::<Result<_, _>>()?;
    // Every reply is taken even after a failure: the server writes until the last.
    let replies: Vec<_> =
        requests.into_iter().map(|(place, reply)| (place, reply.reply())).collect();
    let (picture, spare) = segment.bytes_mut().split_at_mut(area.area() as usize * 4);
    for (place, reply) in replies {
        reply.map_err(refused)?;
        if let Some(from) = place.offset.checked_sub(picture.len()) {
            put(picture, size, place.fetched, &spare[from..]);
        }
    }
    Ok(())
}

fn fetch_plain(
    client: &Client,
    area: Rect,
    rects: &[Rect],
    mut put: impl FnMut(Rect, &[u8]),
) -> Result<(), GrabError> {
    let requests = rects.iter().map(|rect| {
        let (x, y, width, height) = on_root(area, *rect);
        client.conn.get_image(ImageFormat::Z_PIXMAP, client.root, x, y, width, height, !0)
    });
    let replies: Vec<_> = requests.collect::<Result<_, _>>().map_err(broken)?;
    for (rect, reply) in rects.iter().zip(replies) {
        let image = reply.reply().map_err(refused)?;
        if image.data.len() < rect.area() as usize * 4 {
            return Err(broken("the server sent fewer pixels than were asked for"));
        }
        put(*rect, &image.data);
    }
    Ok(())
}

/// What is fetched to where.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Place {
    fetched: Rect,
    /// Bytes from the start of the shared memory.
    offset: usize,
}

/// Where to fetch `rects` to. The server writes rows without gaps: to their place in the picture it
/// can write whole rows only, so what is narrow goes to the spare memory if it fits.
fn places(rects: &[Rect], size: Size) -> Vec<Place> {
    let row = size.width as usize * 4;
    let end = row * size.height as usize;
    let mut offset = end;
    let place = |rect: &Rect| {
        let bytes = rect.area() as usize * 4;
        if rect.width < size.width / 2 && offset + bytes <= end + SPARE {
            offset += bytes;
            return Place { fetched: *rect, offset: offset - bytes };
        }
        let fetched = Rect { x: 0, width: size.width, ..*rect };
        Place { fetched, offset: rect.y as usize * row }
    };
    rects.iter().map(place).collect()
}

/// X's own terms: 16 bits, from the root window's corner.
fn on_root(area: Rect, rect: Rect) -> (i16, i16, u16, u16) {
    let (x, y) = (area.x + rect.x, area.y + rect.y);
    (x as i16, y as i16, rect.width as u16, rect.height as u16)
}

/// Copies the pixels of `rect`, which lie at the start of `from` without gaps.
fn put(picture: &mut [u8], size: Size, rect: Rect, from: &[u8]) {
    let (row, stride) = (rect.width as usize * 4, size.width as usize * 4);
    let start = rect.y as usize * stride + rect.x as usize * 4;
    let rows = picture[start..].chunks_mut(stride).zip(from.chunks_exact(row));
    for (to, from) in rows.take(rect.height as usize) {
        to[..row].copy_from_slice(from);
    }
}

/// Shares `len` bytes with the server; `None` if it runs on another machine or in another
/// container, or cannot.
fn share(client: &Client, len: usize) -> Option<(Segment, Seg)> {
    client.conn.extension_information(shm::X11_EXTENSION_NAME).ok()??;
    let segment = Segment::new(len).ok()?;
    let seg = client.conn.generate_id().ok()?;
    client.conn.shm_attach(seg, segment.id, false).ok()?.check().ok()?;
    Some((segment, seg))
}

fn broken(error: impl Display) -> GrabError {
    GrabError::Failed(failed(CONTEXT)(error))
}

fn refused(error: ReplyError) -> GrabError {
    if let ReplyError::X11Error(error) = &error
        && error.error_kind == ErrorKind::Match
    {
        return GrabError::Outside;
    }
    broken(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 1920, height: 1080 };
    const END: usize = 1920 * 1080 * 4;

    fn rect(x: u32, y: u32, width: u32, height: u32) -> Rect {
        Rect { x, y, width, height }
    }

    /// One copy of the picture is enough: what is wide is fetched to where it belongs.
    #[test]
    fn whole_rows_need_no_memory_of_their_own() {
        let whole = Rect::whole(SIZE);
        assert_eq!(places(&[whole], SIZE), [Place { fetched: whole, offset: 0 }]);
        let wide = places(&[rect(100, 7, 1000, 3)], SIZE);
        assert_eq!(wide, [Place { fetched: rect(0, 7, 1920, 3), offset: 7 * 1920 * 4 }]);
    }

    #[test]
    fn what_is_narrow_is_fetched_alone_as_long_as_there_is_room() {
        let (glyph, block) = (rect(5, 5, 12, 20), rect(50, 0, 400, 600));
        let found = places(&[glyph, block, block, glyph], SIZE);
        let rows = Place { fetched: rect(0, 0, 1920, 600), offset: 0 };
        let glyphs = [END, END + (240 + 240_000) * 4];
        let glyphs = glyphs.map(|offset| Place { fetched: glyph, offset });
        let block = Place { fetched: block, offset: END + 240 * 4 };
        assert_eq!(found, [glyphs[0], block, rows, glyphs[1]]);
    }
}
