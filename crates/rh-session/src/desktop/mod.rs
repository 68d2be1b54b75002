//! What the sharer's desktop is doing.
//!
//! [`DesktopState`] is a plain value that the session decides by. With the feature `desktop` there
//! is also the port that reports it: a backend is a `Desktop`, and `Backend` names them all.
//!
//! Absent: which displays there are, which `rh-capture` knows; a desktop only says when to ask it
//! again.

#[cfg(feature = "desktop")]
pub mod aqua;
#[cfg(feature = "desktop")]
mod backend;
#[cfg(feature = "desktop")]
pub mod contract;
#[cfg(feature = "desktop")]
mod error;
#[cfg(all(feature = "desktop", target_os = "macos"))]
pub mod macos;
#[cfg(feature = "desktop")]
mod mock;
#[cfg(feature = "desktop")]
pub mod polled;
#[cfg(feature = "desktop")]
mod port;
#[cfg(all(feature = "desktop", target_os = "linux"))]
pub mod x11;

#[cfg(feature = "desktop")]
pub use backend::{Backend, UnknownBackend};
#[cfg(feature = "desktop")]
pub use error::DesktopError;
#[cfg(feature = "desktop")]
pub use mock::{Mock, Script};
#[cfg(feature = "desktop")]
pub use port::{Desktop, DesktopEvent, Permissions};
pub use rh_protocol::DesktopState;
