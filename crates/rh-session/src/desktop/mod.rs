//! What the sharer's desktop is doing.
//!
//! [`DesktopState`] is a plain value that the session decides by.

mod state;

pub use state::DesktopState;
