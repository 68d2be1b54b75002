//! Why an action was not carried out.

/// Why an action was not carried out.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The user has not allowed this program to control the machine: ask for the permission.
    #[error("controlling this machine is not permitted")]
    Denied,
    /// The sharer is using mouse or keyboard, and goes first: nothing was done. Try again when they
    /// have rested for a second.
    #[error("the sharer is using mouse or keyboard")]
    SharerActive,
    /// A field for passwords has the keyboard and takes nothing from programs (macOS Secure Event
    /// Input): nothing was done. Try again when the sharer has left it.
    #[error("a field for passwords has the keyboard")]
    SecureInput,
    /// This desktop has no such key, button or character: nothing was done.
    #[error("this desktop cannot do that: {0}")]
    Unsupported(String),
    /// This backend cannot work on this machine: choose another.
    #[error("{backend} is not available here: {detail}")]
    Unavailable {
        /// Which backend.
        backend: &'static str,
        /// What is missing.
        detail: String,
    },
    /// The platform failed in its own way: make the backend anew.
    #[error("{context}: {detail}")]
    Platform {
        /// What was being done.
        context: &'static str,
        /// What the platform said.
        detail: String,
    },
}
