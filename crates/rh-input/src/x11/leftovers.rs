//! Putting the key map back for a process that was killed while characters were bound.
//!
//! Whoever binds spare keys notes them in a property of the root window, with a window of its own.
//! The server destroys that window when its client is gone: a note with a window that no longer
//! exists is a leftover.

use x11rb::protocol::xproto::{Atom, AtomEnum, ConnectionExt as _, Keycode, Keysym, PropMode};
use x11rb::wrapper::ConnectionExt as _;

use super::server::{Server, failed};
use crate::InputError;

/// A list of CARDINAL: the window, then keycode and keysym of every key that is bound.
const PROPERTY: &[u8] = b"_REMOTE_HELP_BOUND_KEYS";

/// Notes what is bound from now on.
pub(super) fn note(
    server: &Server,
    bound: impl Iterator<Item = (Keycode, Keysym)>,
) -> Result<(), InputError> {
    let pairs = bound.flat_map(|(keycode, keysym)| [u32::from(keycode), keysym]);
    let list: Vec<u32> = std::iter::once(server.window).chain(pairs).collect();
    let (property, kind) = (property(server)?, AtomEnum::CARDINAL);
    let request =
        server.conn.change_property32(PropMode::REPLACE, server.root, property, kind, &list);
    request.map(drop).map_err(failed("noting what is bound"))
}

/// Notes that nothing is bound any more.
pub(super) fn forget(server: &Server) -> Result<(), InputError> {
    let request = server.conn.delete_property(server.root, property(server)?);
    request.map(drop).map_err(failed("noting that nothing is bound"))
}

/// Unbinds what a client that is gone had bound.
pub(super) fn clear(server: &Server) -> Result<(), InputError> {
    let context = "looking for leftovers in the key map";
    let property = property(server)?;
    let request =
        server.conn.get_property(false, server.root, property, AtomEnum::CARDINAL, 0, 512);
    let reply = request.map_err(failed(context))?.reply().map_err(failed(context))?;
    let list: Vec<u32> = reply.value32().into_iter().flatten().collect();
    let Some((&owner, bound)) = list.split_first() else { return Ok(()) };
    let alive = server.conn.get_window_attributes(owner).map_err(failed(context))?.reply().is_ok();
    if alive {
        return Ok(());
    }
    for pair in bound.chunks_exact(2) {
        if let Ok(keycode) = Keycode::try_from(pair[0]) {
            server.unbind(keycode, pair[1])?;
        }
    }
    forget(server)
}

fn property(server: &Server) -> Result<Atom, InputError> {
    let context = "naming a property";
    let request = server.conn.intern_atom(false, PROPERTY).map_err(failed(context))?;
    Ok(request.reply().map_err(failed(context))?.atom)
}
