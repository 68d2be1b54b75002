//! The X11 backend on a real X server.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cursor;
mod displays;
mod picture;
mod server;
