//! A connection to a server that has what capture needs.

use std::fmt::Display;

use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::protocol::damage::{self, ConnectionExt as _};
use x11rb::protocol::randr::{self, ConnectionExt as _};
use x11rb::protocol::xfixes::{self, ConnectionExt as _};
use x11rb::protocol::xinput::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{ImageOrder, Screen, Window};
use x11rb::reexports::x11rb_protocol::parse_display::parse_display;
use x11rb::rust_connection::RustConnection;

use crate::CaptureError;

/// A connection and the root window of its default screen.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) conn: RustConnection,
    pub(super) root: Window,
}

impl Client {
    /// Connects to the server of this name, or of the environment's `DISPLAY`.
    pub(super) fn connect(name: Option<&str>) -> Result<Self, CaptureError> {
        let server = name.unwrap_or("that DISPLAY names");
        // Servers listen on port 6000 and up; x11rb adds without looking whether it fits.
        if parse_display(name).is_ok_and(|parsed| parsed.display.checked_add(6000).is_none()) {
            return Err(unavailable(format!(
                "no X server {server} can be: the number is too large"
            )));
        }
        let (conn, screen) = RustConnection::connect(name).map_err(|error| {
            unavailable(format!("the X server {server} does not answer: {error}"))
        })?;
        let client = Self { root: conn.setup().roots[screen].root, conn };
        client.require_pixel_format(screen)?;
        client.require_extensions()?;
        Ok(client)
    }

    /// Pixels must lie in memory as blue, green, red and a fourth byte.
    fn require_pixel_format(&self, screen: usize) -> Result<(), CaptureError> {
        let setup = self.conn.setup();
        let Screen { root_depth: depth, root_visual, ref allowed_depths, .. } = setup.roots[screen];
        let format = setup.pixmap_formats.iter().find(|format| format.depth == depth);
        let bits = format.map_or(0, |format| format.bits_per_pixel);
        let mut visuals = allowed_depths.iter().flat_map(|depth| &depth.visuals);
        let visual = visuals.find(|visual| visual.visual_id == root_visual);
        let masks = visual.map(|visual| (visual.red_mask, visual.green_mask, visual.blue_mask));
        if matches!(depth, 24 | 32)
            && bits == 32
            && masks == Some((0xFF_0000, 0xFF00, 0xFF))
            && setup.image_byte_order == ImageOrder::LSB_FIRST
        {
            return Ok(());
        }
        Err(unavailable(format!(
            "its pixels (depth {depth}, {bits} bits) are not 8 bits each of blue, green and red"
        )))
    }

    /// Makes the versions known to the server, which each extension asks for before its use.
    fn require_extensions(&self) -> Result<(), CaptureError> {
        for name in [
            randr::X11_EXTENSION_NAME,
            damage::X11_EXTENSION_NAME,
            xfixes::X11_EXTENSION_NAME,
            xinput::X11_EXTENSION_NAME,
        ] {
            let found =
                self.conn.extension_information(name).map_err(failed("ask for extensions"))?;
            found.ok_or_else(|| unavailable(format!("the X server lacks {name}")))?;
        }
        let fail = "agree on versions";
        // Monitors came with RandR 1.5, raw events that reach every client with XInput 2.1.
        let randr = self.conn.randr_query_version(1, 5).map_err(failed(fail))?;
        let input = self.conn.xinput_xi_query_version(2, 2).map_err(failed(fail))?;
        let damage = self.conn.damage_query_version(1, 1).map_err(failed(fail))?;
        let fixes = self.conn.xfixes_query_version(5, 0).map_err(failed(fail))?;
        let randr = randr.reply().map_err(failed(fail))?;
        let input = input.reply().map_err(failed(fail))?;
        damage.reply().map_err(failed(fail))?;
        fixes.reply().map_err(failed(fail))?;
        if (randr.major_version, randr.minor_version) < (1, 5) {
            return Err(unavailable("the X server's RANDR is older than 1.5".to_owned()));
        }
        if (input.major_version, input.minor_version) < (2, 1) {
            return Err(unavailable("the X server's XInput is older than 2.1".to_owned()));
        }
        Ok(())
    }
}

fn unavailable(detail: String) -> CaptureError {
    CaptureError::Unavailable { backend: "X11", detail }
}

/// Makes the server's failure ours: `context` is what was being done.
pub(super) fn failed<E: Display>(context: &'static str) -> impl Fn(E) -> CaptureError {
    move |error| CaptureError::Platform { context, detail: error.to_string() }
}
