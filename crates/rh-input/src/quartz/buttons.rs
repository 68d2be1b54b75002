//! Which event a button or a motion makes.

use rh_protocol::Button;

/// The number of a `CGEventType`, of `CGEventTypes.h`.
pub type EventType = u32;

/// `kCGEventMouseMoved`.
const MOVED: EventType = 5;

/// The `CGMouseButton` of `button`; 3 and above have no name there, but are what the USB HID usages
/// "Button 4" and "Button 5" arrive as.
pub fn number(button: Button) -> u32 {
    match button {
        Button::Left => 0,
        Button::Right => 1,
        Button::Middle => 2,
        Button::Back => 3,
        Button::Forward => 4,
    }
}

/// The event of `button` going down or up: `kCGEventLeftMouseDown` and its like.
pub fn pressing(button: Button, down: bool) -> EventType {
    match (button, down) {
        (Button::Left, true) => 1,
        (Button::Left, false) => 2,
        (Button::Right, true) => 3,
        (Button::Right, false) => 4,
        (Button::Middle | Button::Back | Button::Forward, true) => 25,
        (Button::Middle | Button::Back | Button::Forward, false) => 26,
    }
}

/// The event of the pointer moving while `held` are down, and the button that it names.
///
/// A move with a button down must be a drag, or programs do not see one. One motion is one event:
/// of several buttons the least decides, as it does for a mouse.
pub fn moving(held: impl Iterator<Item = Button>) -> (EventType, u32) {
    let Some(button) = held.min_by_key(|&button| number(button)) else {
        return (MOVED, number(Button::Left));
    };
    let kind = match button {
        Button::Left => 6,
        Button::Right => 7,
        Button::Middle | Button::Back | Button::Forward => 27,
    };
    (kind, number(button))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_button_has_a_number_of_its_own() {
        let numbers: BTreeSet<_> = Button::ALL.into_iter().map(number).collect();
        assert_eq!(numbers, (0..5).collect());
    }

    #[test]
    fn a_press_and_a_release_are_told_apart() {
        for button in Button::ALL {
            assert_eq!(pressing(button, false), pressing(button, true) + 1, "{button:?}");
        }
        assert_eq!(Button::ALL.map(|button| pressing(button, true)), [1, 25, 3, 25, 25]);
    }

    #[test]
    fn a_move_with_a_button_down_is_a_drag_of_that_button() {
        assert_eq!(moving([].into_iter()), (5, 0));
        assert_eq!(moving([Button::Left].into_iter()), (6, 0));
        assert_eq!(moving([Button::Right].into_iter()), (7, 1));
        assert_eq!(moving([Button::Middle].into_iter()), (27, 2));
        assert_eq!(moving([Button::Forward].into_iter()), (27, 4));
        assert_eq!(moving([Button::Back, Button::Right, Button::Left].into_iter()), (6, 0));
    }
}
