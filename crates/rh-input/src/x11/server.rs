//! The connection.

use x11rb::connection::{Connection, RequestConnection};
use x11rb::errors::ReplyError;
use x11rb::protocol::Event;
use x11rb::protocol::xkb::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{
    ConnectionExt as _, CreateWindowAux, Keycode, Keysym, ModMask, Window, WindowClass,
};
use x11rb::protocol::xtest::{self, ConnectionExt as _};
use x11rb::rust_connection::RustConnection;

use crate::InputError;

/// The keyboard that all of a server's keyboards feed: `XkbUseCoreKbd` of X.org's `XKB.h`.
pub(super) const KEYBOARD: u16 = 0x0100;

/// `NoSymbol` of X.org's `X.h`.
const NOTHING: Keysym = 0;

/// A connection, with the requests of which strokes are made.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) conn: RustConnection,
    pub(super) root: Window,
    /// A window of this client that is never shown: it exists as long as the connection.
    pub(super) window: Window,
}

impl Server {
    /// Connects, and makes sure of the extensions.
    pub(super) fn connect(display: Option<&str>) -> Result<Self, InputError> {
        let (conn, screen) = RustConnection::connect(display).map_err(unavailable)?;
        for extension in [xtest::X11_EXTENSION_NAME, xkb::X11_EXTENSION_NAME] {
            let known = conn.extension_information(extension).map_err(unavailable)?;
            known.ok_or_else(|| unavailable(format!("the X server has no {extension}")))?;
        }
        // A server answers XKB requests only to clients that announced themselves.
        let xkb =
            conn.xkb_use_extension(1, 0).map_err(unavailable)?.reply().map_err(unavailable)?;
        if !xkb.supported {
            return Err(unavailable("the X server does not speak XKB 1.0"));
        }
        let root = conn.setup().roots[screen].root;
        let window = conn.generate_id().map_err(unavailable)?;
        let class = WindowClass::INPUT_ONLY;
        conn.create_window(0, window, root, 0, 0, 1, 1, 0, class, 0, &CreateWindowAux::new())
            .map_err(unavailable)?;
        Ok(Self { conn, root, window })
    }

    /// Acts as the pointer or the keyboard would; the server has it after [`sync`](Self::sync).
    pub(super) fn fake(&self, kind: u8, detail: u8, x: i16, y: i16) -> Result<(), InputError> {
        const NOW: u32 = 0;
        let request = self.conn.xtest_fake_input(kind, detail, NOW, self.root, x, y, 0);
        request.map(drop).map_err(failed("acting through XTEST"))
    }

    /// Locks exactly `mods`, as if their keys were on.
    pub(super) fn lock(&self, mods: ModMask) -> Result<(), InputError> {
        let (all, none) = (ModMask::from(0xff_u8), ModMask::from(0_u8));
        let group = xkb::Group::M1;
        let request =
            self.conn.xkb_latch_lock_state(KEYBOARD, all, mods, false, group, none, false, 0);
        request.map(drop).map_err(failed("setting the locks"))
    }

    /// Gives `keycode` the symbol `keysym` whatever the modifiers, or none at all with [`NOTHING`].
    pub(super) fn bind(&self, keycode: Keycode, keysym: Keysym) -> Result<(), InputError> {
        // Twice, because a single letter would get its capital as its second symbol.
        let request = self.conn.change_keyboard_mapping(1, keycode, 2, &[keysym, keysym]);
        request.map(drop).map_err(failed("changing the key map"))
    }

    /// Takes `keysym` from `keycode` again, unless somebody else has given it another symbol.
    pub(super) fn unbind(&self, keycode: Keycode, keysym: Keysym) -> Result<(), InputError> {
        let context = "reading the key map";
        let request = self.conn.get_keyboard_mapping(keycode, 1).map_err(failed(context))?;
        let now = request.reply().map_err(failed(context))?.keysyms;
        if now.first() == Some(&keysym) { self.bind(keycode, NOTHING) } else { Ok(()) }
    }

    /// Whether `keycode` is held for another key's sake: Shift and its like, but no lock.
    pub(super) fn is_modifier(&self, keycode: Keycode) -> Result<bool, InputError> {
        let context = "reading the modifiers";
        let request = self.conn.get_modifier_mapping().map_err(failed(context))?;
        let map = request.reply().map_err(failed(context))?;
        let per_modifier = usize::from(map.keycodes_per_modifier()).max(1);
        // In the order of the protocol: Shift, Lock, Control, Mod1 to Mod5.
        let mut rows = map.keycodes.chunks(per_modifier).enumerate();
        Ok(rows.any(|(row, keycodes)| row != 1 && keycodes.contains(&keycode)))
    }

    /// Returns when the server has carried out everything so far.
    ///
    /// # Errors
    ///
    /// [`InputError::Platform`] with the first thing that it did not carry out.
    pub(super) fn sync(&self) -> Result<(), InputError> {
        let context = "waiting for the X server";
        let request = self.conn.get_input_focus().map_err(failed(context))?;
        request.reply().map_err(failed(context))?;
        let mut outcome = Ok(());
        while let Some(event) = self.conn.poll_for_event().map_err(failed(context))? {
            if let Event::Error(error) = event {
                let refused = failed("acting on the X server")(ReplyError::X11Error(error));
                outcome = outcome.and(Err(refused));
            }
        }
        outcome
    }
}

fn unavailable(detail: impl ToString) -> InputError {
    InputError::Unavailable { backend: "xtest", detail: detail.to_string() }
}

/// Turns what went wrong with a request into an [`InputError::Platform`].
pub(super) fn failed<E: Into<ReplyError>>(context: &'static str) -> impl Fn(E) -> InputError {
    move |error| InputError::Platform { context, detail: error.into().to_string() }
}
