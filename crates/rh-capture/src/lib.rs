//! Pictures of the screen.
//!
//! A backend is a [`Screen`]; [`Backend`] names them all, [`Backend::displays`] lists what there is
//! to see and [`Backend::open`] opens one display.

mod error;
mod frame;
mod screen;

pub use error::CaptureError;
pub use frame::{Frame, Pixels, Rect};
pub use rh_protocol::Size;
pub use screen::{Cursor, CursorImage, Screen};
