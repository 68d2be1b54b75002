//! Why a picture was not compressed.

/// Why a picture was not compressed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The picture's size cannot be encoded: scale it, or choose another display.
    #[error("{width}x{height} pixels cannot be encoded: {detail}")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// What is possible.
        detail: &'static str,
    },
    /// This backend cannot work on this machine: choose another.
    #[error("{backend} is not available here: {detail}")]
    Unavailable {
        /// Which backend.
        backend: &'static str,
        /// What is missing.
        detail: String,
    },
    /// The codec left the picture out to keep its rate: show it once more by and by, as a key frame if
    /// one was asked for. Nothing is lost.
    #[error("the picture was left out to keep the rate")]
    Dropped,
    /// The codec failed in its own way: make it anew.
    #[error("{context}: {detail}")]
    Codec {
        /// What was being done.
        context: &'static str,
        /// What the codec said.
        detail: String,
    },
}
