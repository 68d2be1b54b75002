//! Which key makes which symbol.

use std::collections::HashMap;

use x11rb::protocol::xkb::{ConnectionExt as _, GetMapReply, KeySymMap, KeyType, MapPart};
use x11rb::protocol::xproto::{Keycode, Keysym, ModMask};

use super::server::{KEYBOARD, Server, failed};
use crate::InputError;

/// A keycode and the modifiers that must be on with it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Way {
    pub(super) keycode: Keycode,
    pub(super) mods: ModMask,
}

/// The server's key map in the group (the layout) that is on, and what is locked.
#[derive(Debug)]
pub(super) struct Keymap {
    ways: HashMap<Keysym, Way>,
    /// The keycodes that make nothing, in any group.
    pub(super) empty: Vec<Keycode>,
    /// The modifiers that are locked, such as Lock for CapsLock.
    pub(super) locked: ModMask,
}

impl Keymap {
    /// Asks the server, which is cheap enough to do for every text: people change layouts.
    pub(super) fn read(server: &Server) -> Result<Self, InputError> {
        let context = "reading the key map";
        let none = MapPart::default();
        let parts = MapPart::KEY_TYPES | MapPart::KEY_SYMS;
        let map = server.conn.xkb_get_map(
            KEYBOARD,
            parts,
            none,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0u16.into(),
            0,
            0,
            0,
            0,
            0,
            0,
        );
        let state = server.conn.xkb_get_state(KEYBOARD).map_err(failed(context))?;
        let map = map.map_err(failed(context))?.reply().map_err(failed(context))?;
        let state = state.reply().map_err(failed(context))?;
        Ok(Self::from_reply(&map, u8::from(state.group).into(), state.locked_mods))
    }

    /// How to make `keysym`, with the fewest modifiers; `None` if no key does.
    pub(super) fn find(&self, keysym: Keysym) -> Option<Way> {
        self.ways.get(&keysym).copied()
    }

    fn from_reply(reply: &GetMapReply, group: usize, locked: ModMask) -> Self {
        let types = reply.map.types_rtrn.as_deref().unwrap_or_default();
        let keys = reply.map.syms_rtrn.as_deref().unwrap_or_default();
        let mut map = Self { ways: HashMap::new(), empty: Vec::new(), locked };
        for (keycode, key) in (reply.first_key_sym..=u8::MAX).zip(keys) {
            if key.syms.iter().all(|&keysym| keysym == 0) {
                map.empty.push(keycode);
            }
            for (keysym, mods) in symbols(key, group, types) {
                map.offer(keysym, Way { keycode, mods });
            }
        }
        map
    }

    /// Keeps `way` if it takes fewer modifiers than the one known.
    fn offer(&mut self, keysym: Keysym, way: Way) {
        let effort = |way: &Way| u16::from(way.mods).count_ones();
        let known = self.ways.entry(keysym).or_insert(way);
        if effort(&way) < effort(known) {
            *known = way;
        }
    }
}

/// What `key` makes in `group`, and with which modifiers.
fn symbols<'a>(
    key: &'a KeySymMap,
    group: usize,
    types: &'a [KeyType],
) -> impl Iterator<Item = (Keysym, ModMask)> + 'a {
    let group = own_group(key.group_info, group);
    let kind = group.and_then(|group| types.get(usize::from(*key.kt_index.get(group)?)));
    let width = usize::from(key.width);
    let syms = key.syms.iter().skip(group.unwrap_or(0) * width).take(width).copied();
    syms.enumerate()
        .filter(|&(_, keysym)| keysym != 0)
        .filter_map(move |(level, keysym)| Some((keysym, modifiers(kind?, level)?)))
}

/// The group that a key uses while the keyboard is in `group`; `None` if it has none.
///
/// XKB protocol specification, section 7.2.2: a group that the key lacks wraps around, or is
/// clamped to the last (0x40), or redirected (0x80) to the one in bits 4 and 5.
fn own_group(info: u8, group: usize) -> Option<usize> {
    let groups = usize::from(info & 0x0f);
    match (groups, info & 0xc0) {
        (0, _) => None,
        (_, _) if group < groups => Some(group),
        (_, 0x40) => Some(groups - 1),
        (_, 0x80) => Some(usize::from(info >> 4 & 0x03)).map(|to| if to < groups { to } else { 0 }),
        (_, _) => Some(group % groups),
    }
}

/// The fewest modifiers that select `level` of a key of type `kind`, CapsLock and Control aside.
fn modifiers(kind: &KeyType, level: usize) -> Option<ModMask> {
    let barred = u16::from(ModMask::LOCK | ModMask::CONTROL);
    let plain = ModMask::from(0_u8);
    let selects = |mods: ModMask| {
        let entry = kind.map.iter().find(|entry| entry.active && entry.mods_mask == mods);
        entry.map_or(0, |entry| usize::from(entry.level))
    };
    let listed = kind.map.iter().filter(|entry| entry.active).map(|entry| entry.mods_mask);
    std::iter::once(plain)
        .chain(listed)
        .filter(|&mods| u16::from(mods) & barred == 0 && selects(mods) == level)
        .min_by_key(|&mods| u16::from(mods).count_ones())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_fewer_layouts_than_the_keyboard_uses_one_it_has() {
        assert_eq!(own_group(0x00, 0), None);
        assert_eq!(own_group(0x02, 1), Some(1));
        assert_eq!(own_group(0x01, 3), Some(0));
        assert_eq!(own_group(0x42, 3), Some(1));
        assert_eq!(own_group(0x93, 3), Some(1));
    }
}
