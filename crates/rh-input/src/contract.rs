//! What every backend must do, as checks that each of them runs.
//!
//! The effects are seen through a [`Witness`], which asks the desktop itself rather than the
//! backend. A check panics with what was wrong; all of them leave nothing pressed.

use std::collections::BTreeSet;

use rh_protocol::{Button, Key};

use crate::{Injector, InputError, Press, Stroke};

/// Sees what a desktop has down and where its pointer is, without asking the backend.
pub trait Witness {
    /// Which of the [`PRESSES`] are down.
    fn held(&mut self) -> BTreeSet<Press>;

    /// Where the pointer is, in global coordinates.
    fn pointer(&mut self) -> (i32, i32);
}

/// What the checks press: every button, modifiers of both sides, and keys of every block of the
/// keyboard that change no lock.
pub const PRESSES: [Press; 15] = [
    Press::Button(Button::Left),
    Press::Button(Button::Middle),
    Press::Button(Button::Right),
    Press::Button(Button::Back),
    Press::Button(Button::Forward),
    Press::Key(Key::ShiftLeft),
    Press::Key(Key::ControlRight),
    Press::Key(Key::AltLeft),
    Press::Key(Key::KeyA),
    Press::Key(Key::Digit1),
    Press::Key(Key::Quote),
    Press::Key(Key::Enter),
    Press::Key(Key::ArrowUp),
    Press::Key(Key::Numpad5),
    Press::Key(Key::F5),
];

/// Runs every check.
///
/// # Panics
///
/// If the backend breaks the contract.
pub fn check(injector: &mut dyn Injector, witness: &mut dyn Witness) {
    the_pointer_goes_where_it_is_told(injector, witness);
    what_is_pressed_is_down_until_it_is_let_go_of(injector, witness);
    several_are_down_at_once(injector, witness);
    a_release_of_what_is_up_changes_nothing(injector, witness);
    scrolling_holds_nothing(injector, witness);
    text_leaves_modifiers_as_they_were(injector, witness);
    control_characters_are_refused(injector, witness);
}

/// When `inject` has returned, the pointer is there.
pub fn the_pointer_goes_where_it_is_told(injector: &mut dyn Injector, witness: &mut dyn Witness) {
    for (x, y) in [(10, 20), (0, 0), (33, 7)] {
        must(injector, &Stroke::Move { x, y });
        assert_eq!(witness.pointer(), (x, y), "the pointer after a move");
    }
}

/// Every one of the [`PRESSES`], by itself.
pub fn what_is_pressed_is_down_until_it_is_let_go_of(
    injector: &mut dyn Injector,
    witness: &mut dyn Witness,
) {
    for press in PRESSES {
        must(injector, &press.down());
        assert_eq!(witness.held(), BTreeSet::from([press]), "after pressing {press:?}");
        must(injector, &press.up());
        assert_eq!(witness.held(), BTreeSet::new(), "after letting go of {press:?}");
    }
}

/// All of the [`PRESSES`] together.
pub fn several_are_down_at_once(injector: &mut dyn Injector, witness: &mut dyn Witness) {
    PRESSES.iter().for_each(|press| must(injector, &press.down()));
    assert_eq!(witness.held(), BTreeSet::from(PRESSES), "after pressing everything");
    PRESSES.iter().rev().for_each(|press| must(injector, &press.up()));
    assert_eq!(witness.held(), BTreeSet::new(), "after letting go of everything");
}

/// A stray release is no error and no press.
pub fn a_release_of_what_is_up_changes_nothing(
    injector: &mut dyn Injector,
    witness: &mut dyn Witness,
) {
    PRESSES.iter().for_each(|press| must(injector, &press.up()));
    assert_eq!(witness.held(), BTreeSet::new(), "after stray releases");
}

/// A wheel made of buttons lets go of them.
pub fn scrolling_holds_nothing(injector: &mut dyn Injector, witness: &mut dyn Witness) {
    for (dx, dy) in [(0.0, 240.0), (-240.0, 0.0), (0.25, -0.25), (0.0, 0.0)] {
        must(injector, &Stroke::Scroll { dx, dy });
        assert_eq!(witness.held(), BTreeSet::new(), "after scrolling by {dx}, {dy}");
    }
}

/// A modifier that is held while text is entered is held after it, and nothing else is.
pub fn text_leaves_modifiers_as_they_were(injector: &mut dyn Injector, witness: &mut dyn Witness) {
    let shift = Press::Key(Key::ShiftLeft);
    for text in ["", "aA1!", "é漢🙂\n\t"] {
        must(injector, &Stroke::Text(text.to_owned()));
        assert_eq!(witness.held(), BTreeSet::new(), "after the text {text:?}");
        must(injector, &shift.down());
        must(injector, &Stroke::Text(text.to_owned()));
        assert_eq!(witness.held(), BTreeSet::from([shift]), "after the text {text:?} with Shift");
        must(injector, &shift.up());
        assert_eq!(witness.held(), BTreeSet::new(), "after Shift is let go of");
    }
}

/// Text that would do something else than write is refused.
pub fn control_characters_are_refused(injector: &mut dyn Injector, witness: &mut dyn Witness) {
    for text in ["\u{1b}", "a\u{3}", "\u{7f}", "\u{0}", "\u{85}"] {
        let outcome = injector.inject(&Stroke::Text(text.to_owned()));
        assert!(matches!(outcome, Err(InputError::Unsupported(_))), "{text:?} gave {outcome:?}");
    }
    assert_eq!(witness.held(), BTreeSet::new(), "after refused texts");
}

fn must(injector: &mut dyn Injector, stroke: &Stroke) {
    if let Err(error) = injector.inject(stroke) {
        panic!("{stroke:?} failed: {error}");
    }
}
