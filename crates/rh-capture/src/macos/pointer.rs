//! Where the pointer is.

use std::sync::Arc;

use objc2_core_graphics::CGEvent;

use crate::apple::arrangement::Facts;
use crate::apple::arrow::arrow;
use crate::{Cursor, CursorImage};

/// What is known of the cursor. Its shape is an arrow of our own; see [`macos`](super).
#[derive(Debug)]
pub(super) struct Pointer {
    image: Arc<CursorImage>,
    at: Option<(u32, u32)>,
    /// Whether it was given out as it is.
    given: bool,
}

impl Pointer {
    pub(super) fn new(facts: &Facts) -> Self {
        let image = Arc::new(arrow(facts.scale().round() as u32));
        Self { image, at: None, given: false }
    }

    /// Asks where it is; whether it moved on the display. An event that is made, never posted,
    /// carries the place, and needs no permission.
    pub(super) fn look(&mut self, facts: &Facts) -> bool {
        let event = CGEvent::new(None);
        let at = event.map(|event| CGEvent::location(Some(&event)));
        let at = at.and_then(|at| facts.pixel(at.x, at.y));
        let moved = at != self.at;
        if moved {
            (self.at, self.given) = (at, false);
        }
        moved
    }

    /// The cursor, if it was not given out as it is.
    pub(super) fn take(&mut self) -> Option<Cursor> {
        let given = std::mem::replace(&mut self.given, true);
        (!given).then(|| Cursor { image: Some(Arc::clone(&self.image)), at: self.at })
    }
}
