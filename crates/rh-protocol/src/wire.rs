//! Messages to and from bytes.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::limits;

/// Why bytes are not a message. The receiver ignores and counts them.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum WireError {
    /// More than [`limits::MESSAGE_BYTES`]; not looked into.
    #[error("a message of {0} bytes is too long")]
    TooLong(usize),
    /// JSON, but no message that this version knows.
    #[error("not a known message: {0}")]
    Unknown(String),
    /// Not JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
}

/// Reads one message from bytes that nobody vouches for.
///
/// # Errors
///
/// [`WireError`]; never panics, whatever the bytes.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    if bytes.len() > limits::MESSAGE_BYTES {
        return Err(WireError::TooLong(bytes.len()));
    }
    serde_json::from_slice(bytes).map_err(|e| {
        if e.is_data() {
            WireError::Unknown(e.to_string())
        } else {
            WireError::NotJson(e.to_string())
        }
    })
}

/// Writes one message as JSON.
///
/// # Panics
///
/// Never for the messages of this crate: all their maps have string keys.
pub fn encode<T: Serialize>(message: &T) -> String {
    serde_json::to_string(message).expect("messages of this crate are JSON")
}
