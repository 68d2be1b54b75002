//! The sharer's own hand wins.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long after the sharer's last motion or key a helper's input waits.
pub const REST: Duration = Duration::from_secs(1);

/// How late macOS may note what was posted here as if it were the sharer's, or move the pointer.
const ECHO: Duration = Duration::from_millis(150);

/// How far the pointer may be, in points to each side, from where it was put: macOS rounds.
const NEAR: f64 = 2.0;

/// Tells what the sharer does from what was done here.
///
/// macOS says how long ago the machine's own devices last did something. It documents that apart
/// from what programs post by a source of their own, but should it count that too, an event of about
/// when we posted is taken for ours. What the sharer does with the mouse meanwhile still shows: the
/// pointer is where nobody here has put it. What they type shows as soon as the helper pauses.
///
/// Neither needs a permission, where a tap on events would need Input Monitoring.
#[derive(Debug, Default)]
pub struct Sharer {
    /// When they last did something.
    seen: Option<Instant>,
    /// When something was last posted here.
    posted: Option<Instant>,
    /// Where the pointer was put, and when; those that are too old to matter are gone but the last.
    places: VecDeque<((f64, f64), Instant)>,
}

impl Sharer {
    /// Notes that something was posted here at `now`, and where it put the pointer, if it did.
    pub fn posted(&mut self, now: Instant, place: Option<(f64, f64)>) {
        self.posted = Some(now);
        if let Some(place) = place {
            self.places.push_back((place, now));
            self.forget(now);
        }
    }

    /// Whether a helper's input waits at `now`, when the devices have done nothing for `idle` and
    /// the pointer is at `pointer`, if macOS says where.
    pub fn yield_to_sharer(
        &mut self,
        now: Instant,
        idle: Duration,
        pointer: Option<(f64, f64)>,
    ) -> bool {
        self.forget(now);
        // An idle time from before the clock began is as good as none.
        let theirs = now.checked_sub(idle).filter(|&at| {
            self.posted.is_none_or(|posted| at.saturating_duration_since(posted) > ECHO)
        });
        self.seen = self.seen.max(theirs);
        if pointer.is_some_and(|pointer| self.is_elsewhere(pointer)) {
            self.seen = Some(now);
            // From here on it is where they have put it.
            self.places.clear();
        }
        self.seen.is_some_and(|seen| now.saturating_duration_since(seen) < REST)
    }

    /// Whether the pointer is at none of the places where it was put.
    fn is_elsewhere(&self, pointer: (f64, f64)) -> bool {
        let near = |place: (f64, f64)| {
            (place.0 - pointer.0).abs() <= NEAR && (place.1 - pointer.1).abs() <= NEAR
        };
        !self.places.is_empty() && !self.places.iter().any(|&(place, _)| near(place))
    }

    fn forget(&mut self, now: Instant) {
        // A place counts until the next has been put for so long that the pointer must be there.
        while let Some(&(_, put)) = self.places.get(1)
            && now.saturating_duration_since(put) > ECHO
        {
            self.places.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);
    const FRAME: Duration = Duration::from_millis(16);

    fn start() -> Instant {
        #[expect(clippy::disallowed_methods, reason = "any moment will do")]
        let now = Instant::now();
        now + LONG * 10
    }

    /// B-03: a key or a motion of theirs pauses, and a second of rest resumes.
    #[test]
    fn waits_until_the_sharer_has_rested_for_a_second() {
        let (mut sharer, now) = (Sharer::default(), start());
        let rests = |sharer: &mut Sharer, idle| !sharer.yield_to_sharer(now + idle, idle, None);
        assert!(!rests(&mut sharer, Duration::ZERO));
        assert!(!rests(&mut sharer, REST - FRAME));
        assert!(rests(&mut sharer, REST));
        assert!(rests(&mut sharer, LONG));
    }

    /// What is done here is no reason to wait, even if macOS takes it for a device's.
    #[test]
    fn does_not_wait_for_what_was_done_here() {
        let (mut sharer, mut now) = (Sharer::default(), start());
        for step in 0..200 {
            let place = (f64::from(step) * 30.0, 500.0);
            assert!(!sharer.yield_to_sharer(now, if step == 0 { LONG } else { FRAME / 2 }, None));
            sharer.posted(now, Some(place));
            now += FRAME;
        }
    }

    #[test]
    fn a_pointer_that_lags_behind_is_no_motion_of_theirs() {
        let (mut sharer, mut now) = (Sharer::default(), start());
        let place = |step: i32| (f64::from(step) * 30.0, 500.0);
        for step in 0..200 {
            let shown = (step > 0).then(|| place((step - 4).max(0)));
            assert!(!sharer.yield_to_sharer(now, LONG, shown), "step {step}");
            sharer.posted(now, Some(place(step)));
            now += FRAME;
        }
    }

    /// B-03: their motion is seen while the helper moves without a pause.
    #[test]
    fn a_pointer_that_nobody_here_moved_is_theirs() {
        let (mut sharer, now) = (Sharer::default(), start());
        sharer.posted(now, Some((100.0, 100.0)));
        assert!(!sharer.yield_to_sharer(now + FRAME, FRAME, Some((101.5, 98.5))));
        assert!(sharer.yield_to_sharer(now + FRAME * 2, FRAME, Some((100.0, 103.0))));
        assert!(sharer.yield_to_sharer(now + REST, LONG, Some((300.0, 300.0))));
        assert!(!sharer.yield_to_sharer(now + FRAME * 2 + REST, LONG, Some((300.0, 300.0))));
    }

    /// B-03: a key of theirs is seen once the helper pauses for a moment.
    #[test]
    fn a_key_of_theirs_after_ours_is_theirs() {
        let (mut sharer, now) = (Sharer::default(), start());
        sharer.posted(now, None);
        assert!(!sharer.yield_to_sharer(now + ECHO, Duration::ZERO, None));
        assert!(sharer.yield_to_sharer(now + ECHO + FRAME, Duration::ZERO, None));
    }

    #[test]
    fn an_old_place_does_not_count_once_the_pointer_was_put_elsewhere() {
        let (mut sharer, now) = (Sharer::default(), start());
        sharer.posted(now, Some((0.0, 0.0)));
        sharer.posted(now + FRAME, Some((500.0, 0.0)));
        assert!(sharer.yield_to_sharer(now + LONG, LONG, Some((0.0, 0.0))));
    }

    #[test]
    fn nonsense_of_the_platform_is_no_reason_to_wait() {
        let (mut sharer, now) = (Sharer::default(), start());
        assert!(!sharer.yield_to_sharer(now, Duration::MAX, None));
    }
}
