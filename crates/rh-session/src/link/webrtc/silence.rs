//! For how long the helper was not heard.

use std::time::{Duration, Instant};

/// The first silence that is reported, since a helper at rest says something once a second; the next
/// ones are each twice as long.
const FIRST: Duration = Duration::from_secs(2);
/// How long another path may take, once both sides have agreed to seek one.
const ANEW: Duration = Duration::from_secs(12);

/// Tells silence from the times at which the helper was heard.
#[derive(Debug)]
pub(super) struct Silence {
    heard: Instant,
    /// The silence to report next.
    next: Duration,
    /// No silence is reported before: another path is sought.
    held: Option<Instant>,
}

impl Silence {
    pub(super) fn new(now: Instant) -> Self {
        Self { heard: now, next: FIRST, held: None }
    }

    /// Notes that the helper was heard; says so with zero if silence was reported.
    pub(super) fn heard(&mut self, now: Instant) -> Option<Duration> {
        (self.heard, self.held) = (now, None);
        let reported = self.next > FIRST;
        self.next = FIRST;
        reported.then_some(Duration::ZERO)
    }

    /// Notes that another path is sought, which counts once in a silence.
    pub(super) fn seek(&mut self, now: Instant) {
        self.held.get_or_insert(now + ANEW);
    }

    /// For how long the helper was not heard.
    pub(super) fn lasts(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.heard)
    }

    /// When there may be silence to report.
    pub(super) fn deadline(&self) -> Instant {
        let due = self.heard + self.next;
        self.held.map_or(due, |held| held.max(due))
    }

    /// The silence to report, if it lasted that long.
    pub(super) fn tick(&mut self, now: Instant) -> Option<Duration> {
        let silence = self.lasts(now);
        if now < self.deadline() {
            return None;
        }
        let mut reached = self.next;
        while reached * 2 <= silence {
            reached *= 2;
        }
        self.next = reached * 2;
        Some(reached)
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test may start anywhere in time")]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// S-61: growing silence is told early, so that a cut is noticed within 10 s.
    #[test]
    fn growing_silence_is_reported_at_2_4_and_8_seconds() {
        let start = Instant::now();
        let mut silence = Silence::new(start);
        let mut reports = Vec::new();
        while silence.deadline() <= start + s(10) {
            reports.extend(silence.tick(silence.deadline()));
        }
        assert_eq!(reports, [s(2), s(4), s(8)]);
        assert_eq!(silence.heard(start + s(10)), Some(Duration::ZERO));
        assert_eq!(silence.heard(start + s(10)), None);
        assert_eq!(silence.deadline(), start + s(12));
    }

    /// B-09: who seeks another path has the time to find one, once in a silence.
    #[test]
    fn nothing_is_reported_while_another_path_is_sought() {
        let start = Instant::now();
        let mut silence = Silence::new(start);
        assert_eq!(silence.tick(start + s(2)), Some(s(2)));
        silence.seek(start + s(4));
        silence.seek(start + s(15));
        assert_eq!(silence.tick(start + Duration::from_millis(15_999)), None);
        assert_eq!(silence.tick(start + s(16)), Some(s(16)));
        assert_eq!(silence.heard(start + s(16)), Some(Duration::ZERO));
        assert_eq!(silence.deadline(), start + s(18));
    }

    #[test]
    fn a_late_tick_reports_once() {
        let start = Instant::now();
        let mut silence = Silence::new(start);
        assert_eq!(silence.tick(start + Duration::from_millis(1_999)), None);
        assert_eq!(silence.tick(start + s(5)), Some(s(4)));
        assert_eq!(silence.deadline(), start + s(8));
    }
}
