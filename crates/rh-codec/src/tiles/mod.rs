//! The second path of the picture: pixels that are exact.
//!
//! A [`Painter`] looks at each picture, finds what changed and what moved, and decides for every
//! [`Viewer`] what goes as messages of [`rh_protocol::tile`] and what is left to the video;
//! [`choose`] holds the rules. [`code`], [`decode`] and [`find_moves`] are its parts, and
//! [`Receiver`] is its other end. The channel and the video are absent.

mod bgrx;
mod block;
mod chooser;
mod coding;
#[cfg(test)]
mod coding_tests;
mod found;
mod grid;
mod has;
mod last;
#[cfg(test)]
mod last_tests;
mod moves;
mod painter;
mod qoi;
mod receiver;
mod viewer;

pub use bgrx::Bgrx;
pub use chooser::{Changed, MOTION, Means, choose};
pub use coding::{code, decode};
pub use moves::{Move, find_moves};
pub use painter::Painter;
pub use receiver::{Receiver, Refused};
pub use rh_protocol::PathReason as Reason;
pub use viewer::{Parcel, Viewer};
