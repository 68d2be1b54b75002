//! The modifier flags that an event says it was made with.
//!
//! Programs read modifiers from the flags of each event and not from the keyboard, so every event
//! says its own. Ours are those that the helper holds: what the sharer's hand is on is not mixed in.

use rh_protocol::Key;

/// The bits of a `CGEventFlags`.
pub type Flags = u64;

/// `kCGEventFlagMaskAlphaShift`: CapsLock is on.
pub const CAPS_LOCK: Flags = 0x1_0000;
const SHIFT: Flags = 0x2_0000;
const CONTROL: Flags = 0x4_0000;
const OPTION: Flags = 0x8_0000;
const COMMAND: Flags = 0x10_0000;
/// The key is on the keypad, or an arrow.
const KEYPAD: Flags = 0x20_0000;
/// The key is one that Fn makes on a small keyboard.
const FUNCTION: Flags = 0x80_0000;
/// `kCGEventFlagMaskNonCoalesced`.
const NON_COALESCED: Flags = 0x100;

/// The modifiers held, each by the key that holds it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Modifiers {
    /// The keys, as their device bits; no two keys share one.
    held: Flags,
}

impl Modifiers {
    /// Notes that `key` goes down or up; whether it is a modifier.
    pub fn note(&mut self, key: Key, down: bool) -> bool {
        let Some((device, _)) = bits(key) else { return false };
        self.held = if down { self.held | device } else { self.held & !device };
        true
    }

    /// The flags of an event, of `key` if it is one of a key.
    ///
    /// CapsLock is as `system`, the flags of the desktop, has it: nothing here turns it on or off.
    pub fn flags(&self, key: Option<Key>, system: Flags) -> Flags {
        let held =
            MODIFIERS.into_iter().filter_map(bits).filter(|(device, _)| self.held & device != 0);
        let modifiers = held.fold(0, |flags, (device, mask)| flags | device | mask);
        modifiers | key.map_or(0, place) | system & CAPS_LOCK | NON_COALESCED
    }
}

const MODIFIERS: [Key; 8] = [
    Key::ControlLeft,
    Key::ControlRight,
    Key::ShiftLeft,
    Key::ShiftRight,
    Key::AltLeft,
    Key::AltRight,
    Key::MetaLeft,
    Key::MetaRight,
];

/// The device bit of a modifier (`NX_DEVICE*KEYMASK` of `IOLLEvent.h`), which tells left from right,
/// and its mask (`kCGEventFlagMask*`), which does not.
fn bits(key: Key) -> Option<(Flags, Flags)> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other hundred keys modify nothing")]
    match key {
        Key::ControlLeft => Some((0x1, CONTROL)),
        Key::ShiftLeft => Some((0x2, SHIFT)),
        Key::ShiftRight => Some((0x4, SHIFT)),
        Key::MetaLeft => Some((0x8, COMMAND)),
        Key::MetaRight => Some((0x10, COMMAND)),
        Key::AltLeft => Some((0x20, OPTION)),
        Key::AltRight => Some((0x40, OPTION)),
        Key::ControlRight => Some((0x2000, CONTROL)),
        _ => None,
    }
}

/// What a keyboard adds for where the key is; programs tell keypad and function keys by it.
fn place(key: Key) -> Flags {
    let code = key.code();
    let function = code.strip_prefix('F').is_some_and(|number| number.parse::<u8>().is_ok());
    let block = ["Delete", "End", "Help", "Home", "PageDown", "PageUp"].contains(&code);
    if code.starts_with("Arrow") {
        KEYPAD | FUNCTION
    } else if code.starts_with("Num") {
        KEYPAD
    } else if function || block {
        FUNCTION
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(keys: &[Key]) -> Modifiers {
        let mut modifiers = Modifiers::default();
        keys.iter().for_each(|&key| assert!(modifiers.note(key, true), "{key} modifies"));
        modifiers
    }

    fn flags(modifiers: &Modifiers) -> Flags {
        modifiers.flags(None, 0) & !NON_COALESCED
    }

    #[test]
    fn each_modifier_has_its_mask_and_its_side() {
        let each = MODIFIERS.map(|key| flags(&held(&[key])));
        assert_eq!(
            each,
            [0x40001, 0x42000, 0x20002, 0x20004, 0x80020, 0x80040, 0x10_0008, 0x10_0010]
        );
        assert_eq!(flags(&held(&MODIFIERS)), 0x1e_207f);
    }

    #[test]
    fn a_mask_lasts_until_both_sides_are_up() {
        let mut modifiers = held(&[Key::ShiftLeft, Key::ShiftRight]);
        modifiers.note(Key::ShiftLeft, false);
        assert_eq!(flags(&modifiers), 0x20004);
        modifiers.note(Key::ShiftRight, false);
        modifiers.note(Key::ShiftRight, false);
        assert_eq!(flags(&modifiers), 0);
    }

    #[test]
    fn other_keys_change_nothing() {
        let mut modifiers = held(&[Key::AltRight]);
        for &key in Key::ALL.iter().filter(|key| !MODIFIERS.contains(key)) {
            assert!(!modifiers.note(key, true), "{key} modifies nothing");
        }
        assert_eq!(modifiers, held(&[Key::AltRight]));
    }

    /// B-07: CapsLock is the sharer's.
    #[test]
    fn caps_lock_is_as_the_desktop_has_it() {
        let mut modifiers = Modifiers::default();
        modifiers.note(Key::CapsLock, true);
        assert_eq!(modifiers.flags(Some(Key::CapsLock), 0) & CAPS_LOCK, 0);
        modifiers.note(Key::CapsLock, false);
        assert_eq!(modifiers.flags(Some(Key::KeyA), !0), CAPS_LOCK | NON_COALESCED);
    }

    #[test]
    fn a_key_says_where_it_is() {
        let modifiers = Modifiers::default();
        let where_it_is = |key| modifiers.flags(Some(key), 0) & !NON_COALESCED;
        for key in [Key::ArrowUp, Key::ArrowLeft] {
            assert_eq!(where_it_is(key), KEYPAD | FUNCTION, "{key}");
        }
        for key in [Key::Numpad5, Key::NumpadEnter, Key::NumLock] {
            assert_eq!(where_it_is(key), KEYPAD, "{key}");
        }
        for key in [Key::F1, Key::F12, Key::Delete, Key::Home, Key::PageDown, Key::Help] {
            assert_eq!(where_it_is(key), FUNCTION, "{key}");
        }
        for key in [Key::KeyF, Key::Enter, Key::Backspace, Key::Digit1, Key::Escape] {
            assert_eq!(where_it_is(key), 0, "{key}");
        }
    }
}
