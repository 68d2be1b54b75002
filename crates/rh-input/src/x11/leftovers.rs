//! Putting the key map back for a process that was killed while characters were bound.
//!
//! Whoever binds spare keys notes them in a property of the root window, with a window of its own,
//! and marks that window. The server destroys it when its client is gone: a note without a marked
//! window is a leftover. (The number of a window alone proves nothing, the next client may get it.)

use x11rb::protocol::xproto::{Atom, AtomEnum, ConnectionExt as _, Keycode, Keysym, PropMode};
use x11rb::wrapper::ConnectionExt as _;

use super::server::{Server, failed};
use crate::InputError;

/// On the root, a list of CARDINAL: the window, then keycode and keysym of every key that is bound.
/// On that window, the mark.
const PROPERTY: &[u8] = b"_REMOTE_HELP_BOUND_KEYS";

/// Notes what is bound from now on.
pub(super) fn note(
    server: &Server,
    bound: impl Iterator<Item = (Keycode, Keysym)>,
) -> Result<(), InputError> {
    let pairs = bound.flat_map(|(keycode, keysym)| [u32::from(keycode), keysym]);
    let list: Vec<u32> = std::iter::once(server.window).chain(pairs).collect();
    let property = property(server)?;
    for (window, list) in [(server.window, &list[..1]), (server.root, &list)] {
        let kind = AtomEnum::CARDINAL;
        let request =
            server.conn.change_property32(PropMode::REPLACE, window, property, kind, list);
        request.map_err(failed("noting what is bound"))?;
    }
    Ok(())
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
    let read = |window, longs| {
        let kind = AtomEnum::CARDINAL;
        let request = server.conn.get_property(false, window, property, kind, 0, longs);
        Ok(request.map_err(failed(context))?.reply())
    };
    let note = read(server.root, 2 * u32::from(u8::MAX))?.map_err(failed(context))?;
    let list: Vec<u32> = note.value32().into_iter().flatten().collect();
    let Some((&owner, bound)) = list.split_first() else { return Ok(()) };
    if read(owner, 1)?.is_ok_and(|mark| mark.value_len > 0) {
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
