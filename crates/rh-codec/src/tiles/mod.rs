//! The second path of the picture: pixels that are exact.
//!
//! [`code`] and [`decode`] turn rectangles of [`Bgrx`] into the messages of
//! [`rh_protocol::tile`] and back. The channel that carries them is absent.

mod bgrx;
mod coding;
#[cfg(test)]
mod coding_tests;
mod qoi;

pub use bgrx::Bgrx;
pub use coding::{code, decode};
