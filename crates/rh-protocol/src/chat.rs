//! What two who are in a session write to one another.

use crate::limits::CHAT_BYTES;

/// `text` as it stands in a thread: without control characters but tabs and line ends, which are all
/// U+000A, and without white space around it. Nothing if that leaves nothing, or more than
/// [`CHAT_BYTES`].
///
/// All else stays as it was written: every script, what joins and combines, and the marks of direction
/// (S-17). Whoever shows it isolates it from the text around it, and takes it for nothing but text.
pub fn chat_text(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String =
        text.chars().filter(|&c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let kept = kept.trim();
    (1..=CHAT_BYTES).contains(&kept.len()).then(|| kept.to_owned())
}
