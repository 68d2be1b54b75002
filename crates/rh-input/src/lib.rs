//! Acting on the sharer's desktop.
//!
//! A backend is an [`Injector`]; [`Backend::open`] makes one. What must hold across actions and
//! backends (nothing stays pressed, nothing lands elsewhere) lives in [`Guard`], and in a
//! [`keeper`] process for when this one is killed. What every backend must do is in [`contract`].
//!
//! Absent: who may act, and when. That is decided above, before anything comes here.

mod area;
mod backend;
pub mod contract;
mod error;
mod guard;
mod held;
mod injector;
pub mod keeper;
#[cfg(target_os = "macos")]
pub mod macos;
pub mod quartz;
mod recorder;
mod text;
#[cfg(target_os = "linux")]
pub mod x11;

pub use area::Area;
pub use backend::{Backend, UnknownBackend};
pub use error::InputError;
pub use guard::Guard;
pub use held::{Held, Press};
pub use injector::{Injector, Stroke};
pub use recorder::Recorder;
