//! Single, double and triple clicks.
//!
//! macOS does not count the clicks of events that are posted: whoever posts says in
//! `kCGMouseEventClickState` which click of a row it is.

use std::time::{Duration, Instant};

use rh_protocol::Button;

/// How close in time the presses of a row are, unless the user has set otherwise: what
/// `NSEvent.doubleClickInterval` is on a fresh macOS.
pub const INTERVAL: Duration = Duration::from_millis(500);

/// How far the pointer may stray between two presses of a row, in points to each side.
const SLOP: u32 = 4;

/// Counts the presses of a row: same button, about the same place, soon after each other.
#[derive(Clone, Debug)]
pub struct Clicks {
    interval: Duration,
    last: Option<Press>,
}

#[derive(Clone, Copy, Debug)]
struct Press {
    button: Button,
    at: (i32, i32),
    when: Instant,
    count: i64,
}

impl Clicks {
    /// Presses are of a row if no more than `interval` lies between two of them.
    pub fn new(interval: Duration) -> Self {
        Self { interval, last: None }
    }

    /// Which press of its row this is, from 1.
    pub fn press(&mut self, button: Button, at: (i32, i32), now: Instant) -> i64 {
        let row = self.last.filter(|last| {
            last.button == button
                && now.saturating_duration_since(last.when) <= self.interval
                && last.at.0.abs_diff(at.0) <= SLOP
                && last.at.1.abs_diff(at.1) <= SLOP
        });
        let count = row.map_or(1, |last| last.count.saturating_add(1));
        self.last = Some(Press { button, at, when: now, count });
        count
    }

    /// Which click of its row ends as `button` comes up: as its press said.
    pub fn release(&self, button: Button) -> i64 {
        self.last.filter(|last| last.button == button).map_or(1, |last| last.count)
    }
}

impl Default for Clicks {
    fn default() -> Self {
        Self::new(INTERVAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(200);

    /// The counts of presses of the left button, each `gap` after the one before.
    fn counts(presses: &[((i32, i32), Duration)]) -> Vec<i64> {
        #[expect(clippy::disallowed_methods, reason = "any moment will do")]
        let mut now = Instant::now();
        let mut clicks = Clicks::default();
        let count = presses.iter().map(|&(at, gap)| {
            now += gap;
            let count = clicks.press(Button::Left, at, now);
            assert_eq!(clicks.release(Button::Left), count, "a release says what its press said");
            count
        });
        count.collect()
    }

    #[test]
    fn presses_soon_after_each_other_are_a_row() {
        let here = (700, -300);
        assert_eq!(counts(&[(here, SOON); 4]), [1, 2, 3, 4]);
    }

    #[test]
    fn a_row_ends_with_time() {
        let here = (1, 1);
        let late = INTERVAL + Duration::from_millis(1);
        assert_eq!(counts(&[(here, SOON), (here, INTERVAL), (here, late)]), [1, 2, 1]);
    }

    #[test]
    fn a_row_ends_with_distance() {
        let at = |x, y| ((x, y), SOON);
        assert_eq!(counts(&[at(0, 0), at(4, -4), at(9, -4), at(9, -9)]), [1, 2, 1, 1]);
        assert_eq!(counts(&[at(i32::MIN, 0), at(i32::MAX, 0)]), [1, 1]);
    }

    #[test]
    fn another_button_begins_a_row_of_its_own() {
        #[expect(clippy::disallowed_methods, reason = "any moment will do")]
        let now = Instant::now();
        let mut clicks = Clicks::default();
        let here = (5, 5);
        let row = [Button::Left, Button::Left, Button::Right, Button::Left];
        assert_eq!(row.map(|button| clicks.press(button, here, now)), [1, 2, 1, 1]);
        assert_eq!(clicks.release(Button::Middle), 1);
    }

    #[test]
    fn the_interval_is_the_users() {
        #[expect(clippy::disallowed_methods, reason = "any moment will do")]
        let now = Instant::now();
        let mut slow = Clicks::new(Duration::from_secs(2));
        slow.press(Button::Left, (5, 5), now);
        assert_eq!(slow.press(Button::Left, (5, 5), now + Duration::from_secs(2)), 2);
    }
}
