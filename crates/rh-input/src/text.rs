//! Which text can be entered at all.

use crate::InputError;

/// Refuses text that would do something else than write.
///
/// Newline, carriage return and tab are keys that people use in text. Every other control
/// character is a command to whatever program is in front: Escape, end of file, interrupt.
///
/// # Errors
///
/// [`InputError::Unsupported`], naming the first such character.
pub(crate) fn check(text: &str) -> Result<(), InputError> {
    match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Some(c) => Err(InputError::Unsupported(format!("the control character {c:?} in a text"))),
        None => Ok(()),
    }
}
