//! How often to look at what macOS does not announce.
//!
//! No event tells of the pointer's place or of a display's mode without a run loop or a permission
//! of its own. Looking costs microseconds; a desktop at rest is looked at rarely (B-15).

use std::time::Duration;

/// While the pointer moves: about once for each picture of the display.
const MOVING: Duration = Duration::from_millis(16);

/// While it rests: the first motion is seen this late at most.
const RESTING: Duration = Duration::from_millis(80);

/// How long after the last motion it counts as moving.
const CALM: Duration = Duration::from_millis(500);

/// How often the display itself is looked at.
const DISPLAY: Duration = Duration::from_millis(500);

/// How often the applications are listed: that asks another process.
const APPS: Duration = Duration::from_secs(2);

/// As [`APPS`] while the screen is young: our own windows tend to open right after it.
const YOUNG_APPS: Duration = Duration::from_millis(250);

/// How long a screen is young.
const YOUTH: Duration = Duration::from_secs(5);

/// When things were last looked at; all times count from when the screen was opened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace {
    moved: Duration,
    display: Duration,
    apps: Duration,
}

impl Pace {
    /// Notes that the pointer moved or changed its shape.
    pub(crate) const fn pointer_moved(&mut self, now: Duration) {
        self.moved = now;
    }

    /// How long to sleep before the pointer is to be looked at.
    pub(crate) fn nap(&self, now: Duration) -> Duration {
        if now.saturating_sub(self.moved) < CALM { MOVING } else { RESTING }
    }

    /// Whether to look at the display now.
    pub(crate) fn display_is_due(&mut self, now: Duration) -> bool {
        due(&mut self.display, now, DISPLAY)
    }

    /// Whether to list the applications now.
    pub(crate) fn apps_are_due(&mut self, now: Duration) -> bool {
        due(&mut self.apps, now, if now < YOUTH { YOUNG_APPS } else { APPS })
    }
}

fn due(last: &mut Duration, now: Duration, every: Duration) -> bool {
    let due = now.saturating_sub(*last) >= every;
    if due {
        *last = now;
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-15: a desktop at rest wakes us a dozen times a second, not sixty.
    #[test]
    fn a_resting_pointer_is_looked_at_rarely() {
        let mut pace = Pace::default();
        pace.pointer_moved(Duration::from_secs(10));
        assert_eq!(pace.nap(Duration::from_millis(10_100)), MOVING);
        assert_eq!(pace.nap(Duration::from_millis(10_600)), RESTING);
    }

    #[test]
    fn applications_are_listed_often_only_at_first() {
        let mut pace = Pace::default();
        let times = |pace: &mut Pace, seconds: std::ops::Range<u64>| {
            let ticks =
                (seconds.start * 20..seconds.end * 20).map(|n| Duration::from_millis(n * 50));
            ticks.filter(|now| pace.apps_are_due(*now)).count()
        };
        assert_eq!(times(&mut pace, 0..5), 19);
        assert_eq!(times(&mut pace, 5..25), 10);
    }

    #[test]
    fn the_display_is_looked_at_twice_a_second() {
        let mut pace = Pace::default();
        let due = (0..=40).filter(|n| pace.display_is_due(Duration::from_millis(n * 50))).count();
        assert_eq!(due, 4);
    }
}
