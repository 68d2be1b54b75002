//! H.264 for screens, and lossless tiles beside it.
//!
//! A backend is an [`Encoder`]; [`Backend`] names them all and [`Backend::open`] makes one.
//! [`Picture`] holds what is to be compressed in the form codecs want, [`annexb`] takes apart what
//! they make. [`tiles`] are the other way to send a picture. Decoding H.264 and packets are absent.

pub mod annexb;
mod area;
mod backend;
pub mod contract;
mod convert;
mod encoder;
mod error;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod memory;
pub mod mock;
mod openh264;
pub mod tiles;
#[cfg(any(target_os = "macos", test))]
mod videotoolbox;

pub use backend::{Backend, Settings, UnknownBackend};
pub use convert::Picture;
pub use encoder::Encoder;
pub use error::EncodeError;
