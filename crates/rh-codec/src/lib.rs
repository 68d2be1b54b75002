//! H.264 for screens.
//!
//! A backend is an [`Encoder`]; [`Backend::open`] makes one.

mod encoder;
mod error;

pub use encoder::Encoder;
pub use error::EncodeError;
