//! The X11 backend on a real X server.
#![cfg(target_os = "linux")]

mod cursor;
mod displays;
mod picture;
mod server;
