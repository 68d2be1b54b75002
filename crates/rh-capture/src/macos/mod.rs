//! The Mac's screen, by ScreenCaptureKit.
//!
//! Needs macOS 12.3; of what is newer it uses the system's [picker](pick), behind a guard. Core Graphics tells the displays, an `SCStream` delivers
//! pictures that stay in their IOSurface, and a content filter leaves out our own windows. The
//! judgement is in `crate::apple`, which is tested on every system.
//!
//! Missing: the shape of the system's cursor, which AppKit tells to the main thread alone (an arrow
//! stands for it), and the names that people know displays by (AppKit again). Sound is never
//! touched.

mod buffer;
mod content;
mod displays;
mod output;
mod permission;
mod picker;
mod pointer;
mod screen;
mod stream;

use rh_protocol::{Display, DisplayId};

use crate::{CaptureError, Screen};
pub use buffer::PixelBuffer;
pub(crate) use permission::{permission, request};
pub use picker::{Picked, pick};
use screen::MacScreen;

/// Which pixels to ask for, and what to leave out of the picture.
#[derive(Clone, Debug)]
pub struct ScreenCapture {
    format: Format,
    frames_per_second: i32,
    excluded: Vec<String>,
}

/// How the window server writes pixels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Format {
    /// `BGRA`.
    Bgra,
    /// `420v`.
    Video,
}

impl Default for ScreenCapture {
    /// Blue, green, red and alpha, which every encoder takes; at most 60 pictures a second.
    fn default() -> Self {
        Self { format: Format::Bgra, frames_per_second: 60, excluded: Vec::new() }
    }
}

impl ScreenCapture {
    /// Asks for luma and chroma ([`Pixels::Nv12`](crate::Pixels::Nv12)), which spares VideoToolbox a
    /// conversion.
    #[must_use]
    pub fn in_video_format(self) -> Self {
        Self { format: Format::Video, ..self }
    }

    /// Asks for at most so many pictures a second; 0 counts as 1.
    #[must_use]
    pub fn at_most(self, frames_per_second: u16) -> Self {
        Self { frames_per_second: i32::from(frames_per_second.max(1)), ..self }
    }

    /// Leaves out the applications of these bundle identifiers, also those that start later: within
    /// two seconds of their first window (B-10).
    #[must_use]
    pub fn excluding(self, bundles: impl IntoIterator<Item = String>) -> Self {
        Self { excluded: bundles.into_iter().collect(), ..self }
    }

    /// The displays there are now; needs no permission.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Platform`] if Core Graphics fails.
    pub fn displays(&self) -> Result<Vec<Display>, CaptureError> {
        let facts = displays::list()?;
        let numbered = facts.iter().zip(1..);
        Ok(numbered.map(|(facts, number)| facts.display(None, number)).collect())
    }

    /// Opens one display and waits for its first picture; not for the main thread.
    ///
    /// # Errors
    ///
    /// [`CaptureError::NoDisplay`] if there is no such display, [`CaptureError::Asleep`] if it
    /// sleeps, [`CaptureError::Denied`] if pictures are not allowed, or none comes although they are.
    pub fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        Ok(Box::new(MacScreen::open(self, display)?))
    }

    /// Opens the display that the person picked, with everything on it, our own windows included.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); and [`CaptureError::Unavailable`] if applications are to be left out,
    /// which what was picked does not allow.
    pub fn open_picked(&self, picked: &Picked) -> Result<Box<dyn Screen>, CaptureError> {
        Ok(Box::new(MacScreen::open_picked(self, picked)?))
    }
}
