//! Why no picture came.

use rh_protocol::DisplayId;

/// Why no picture came.
///
/// The variants are what a caller can do about it; the platform's own words ride along as text.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// The user has not allowed screen recording: ask for the permission.
    #[error("screen recording is not permitted")]
    Denied,
    /// The display is gone, or never was: choose another.
    #[error("there is no {0}")]
    NoDisplay(DisplayId),
    /// The display sleeps: open the screen anew once it is awake.
    #[error("the display is asleep")]
    Asleep,
    /// The sharer ended the capture by the system's own button: end the sharing, do not open anew.
    #[error("screen sharing was stopped from the system's menu")]
    Stopped,
    /// This backend cannot work on this machine: choose another.
    #[error("{backend} is not available here: {detail}")]
    Unavailable {
        /// Which backend.
        backend: &'static str,
        /// What is missing.
        detail: String,
    },
    /// The platform failed in its own way: open the screen anew.
    #[error("{context}: {detail}")]
    Platform {
        /// What was being done.
        context: &'static str,
        /// What the platform said.
        detail: String,
    },
}
