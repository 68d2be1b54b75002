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

/// The picture of one area of the root window.
#[derive(Debug)]
pub(super) struct Grab {
    /// Which part of the root window.
    area: Rect,
    /// BGRX, rows without gaps.
    data: Vec<u8>,
    /// `None` where the server cannot share memory.
    shared: Option<(Segment, Seg)>,
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
        let shared = if shared_memory { share(client, len) } else { None };
        Self { area, data: vec![0; len], shared }
    }

    /// Makes the server let go of the shared memory; without it, closing the connection does.
    pub(super) fn release(self, client: &Client) -> Result<(), CaptureError> {
        if let Some((_, seg)) = self.shared {
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
        &self.data
    }

    /// Brings `rects` up to date, whose areas together are at most the picture's.
    pub(super) fn fetch(&mut self, client: &Client, rects: &[Rect]) -> Result<(), GrabError> {
        match self.shared.take() {
            Some(shared) => {
                let fetched = self.fetch_shared(client, rects, &shared);
                self.shared = Some(shared);
                fetched
            }
            None => self.fetch_plain(client, rects),
        }
    }

    /// All requests go out before the first reply is awaited, each with its own place in the
    /// segment: one round trip, however many rectangles.
    fn fetch_shared(
        &mut self,
        client: &Client,
        rects: &[Rect],
        (segment, seg): &(Segment, Seg),
    ) -> Result<(), GrabError> {
        let mut offset = 0;
        let mut replies = Vec::with_capacity(rects.len());
        for rect in rects {
            let (x, y, width, height) = self.on_root(*rect);
            let format = ImageFormat::Z_PIXMAP.into();
            let request = client.conn.shm_get_image(
                client.root,
                x,
                y,
                width,
                height,
                !0,
                format,
                *seg,
                offset,
            );
            replies.push((request.map_err(broken)?, offset as usize));
            offset += rect.width * rect.height * 4;
        }
        // Every reply is taken even after a failure: the server writes until the last.
        let replies: Vec<_> =
            replies.into_iter().map(|(reply, offset)| reply.reply().map(|_| offset)).collect();
        for (rect, reply) in rects.iter().zip(replies) {
            let offset = reply.map_err(refused)?;
            self.put(*rect, &segment.bytes()[offset..]);
        }
        Ok(())
    }

    fn fetch_plain(&mut self, client: &Client, rects: &[Rect]) -> Result<(), GrabError> {
        let requests = rects.iter().map(|rect| {
            let (x, y, width, height) = self.on_root(*rect);
            client.conn.get_image(ImageFormat::Z_PIXMAP, client.root, x, y, width, height, !0)
        });
        let replies: Vec<_> = requests.collect::<Result<_, _>>().map_err(broken)?;
        for (rect, reply) in rects.iter().zip(replies) {
            let image = reply.reply().map_err(refused)?;
            if image.data.len() < rect.area() as usize * 4 {
                return Err(broken("the server sent fewer pixels than were asked for"));
            }
            self.put(*rect, &image.data);
        }
        Ok(())
    }

    /// X's own terms: 16 bits, from the root window's corner.
    fn on_root(&self, rect: Rect) -> (i16, i16, u16, u16) {
        let (x, y) = (self.area.x + rect.x, self.area.y + rect.y);
        (x as i16, y as i16, rect.width as u16, rect.height as u16)
    }

    /// Copies the pixels of `rect`, which lie at the start of `from` without gaps.
    fn put(&mut self, rect: Rect, from: &[u8]) {
        let (row, stride) = (rect.width as usize * 4, self.area.width as usize * 4);
        let start = rect.y as usize * stride + rect.x as usize * 4;
        let rows = self.data[start..].chunks_mut(stride).zip(from.chunks_exact(row));
        for (to, from) in rows.take(rect.height as usize) {
            to[..row].copy_from_slice(from);
        }
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
