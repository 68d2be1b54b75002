//! From pixels to the notches of a wheel.

/// Pixels that one notch scrolls: Chromium's own figure for an X11 wheel (`kWheelScrollAmount`);
/// GTK and Qt programs scroll about three lines of text, which is as much. A notch in a browser is
/// 100 to 120 pixels and so makes two, which scroll as far here as the helper expects of it.
const NOTCH: f32 = 53.0;

/// The X buttons that a wheel presses.
const UP: u8 = 4;
const DOWN: u8 = 5;
const LEFT: u8 = 6;
const RIGHT: u8 = 7;

/// A wheel that only turns by whole notches, and remembers what is left of one.
#[derive(Debug, Default)]
pub(super) struct Wheel {
    x: f32,
    y: f32,
}

impl Wheel {
    /// Scrolls by pixels to the right and down; gives each button and how often to click it.
    pub(super) fn turn(&mut self, dx: f32, dy: f32) -> [(u8, u32); 2] {
        [notches(&mut self.x, dx, LEFT, RIGHT), notches(&mut self.y, dy, UP, DOWN)]
    }
}

fn notches(rest: &mut f32, by: f32, back: u8, forth: u8) -> (u8, u32) {
    let pixels = *rest + by;
    let notches = (pixels / NOTCH).trunc();
    *rest = pixels - notches * NOTCH;
    (if notches < 0.0 { back } else { forth }, notches.abs() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notch_of_a_browser_is_two_here_and_what_is_left_counts_for_the_next() {
        let mut wheel = Wheel::default();
        assert_eq!(wheel.turn(0.0, 120.0), [(RIGHT, 0), (DOWN, 2)]);
        assert_eq!(wheel.turn(0.0, 40.0), [(RIGHT, 0), (DOWN, 1)]);
        assert_eq!(wheel.turn(-106.0, -54.0), [(LEFT, 2), (UP, 1)]);
    }

    #[test]
    fn small_steps_of_a_touchpad_scroll_as_far_as_one_big_one() {
        let (mut small, mut big) = (Wheel::default(), Wheel::default());
        let steps: u32 = (0..530).map(|_| small.turn(0.0, 1.0)[1].1).sum();
        assert_eq!(steps, 10);
        assert_eq!(big.turn(0.0, 530.0)[1], (DOWN, 10));
    }
}
