//! The cursor's shape and place.

use std::sync::Arc;

use x11rb::protocol::xfixes::{ConnectionExt as _, CursorNotifyMask, GetCursorImageReply};
use x11rb::protocol::xinput::{ConnectionExt as _, Device, EventMask, XIEventMask};
use x11rb::protocol::xproto::ConnectionExt as _;

use super::client::{Client, failed};
use crate::{CaptureError, Cursor, CursorImage, Rect};

const CONTEXT: &str = "follow the pointer";

/// What is known of the cursor.
#[derive(Debug, Default)]
pub(super) struct Pointer {
    image: Option<Arc<CursorImage>>,
    at: Option<(u32, u32)>,
    /// Whether it was given out as it is.
    given: bool,
}

impl Pointer {
    /// Asks the server to say when the cursor changes, and looks at it.
    pub(super) fn follow(client: &Client, area: Rect) -> Result<Self, CaptureError> {
        let (conn, root) = (&client.conn, client.root);
        let shapes = CursorNotifyMask::DISPLAY_CURSOR;
        conn.xfixes_select_cursor_input(root, shapes).map_err(failed(CONTEXT))?;
        // Raw motion comes from every client's point of view, even while another has grabbed the
        // pointer; ordinary motion goes to one window alone.
        let motion =
            EventMask { deviceid: Device::ALL_MASTER.into(), mask: vec![XIEventMask::RAW_MOTION] };
        conn.xinput_xi_select_events(root, &[motion]).map_err(failed(CONTEXT))?;
        let mut pointer = Self::default();
        pointer.reshape(client)?;
        pointer.locate(client, area)?;
        Ok(pointer)
    }

    /// Fetches the shape; whether it differs.
    pub(super) fn reshape(&mut self, client: &Client) -> Result<bool, CaptureError> {
        let request = client.conn.xfixes_get_cursor_image().map_err(failed(CONTEXT))?;
        let image = image(&request.reply().map_err(failed(CONTEXT))?).map(Arc::new);
        let changed = image != self.image;
        if changed {
            (self.image, self.given) = (image, false);
        }
        Ok(changed)
    }

    /// Asks where the pointer is; whether it moved on the display.
    pub(super) fn locate(&mut self, client: &Client, area: Rect) -> Result<bool, CaptureError> {
        let request = client.conn.query_pointer(client.root).map_err(failed(CONTEXT))?;
        let reply = request.reply().map_err(failed(CONTEXT))?;
        let (x, y) = (i64::from(reply.root_x), i64::from(reply.root_y));
        let at = u32::try_from(x).ok().zip(u32::try_from(y).ok());
        let here = at.filter(|&(x, y)| reply.same_screen && area.contains(x, y));
        let at = here.map(|(x, y)| (x - area.x, y - area.y));
        let moved = at != self.at;
        if moved {
            (self.at, self.given) = (at, false);
        }
        Ok(moved)
    }

    /// The cursor, if it was not given out as it is.
    pub(super) fn take(&mut self) -> Option<Cursor> {
        let given = std::mem::replace(&mut self.given, true);
        (!given).then(|| Cursor { image: self.image.clone(), at: self.at })
    }
}

/// XFixes gives premultiplied ARGB, a pixel in each number; a cursor without any ink is hidden.
fn image(reply: &GetCursorImageReply) -> Option<CursorImage> {
    let pixels = usize::from(reply.width) * usize::from(reply.height);
    let argb = reply.cursor_image.get(..pixels)?;
    argb.iter().any(|argb| argb >> 24 != 0).then(|| CursorImage {
        width: reply.width.into(),
        height: reply.height.into(),
        hot_x: reply.xhot.into(),
        hot_y: reply.yhot.into(),
        rgba: argb.iter().flat_map(|argb| straight(*argb)).collect(),
    })
}

/// Undoes the premultiplication of one pixel, rounding to the nearest.
fn straight(argb: u32) -> [u8; 4] {
    let [blue, green, red, alpha] = argb.to_le_bytes();
    let undo = |channel: u8| match u16::from(alpha) {
        0 => 0,
        alpha => ((u16::from(channel) * 255 + alpha / 2) / alpha).min(255) as u8,
    };
    [undo(red), undo(green), undo(blue), alpha]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_alpha_gives_back_what_was_premultiplied() {
        assert_eq!(straight(0x0000_0000), [0, 0, 0, 0]);
        assert_eq!(straight(0xFF12_3456), [0x12, 0x34, 0x56, 0xFF]);
        assert_eq!(straight(0x8080_4000), [255, 128, 0, 0x80]);
        assert_eq!(straight(0x01FF_FFFF), [255, 255, 255, 1], "more colour than alpha is clamped");
    }

    #[test]
    fn a_cursor_without_ink_is_hidden() {
        let clear = GetCursorImageReply {
            width: 2,
            height: 1,
            cursor_image: vec![0, 0],
            ..Default::default()
        };
        assert_eq!(image(&clear), None);
        let short = GetCursorImageReply {
            width: 2,
            height: 2,
            cursor_image: vec![!0],
            ..Default::default()
        };
        assert_eq!(image(&short), None);
    }
}
