//! The port: what every backend offers.

use std::sync::Arc;
use std::time::Duration;

use crate::{CaptureError, Frame};

/// Takes pictures of one display. Dropping it ends the capture at once.
///
/// A screen is pulled, never pushed: whoever wants a picture asks for it and gets the newest. A slow
/// encoder therefore skips pictures and never queues.
pub trait Screen: Send {
    /// Returns the newest picture, waiting up to `patience` for one that differs from the last;
    /// `None` if nothing changed, or only the cursor did. The first call returns a whole picture at
    /// once.
    ///
    /// # Errors
    ///
    /// [`CaptureError::NoDisplay`] once the display is gone; others as they say.
    fn next(&mut self, patience: Duration) -> Result<Option<Frame<'_>>, CaptureError>;

    /// The cursor, if its shape or place changed since the last call; it is never part of the
    /// picture. A change ends the wait of [`next`](Self::next) early.
    fn cursor(&mut self) -> Option<Cursor>;
}

/// The pointer as the sharer sees it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cursor {
    /// Its shape; `None` when hidden.
    pub image: Option<Arc<CursorImage>>,
    /// Where its hot spot is, in pixels of this display; `None` when it is on another.
    pub at: Option<(u32, u32)>,
}

/// The shape of a cursor.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CursorImage {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Hot spot from the left.
    pub hot_x: u32,
    /// Hot spot from the top.
    pub hot_y: u32,
    /// Red, green, blue, alpha (not premultiplied), rows from the top without gaps.
    pub rgba: Vec<u8>,
}
