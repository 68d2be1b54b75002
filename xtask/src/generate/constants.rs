//! The wire's numbers and lists as TypeScript.

use std::fmt::Write;

use rh_protocol::{Button, Key, VERSION, limits};
use serde::Serialize;

/// Pairs each limit with its name, so that the two cannot differ.
macro_rules! limits {
    ($($name:ident)*) => { [$((stringify!($name), limits::$name as f64),)*] };
}

/// The constants, as one TypeScript module.
pub(super) fn typescript() -> String {
    let mut out = String::from("import type { Button, Key } from \"./wire\";\n\n");
    out += "/** The version of the wire. */\n";
    let _ = writeln!(out, "export const VERSION = {VERSION};\n");
    out += "/** Every limit of the wire; see `limits.rs`. */\nexport const LIMITS = {\n";
    for (name, value) in all_limits() {
        let _ = writeln!(out, "  {name}: {value},");
    }
    out += "} as const;\n\n";
    out += "/** Every button, in the order of `MouseEvent.button`. */\n";
    out += &list("BUTTONS", "Button", &Button::ALL);
    out += "\n/** Every key, as `KeyboardEvent.code`. */\n";
    out + &list("KEYS", "Key", Key::ALL)
}

fn all_limits() -> [(&'static str, f64); 18] {
    limits!(
        MESSAGE_BYTES TEXT_CHARS NAME_CHARS CODE_DIGITS CURSOR_SIDE SCROLL SDP_BYTES DISPLAYS
        LIST RECORD_BYTES WORD_CHARS FINGERPRINT_CHARS TILE_BYTES TILE_HEAD_BYTES VIDEO_AREAS
        CERTIFICATES CHAT_BYTES CHAT_MESSAGES
    )
}

fn list(name: &str, of: &str, values: &[impl Serialize]) -> String {
    let mut out = format!("export const {name}: readonly {of}[] = [\n");
    for value in values {
        let _ = writeln!(out, "  {},", rh_protocol::encode(value));
    }
    out + "];\n"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    fn no_limit_is_left_out() {
        let path = crate::root().join("crates/rh-protocol/src/limits.rs");
        let source = fs::read_to_string(path).unwrap();
        let declared = source.lines().filter_map(|line| line.strip_prefix("pub const "));
        let declared: BTreeSet<_> = declared.filter_map(|rest| rest.split(':').next()).collect();
        assert_eq!(declared, all_limits().map(|(name, _)| name).into_iter().collect());
    }
}
