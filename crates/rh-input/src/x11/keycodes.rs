//! From keys to the server's keycodes.

use std::collections::HashMap;

use rh_protocol::Key;
use x11rb::protocol::xkb::{ConnectionExt as _, NameDetail};
use x11rb::protocol::xproto::Keycode;

use super::places::place;
use super::server::{KEYBOARD, Server, failed};
use crate::InputError;

/// An XKB key name: at most four characters, filled up with zeros.
type Name = [u8; 4];

/// What [`Linux codes`](place) are counted from on servers that follow them: keycodes 0 to 7 are
/// not allowed in the X protocol.
const EVDEV_OFFSET: u8 = 8;

/// The keycodes of a server by the names of the places on its keyboard.
#[derive(Debug)]
pub(super) struct Keycodes(HashMap<Name, Keycode>);

impl Keycodes {
    /// Asks the server for its names.
    pub(super) fn read(server: &Server) -> Result<Self, InputError> {
        let context = "reading the names of the keys";
        let which = NameDetail::KEY_NAMES | NameDetail::KEY_ALIASES;
        let request = server.conn.xkb_get_names(KEYBOARD, which).map_err(failed(context))?;
        let reply = request.reply().map_err(failed(context))?;

        let mut names: HashMap<Name, Keycode> = HashMap::new();
        for (keycode, key) in
            (reply.first_key..=u8::MAX).zip(reply.value_list.key_names.iter().flatten())
        {
            if key.name != [0; 4] {
                names.entry(key.name).or_insert(keycode);
            }
        }
        for alias in reply.value_list.key_aliases.iter().flatten() {
            if let Some(&keycode) = names.get(&alias.real) {
                names.entry(alias.alias).or_insert(keycode);
            }
        }
        Ok(Self(names))
    }

    /// The keycode of `key`.
    ///
    /// # Errors
    ///
    /// [`InputError::Unsupported`] if the server's keyboard has no such key.
    pub(super) fn find(&self, key: Key) -> Result<Keycode, InputError> {
        let (name, linux) = place(key);
        let mut padded = [0; 4];
        padded[..name.len()].copy_from_slice(name.as_bytes());
        // A server without names was set up without xkeyboard-config; Linux codes are usual then.
        let by_number = self.0.is_empty().then_some(linux + EVDEV_OFFSET);
        let keycode = self.0.get(&padded).copied().or(by_number);
        keycode.ok_or_else(|| InputError::Unsupported(format!("the key {key}")))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_key_has_a_place_of_its_own() {
        let unnamed = Keycodes(HashMap::new());
        let places: BTreeSet<_> = Key::ALL.iter().map(|&key| place(key).0).collect();
        let keycodes: BTreeSet<_> =
            Key::ALL.iter().map(|&key| unnamed.find(key).unwrap()).collect();
        assert_eq!((places.len(), keycodes.len()), (Key::ALL.len(), Key::ALL.len()));
    }

    #[test]
    fn a_named_keyboard_is_asked_by_name_alone() {
        let named = Keycodes(HashMap::from([(*b"UP\0\0", 98)]));
        assert_eq!(named.find(Key::ArrowUp), Ok(98));
        assert!(matches!(named.find(Key::F24), Err(InputError::Unsupported(_))));
    }
}
