//! A desktop that only takes notes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Held, Injector, InputError, Stroke};

/// Records every stroke; clones share the record.
///
/// It keeps the [contract](crate::contract) of a real desktop: text with control characters is
/// refused.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Vec<Stroke>>>);

impl Recorder {
    /// Every stroke so far.
    pub fn strokes(&self) -> Vec<Stroke> {
        self.record().clone()
    }

    /// What a desktop that got these strokes has down.
    pub fn held(&self) -> Held {
        let mut held = Held::default();
        self.record().iter().for_each(|stroke| held.note(stroke));
        held
    }

    /// Where a desktop that got these strokes has its pointer; `None` if it never moved.
    pub fn pointer(&self) -> Option<(i32, i32)> {
        self.record().iter().rev().find_map(|stroke| match *stroke {
            Stroke::Move { x, y } => Some((x, y)),
            Stroke::Button { .. }
            | Stroke::Scroll { .. }
            | Stroke::Key { .. }
            | Stroke::Text(_) => None,
        })
    }

    fn record(&self) -> MutexGuard<'_, Vec<Stroke>> {
        // A list of strokes is whole after every push, whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Injector for Recorder {
    fn inject(&mut self, stroke: &Stroke) -> Result<(), InputError> {
        if let Stroke::Text(text) = stroke {
            crate::text::check(text)?;
        }
        self.record().push(stroke.clone());
        Ok(())
    }
}
