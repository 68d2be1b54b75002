//! What a US keyboard types.

use rh_protocol::Key;

/// The character of a key alone and with Shift; `None` if it types nothing.
pub(super) fn character(key: Key, shift: bool, caps_lock: bool) -> Option<char> {
    let code = key.code();
    if let Some(letter) = code.strip_prefix("Key").and_then(|rest| rest.chars().next()) {
        let upper = shift != caps_lock;
        return Some(if upper { letter } else { letter.to_ascii_lowercase() });
    }
    if let Some(digit) = code.strip_prefix("Digit").and_then(|rest| rest.parse::<usize>().ok()) {
        let row = if shift { ")!@#$%^&*(" } else { "0123456789" };
        return row.chars().nth(digit);
    }
    if let Some(digit) = code.strip_prefix("Numpad").and_then(|rest| rest.parse::<usize>().ok()) {
        return "0123456789".chars().nth(digit);
    }
    let (alone, shifted) = punctuation(key)?;
    Some(if shift { shifted } else { alone })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "no other key types a character")]
fn punctuation(key: Key) -> Option<(char, char)> {
    Some(match key {
        Key::Backquote => ('`', '~'),
        Key::Backslash | Key::IntlBackslash => ('\\', '|'),
        Key::BracketLeft => ('[', '{'),
        Key::BracketRight => (']', '}'),
        Key::Comma => (',', '<'),
        Key::Equal => ('=', '+'),
        Key::Minus => ('-', '_'),
        Key::Period => ('.', '>'),
        Key::Quote => ('\'', '"'),
        Key::Semicolon => (';', ':'),
        Key::Slash => ('/', '?'),
        Key::Space => (' ', ' '),
        Key::Tab => ('\t', '\t'),
        Key::Enter | Key::NumpadEnter => ('\n', '\n'),
        Key::NumpadAdd => ('+', '+'),
        Key::NumpadDecimal => ('.', '.'),
        Key::NumpadDivide => ('/', '/'),
        Key::NumpadMultiply => ('*', '*'),
        Key::NumpadSubtract => ('-', '-'),
        _ => return None,
    })
}
