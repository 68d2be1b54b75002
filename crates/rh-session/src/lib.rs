//! One assistance session: who may do what, and when.
//!
//! Without features this crate is a state machine without I/O. The features add the ports that a
//! session needs: `link` (a connection to a helper; backends `mock` and `webrtc`) and `desktop`
//! (what the sharer's desktop is doing).

#[cfg(feature = "link")]
pub mod link;
