//! Acting on the sharer's desktop.
//!
//! A backend is an [`Injector`]; [`Backend::open`] makes one. What must hold across actions and
//! backends (nothing stays pressed, nothing lands elsewhere) lives in [`Guard`].

mod error;
mod injector;

pub use error::InputError;
pub use injector::{Injector, Stroke};
