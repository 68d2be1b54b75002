//! Every key's virtual key code.

use rh_protocol::Key;

/// The key's virtual key code, `kVK_*` of `HIToolbox/Events.h`; `None` if macOS has no such key.
///
/// A code means a place on the keyboard, not a letter. Without one are:
///
/// - CapsLock: an event does not turn the lock, and the sharer's lock stays the sharer's; text comes
///   as characters, whatever locks the helper has on.
/// - Insert, PrintScreen, ScrollLock, Pause and F21 to F24: macOS takes the first four of a PC
///   keyboard for Help and F13 to F15, which have keys of their own here.
/// - Convert, NonConvert and KanaMode: Apple's Japanese keyboards have Eisu and Kana instead, which
///   are [`Key::Lang2`] and [`Key::Lang1`].
/// - What plays and stops media: such keys are events of another kind (`NX_SYSDEFINED`).
///
/// An ISO keyboard by Apple swaps `kVK_ISO_Section` and `kVK_ANSI_Grave`; here each is where it is
/// on any other.
pub fn code(key: Key) -> Option<u16> {
    Some(match key {
        Key::Backquote => 0x32,
        Key::Backslash => 0x2a,
        Key::BracketLeft => 0x21,
        Key::BracketRight => 0x1e,
        Key::Comma => 0x2b,
        Key::Digit0 => 0x1d,
        Key::Digit1 => 0x12,
        Key::Digit2 => 0x13,
        Key::Digit3 => 0x14,
        Key::Digit4 => 0x15,
        Key::Digit5 => 0x17,
        Key::Digit6 => 0x16,
        Key::Digit7 => 0x1a,
        Key::Digit8 => 0x1c,
        Key::Digit9 => 0x19,
        Key::Equal => 0x18,
        Key::IntlBackslash => 0x0a,
        Key::IntlRo => 0x5e,
        Key::IntlYen => 0x5d,
        Key::KeyA => 0x00,
        Key::KeyB => 0x0b,
        Key::KeyC => 0x08,
        Key::KeyD => 0x02,
        Key::KeyE => 0x0e,
        Key::KeyF => 0x03,
        Key::KeyG => 0x05,
        Key::KeyH => 0x04,
        Key::KeyI => 0x22,
        Key::KeyJ => 0x26,
        Key::KeyK => 0x28,
        Key::KeyL => 0x25,
        Key::KeyM => 0x2e,
        Key::KeyN => 0x2d,
        Key::KeyO => 0x1f,
        Key::KeyP => 0x23,
        Key::KeyQ => 0x0c,
        Key::KeyR => 0x0f,
        Key::KeyS => 0x01,
        Key::KeyT => 0x11,
        Key::KeyU => 0x20,
        Key::KeyV => 0x09,
        Key::KeyW => 0x0d,
        Key::KeyX => 0x07,
        Key::KeyY => 0x10,
        Key::KeyZ => 0x06,
        Key::Minus => 0x1b,
        Key::Period => 0x2f,
        Key::Quote => 0x27,
        Key::Semicolon => 0x29,
        Key::Slash => 0x2c,
        Key::AltLeft => 0x3a,
        Key::AltRight => 0x3d,
        Key::Backspace => 0x33,
        Key::ContextMenu => 0x6e,
        Key::ControlLeft => 0x3b,
        Key::ControlRight => 0x3e,
        Key::Enter => 0x24,
        Key::MetaLeft => 0x37,
        Key::MetaRight => 0x36,
        Key::ShiftLeft => 0x38,
        Key::ShiftRight => 0x3c,
        Key::Space => 0x31,
        Key::Tab => 0x30,
        Key::Lang1 => 0x68,
        Key::Lang2 => 0x66,
        Key::Delete => 0x75,
        Key::End => 0x77,
        Key::Help => 0x72,
        Key::Home => 0x73,
        Key::PageDown => 0x79,
        Key::PageUp => 0x74,
        Key::ArrowDown => 0x7d,
        Key::ArrowLeft => 0x7b,
        Key::ArrowRight => 0x7c,
        Key::ArrowUp => 0x7e,
        Key::NumLock => 0x47,
        Key::Numpad0 => 0x52,
        Key::Numpad1 => 0x53,
        Key::Numpad2 => 0x54,
        Key::Numpad3 => 0x55,
        Key::Numpad4 => 0x56,
        Key::Numpad5 => 0x57,
        Key::Numpad6 => 0x58,
        Key::Numpad7 => 0x59,
        Key::Numpad8 => 0x5b,
        Key::Numpad9 => 0x5c,
        Key::NumpadAdd => 0x45,
        Key::NumpadComma => 0x5f,
        Key::NumpadDecimal => 0x41,
        Key::NumpadDivide => 0x4b,
        Key::NumpadEnter => 0x4c,
        Key::NumpadEqual => 0x51,
        Key::NumpadMultiply => 0x43,
        Key::NumpadSubtract => 0x4e,
        Key::Escape => 0x35,
        Key::F1 => 0x7a,
        Key::F2 => 0x78,
        Key::F3 => 0x63,
        Key::F4 => 0x76,
        Key::F5 => 0x60,
        Key::F6 => 0x61,
        Key::F7 => 0x62,
        Key::F8 => 0x64,
        Key::F9 => 0x65,
        Key::F10 => 0x6d,
        Key::F11 => 0x67,
        Key::F12 => 0x6f,
        Key::F13 => 0x69,
        Key::F14 => 0x6b,
        Key::F15 => 0x71,
        Key::F16 => 0x6a,
        Key::F17 => 0x40,
        Key::F18 => 0x4f,
        Key::F19 => 0x50,
        Key::F20 => 0x5a,
        Key::AudioVolumeDown => 0x49,
        Key::AudioVolumeMute => 0x4a,
        Key::AudioVolumeUp => 0x48,
        Key::CapsLock
        | Key::Convert
        | Key::KanaMode
        | Key::NonConvert
        | Key::F21
        | Key::F22
        | Key::F23
        | Key::F24
        | Key::Insert
        | Key::PrintScreen
        | Key::ScrollLock
        | Key::Pause
        | Key::MediaPlayPause
        | Key::MediaStop
        | Key::MediaTrackNext
        | Key::MediaTrackPrevious => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The enumerators of `HIToolbox/Events.h` that a keyboard of ours has, without `kVK_`.
    const EVENTS_H: &str = "
        ANSI_A=0x00 ANSI_S=0x01 ANSI_D=0x02 ANSI_F=0x03 ANSI_H=0x04 ANSI_G=0x05 ANSI_Z=0x06
        ANSI_X=0x07 ANSI_C=0x08 ANSI_V=0x09 ANSI_B=0x0B ANSI_Q=0x0C ANSI_W=0x0D ANSI_E=0x0E
        ANSI_R=0x0F ANSI_Y=0x10 ANSI_T=0x11 ANSI_1=0x12 ANSI_2=0x13 ANSI_3=0x14 ANSI_4=0x15
        ANSI_6=0x16 ANSI_5=0x17 ANSI_Equal=0x18 ANSI_9=0x19 ANSI_7=0x1A ANSI_Minus=0x1B
        ANSI_8=0x1C ANSI_0=0x1D ANSI_RightBracket=0x1E ANSI_O=0x1F ANSI_U=0x20
        ANSI_LeftBracket=0x21 ANSI_I=0x22 ANSI_P=0x23 ANSI_L=0x25 ANSI_J=0x26 ANSI_Quote=0x27
        ANSI_K=0x28 ANSI_Semicolon=0x29 ANSI_Backslash=0x2A ANSI_Comma=0x2B ANSI_Slash=0x2C
        ANSI_N=0x2D ANSI_M=0x2E ANSI_Period=0x2F ANSI_Grave=0x32 ANSI_KeypadDecimal=0x41
        ANSI_KeypadMultiply=0x43 ANSI_KeypadPlus=0x45 ANSI_KeypadClear=0x47
        ANSI_KeypadDivide=0x4B ANSI_KeypadEnter=0x4C ANSI_KeypadMinus=0x4E
        ANSI_KeypadEquals=0x51 ANSI_Keypad0=0x52 ANSI_Keypad1=0x53 ANSI_Keypad2=0x54
        ANSI_Keypad3=0x55 ANSI_Keypad4=0x56 ANSI_Keypad5=0x57 ANSI_Keypad6=0x58
        ANSI_Keypad7=0x59 ANSI_Keypad8=0x5B ANSI_Keypad9=0x5C Return=0x24 Tab=0x30 Space=0x31
        Delete=0x33 Escape=0x35 RightCommand=0x36 Command=0x37 Shift=0x38 CapsLock=0x39
        Option=0x3A Control=0x3B RightShift=0x3C RightOption=0x3D RightControl=0x3E
        Function=0x3F F17=0x40 VolumeUp=0x48 VolumeDown=0x49 Mute=0x4A F18=0x4F F19=0x50
        F20=0x5A F5=0x60 F6=0x61 F7=0x62 F3=0x63 F8=0x64 F9=0x65 F11=0x67 F13=0x69 F16=0x6A
        F14=0x6B F10=0x6D ContextualMenu=0x6E F12=0x6F F15=0x71 Help=0x72 Home=0x73 PageUp=0x74
        ForwardDelete=0x75 F4=0x76 End=0x77 F2=0x78 PageDown=0x79 F1=0x7A LeftArrow=0x7B
        RightArrow=0x7C DownArrow=0x7D UpArrow=0x7E ISO_Section=0x0A JIS_Yen=0x5D
        JIS_Underscore=0x5E JIS_KeypadComma=0x5F JIS_Eisu=0x66 JIS_Kana=0x68";

    /// What the header calls each key, where its name does not follow from ours.
    const NAMES: &[(Key, &str)] = &[
        (Key::Backquote, "ANSI_Grave"),
        (Key::Backslash, "ANSI_Backslash"),
        (Key::BracketLeft, "ANSI_LeftBracket"),
        (Key::BracketRight, "ANSI_RightBracket"),
        (Key::Comma, "ANSI_Comma"),
        (Key::Equal, "ANSI_Equal"),
        (Key::IntlBackslash, "ISO_Section"),
        (Key::IntlRo, "JIS_Underscore"),
        (Key::IntlYen, "JIS_Yen"),
        (Key::Minus, "ANSI_Minus"),
        (Key::Period, "ANSI_Period"),
        (Key::Quote, "ANSI_Quote"),
        (Key::Semicolon, "ANSI_Semicolon"),
        (Key::Slash, "ANSI_Slash"),
        (Key::AltLeft, "Option"),
        (Key::AltRight, "RightOption"),
        (Key::Backspace, "Delete"),
        (Key::ContextMenu, "ContextualMenu"),
        (Key::ControlLeft, "Control"),
        (Key::ControlRight, "RightControl"),
        (Key::Enter, "Return"),
        (Key::MetaLeft, "Command"),
        (Key::MetaRight, "RightCommand"),
        (Key::ShiftLeft, "Shift"),
        (Key::ShiftRight, "RightShift"),
        (Key::Lang1, "JIS_Kana"),
        (Key::Lang2, "JIS_Eisu"),
        (Key::Delete, "ForwardDelete"),
        (Key::ArrowDown, "DownArrow"),
        (Key::ArrowLeft, "LeftArrow"),
        (Key::ArrowRight, "RightArrow"),
        (Key::ArrowUp, "UpArrow"),
        (Key::NumLock, "ANSI_KeypadClear"),
        (Key::NumpadAdd, "ANSI_KeypadPlus"),
        (Key::NumpadComma, "JIS_KeypadComma"),
        (Key::NumpadDecimal, "ANSI_KeypadDecimal"),
        (Key::NumpadDivide, "ANSI_KeypadDivide"),
        (Key::NumpadEnter, "ANSI_KeypadEnter"),
        (Key::NumpadEqual, "ANSI_KeypadEquals"),
        (Key::NumpadMultiply, "ANSI_KeypadMultiply"),
        (Key::NumpadSubtract, "ANSI_KeypadMinus"),
        (Key::AudioVolumeDown, "VolumeDown"),
        (Key::AudioVolumeMute, "Mute"),
        (Key::AudioVolumeUp, "VolumeUp"),
    ];

    const WITHOUT: &[Key] = &[
        Key::CapsLock,
        Key::Convert,
        Key::KanaMode,
        Key::NonConvert,
        Key::F21,
        Key::F22,
        Key::F23,
        Key::F24,
        Key::Insert,
        Key::PrintScreen,
        Key::ScrollLock,
        Key::Pause,
        Key::MediaPlayPause,
        Key::MediaStop,
        Key::MediaTrackNext,
        Key::MediaTrackPrevious,
    ];

    fn header() -> BTreeMap<&'static str, u16> {
        let parse = |line: &'static str| {
            let (name, code) = line.split_once("=0x").expect("a name and a number");
            (name, u16::from_str_radix(code, 16).expect("a hexadecimal number"))
        };
        EVENTS_H.split_whitespace().map(parse).collect()
    }

    /// `KeyA` is `ANSI_A`, `Digit1` is `ANSI_1`, `Numpad1` is `ANSI_Keypad1`, `F1` is itself.
    fn name(key: Key) -> String {
        let code = key.code();
        let listed = NAMES.iter().find(|&&(listed, _)| listed == key);
        let letter = code.strip_prefix("Key").or_else(|| code.strip_prefix("Digit"));
        match (listed, letter, code.strip_prefix("Numpad")) {
            (Some((_, name)), ..) => (*name).to_owned(),
            (_, Some(letter), _) => format!("ANSI_{letter}"),
            (.., Some(digit)) => format!("ANSI_Keypad{digit}"),
            _ => code.to_owned(),
        }
    }

    /// B-07: each key is the place that the header says.
    #[test]
    fn every_key_has_the_code_of_the_header() {
        let header = header();
        for &key in Key::ALL {
            let expected = (!WITHOUT.contains(&key)).then(|| header[name(key).as_str()]);
            assert_eq!(code(key), expected, "{key}");
        }
    }

    /// B-07: no two keys are one, and none of the header is left out but CapsLock and Fn.
    #[test]
    fn every_code_belongs_to_one_key() {
        let codes: Vec<u16> = Key::ALL.iter().filter_map(|&key| code(key)).collect();
        let distinct: BTreeSet<u16> = codes.iter().copied().collect();
        assert_eq!(distinct.len(), codes.len());
        let mut header = header();
        header.retain(|_, code| !distinct.contains(code));
        assert_eq!(header.into_keys().collect::<Vec<_>>(), ["CapsLock", "Function"]);
    }
}
