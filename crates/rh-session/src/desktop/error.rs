//! Why nothing is known of the desktop.

/// Why nothing is known of the desktop.
///
/// The variants are what a caller can do about it; the platform's own words ride along as text.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DesktopError {
    /// This backend cannot work on this machine: choose another.
    #[error("{backend} is not available here: {detail}")]
    Unavailable {
        /// Which backend.
        backend: &'static str,
        /// What is missing.
        detail: String,
    },
    /// The platform failed in its own way: open the desktop anew.
    #[error("{context}: {detail}")]
    Platform {
        /// What was being done.
        context: &'static str,
        /// What the platform said.
        detail: String,
    },
}
