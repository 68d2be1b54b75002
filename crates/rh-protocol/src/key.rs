//! Physical keys.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Declares [`Key`] with one variant per code, so that name, list and wire cannot differ.
macro_rules! keys {
    ($($name:ident)*) => {
        /// A physical key by its place on the keyboard, whatever the layout prints on it.
        ///
        /// The variants are the `KeyboardEvent.code` values of the W3C's "UI Events KeyboardEvent
        /// code Values", sections 3.1 to 3.6, so a browser's `event.code` travels unchanged.
        #[derive(
            Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
        )]
        #[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
        #[expect(missing_docs, reason = "the W3C document describes each code")]
        pub enum Key { $($name,)* }

        impl Key {
            /// Every key.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The `KeyboardEvent.code` value.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

keys! {
    Backquote Backslash BracketLeft BracketRight Comma
    Digit0 Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9
    Equal IntlBackslash IntlRo IntlYen
    KeyA KeyB KeyC KeyD KeyE KeyF KeyG KeyH KeyI KeyJ KeyK KeyL KeyM
    KeyN KeyO KeyP KeyQ KeyR KeyS KeyT KeyU KeyV KeyW KeyX KeyY KeyZ
    Minus Period Quote Semicolon Slash
    AltLeft AltRight Backspace CapsLock ContextMenu ControlLeft ControlRight Enter
    MetaLeft MetaRight ShiftLeft ShiftRight Space Tab
    Convert KanaMode Lang1 Lang2 NonConvert
    Delete End Help Home Insert PageDown PageUp
    ArrowDown ArrowLeft ArrowRight ArrowUp
    NumLock Numpad0 Numpad1 Numpad2 Numpad3 Numpad4 Numpad5 Numpad6 Numpad7 Numpad8 Numpad9
    NumpadAdd NumpadComma NumpadDecimal NumpadDivide NumpadEnter NumpadEqual NumpadMultiply
    NumpadSubtract
    Escape F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24
    PrintScreen ScrollLock Pause
    AudioVolumeDown AudioVolumeMute AudioVolumeUp
    MediaPlayPause MediaStop MediaTrackNext MediaTrackPrevious
}

/// No key has this code.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no key has the code {0:?}; codes are those of W3C KeyboardEvent.code, such as KeyA")]
pub struct UnknownKey(pub String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Key {
    type Err = UnknownKey;

    fn from_str(code: &str) -> Result<Self, UnknownKey> {
        let known = Self::ALL.iter().find(|key| key.code() == code);
        known.copied().ok_or_else(|| UnknownKey(code.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_key_reads_back_from_its_code_and_from_the_wire() {
        for &key in Key::ALL {
            assert_eq!(key.code().parse(), Ok(key));
            assert_eq!(serde_json::to_string(&key).unwrap(), format!("{:?}", key.code()));
        }
        assert_eq!(Key::ALL.iter().collect::<BTreeSet<_>>().len(), Key::ALL.len());
    }

    #[test]
    fn a_code_that_is_none_is_refused() {
        assert!("KeyÄ".parse::<Key>().is_err());
        assert!(serde_json::from_str::<Key>("\"Fn\"").is_err());
    }
}
