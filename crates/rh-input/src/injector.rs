//! The port: what every backend offers.

use rh_protocol::{Button, Key};

use crate::InputError;

/// One action in the platform's own terms.
#[derive(Clone, Debug, PartialEq)]
pub enum Stroke {
    /// Moves the pointer to a global position.
    Move {
        /// From the left, in global units.
        x: i32,
        /// From the top, in global units.
        y: i32,
    },
    /// Presses or lets go of a button where the pointer is.
    Button {
        /// Which one.
        button: Button,
        /// Whether it goes down.
        down: bool,
    },
    /// Scrolls where the pointer is, in pixels to the right and down.
    Scroll {
        /// To the right.
        dx: f32,
        /// Down.
        dy: f32,
    },
    /// Presses or lets go of a physical key.
    Key {
        /// Which one.
        key: Key,
        /// Whether it goes down.
        down: bool,
    },
    /// Enters text, whatever layout the desktop has and whatever modifiers are held.
    Text(String),
}

/// Carries out strokes. Dumb on purpose: see [`Guard`](crate::Guard).
pub trait Injector: Send {
    /// Carries out `stroke`; when it returns, the desktop has it.
    ///
    /// # Errors
    ///
    /// [`InputError`]; the next stroke may be tried all the same.
    fn inject(&mut self, stroke: &Stroke) -> Result<(), InputError>;
}

impl<I: Injector + ?Sized> Injector for Box<I> {
    fn inject(&mut self, stroke: &Stroke) -> Result<(), InputError> {
        (**self).inject(stroke)
    }
}
