//! Pictures of the screen.
//!
//! A backend is a [`Screen`]; [`Backend`] names them all, [`Backend::displays`] lists what there is
//! to see and [`Backend::open`] opens one display. The module [`contract`] holds what each of them
//! must keep, so that a backend from elsewhere can be held to it too.
//!
//! ```
//! use std::time::Duration;
//!
//! use rh_capture::{Backend, Pixels};
//!
//! let backend: Backend = "pattern".parse()?;
//! let display = backend.displays()?.remove(0);
//! let mut screen = backend.open(display.id)?;
//! let frame = screen.next(Duration::ZERO)?.expect("the first picture comes at once");
//! let Pixels::Bgrx { data, stride } = frame.pixels else { unreachable!() };
//! assert!(data.len() >= stride * frame.size.height as usize);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Absent on purpose: sound, scaling, and colour conversion (that is the encoder's).

#[cfg_attr(
    not(any(target_os = "macos", test)),
    allow(dead_code, reason = "compiled everywhere so that it is tested everywhere")
)]
mod apple;
mod backend;
pub mod contract;
mod error;
mod frame;
#[cfg(target_os = "macos")]
pub mod macos;
mod merge;
pub mod mock;
mod permission;
mod rect;
mod screen;
mod surface;
#[cfg(target_os = "linux")]
pub mod x11;

pub use backend::{Backend, UnknownBackend};
pub use error::CaptureError;
pub use frame::{Frame, Pixels};
pub use permission::Permission;
pub use rect::Rect;
pub use rh_protocol::Size;
pub use screen::{Cursor, CursorImage, Screen};
pub use surface::Surface;
