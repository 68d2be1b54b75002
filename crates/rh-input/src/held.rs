//! What is down at the moment.

use rh_protocol::{Button, Key};
use serde::{Deserialize, Serialize};

use crate::Stroke;

/// Something that can be held down.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Press {
    /// A physical key.
    Key(Key),
    /// A mouse button.
    Button(Button),
}

impl Press {
    /// The stroke that presses it.
    pub fn down(self) -> Stroke {
        self.stroke(true)
    }

    /// The stroke that lets go of it.
    pub fn up(self) -> Stroke {
        self.stroke(false)
    }

    fn stroke(self, down: bool) -> Stroke {
        match self {
            Self::Key(key) => Stroke::Key { key, down },
            Self::Button(button) => Stroke::Button { button, down },
        }
    }
}

/// Everything that is down, in the order in which it was pressed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Held(Vec<Press>);

impl Held {
    /// Notes that `press` is down; `false` if it was already.
    pub fn press(&mut self, press: Press) -> bool {
        let new = !self.contains(press);
        if new {
            self.0.push(press);
        }
        new
    }

    /// Notes that `press` is up; `false` if it was not down.
    pub fn release(&mut self, press: Press) -> bool {
        let before = self.0.len();
        self.0.retain(|&held| held != press);
        self.0.len() < before
    }

    /// Folds a stroke in: presses and releases count, everything else changes nothing.
    pub fn note(&mut self, stroke: &Stroke) {
        match *stroke {
            Stroke::Key { key, down: true } => self.press(Press::Key(key)),
            Stroke::Key { key, down: false } => self.release(Press::Key(key)),
            Stroke::Button { button, down: true } => self.press(Press::Button(button)),
            Stroke::Button { button, down: false } => self.release(Press::Button(button)),
            Stroke::Move { .. } | Stroke::Scroll { .. } | Stroke::Text(_) => false,
        };
    }

    /// Whether `press` is down.
    pub fn contains(&self, press: Press) -> bool {
        self.0.contains(&press)
    }

    /// Whether nothing is down.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is down, in the order of pressing.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Press> + '_ {
        self.0.iter().copied()
    }

    /// Forgets everything and returns it, the last pressed first: the order to let go in.
    pub fn take(&mut self) -> impl Iterator<Item = Press> + use<> {
        std::mem::take(&mut self.0).into_iter().rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_in_the_reverse_order_of_pressing() {
        let (shift, left) = (Press::Key(Key::ShiftLeft), Press::Button(Button::Left));
        let mut held = Held::default();

        assert!(held.press(shift));
        assert!(held.press(left));
        assert!(!held.press(shift));

        assert_eq!(held.take().collect::<Vec<_>>(), [left, shift]);
        assert!(held.is_empty());
        assert!(!held.release(left));
    }
}
