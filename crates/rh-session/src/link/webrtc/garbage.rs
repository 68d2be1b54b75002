//! How much of what the helper sent is no message.

use std::time::{Duration, Instant};

/// Least time between two reports.
const PAUSE: Duration = Duration::from_millis(100);
/// More than this, and the helper is no helper.
const MOST: u64 = 1_000;

/// Counts what is no message.
#[derive(Debug, Default)]
pub(super) struct Garbage {
    count: u64,
    reported: u64,
    last: Option<Instant>,
}

impl Garbage {
    pub(super) fn count(&mut self) {
        self.count += 1;
    }

    pub(super) fn is_too_much(&self) -> bool {
        self.count > MOST
    }

    /// When there is something to report.
    pub(super) fn deadline(&self) -> Option<Instant> {
        (self.count > self.reported).then(|| self.last.map(|last| last + PAUSE)).flatten()
    }

    /// The count, if it has grown and the last report is long enough ago.
    pub(super) fn report(&mut self, now: Instant) -> Option<u64> {
        let due = self.last.is_none_or(|last| now >= last + PAUSE);
        if self.count == self.reported || !due {
            return None;
        }
        self.reported = self.count;
        self.last = Some(now);
        Some(self.count)
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test may start anywhere in time")]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_reported_ten_times_a_second_and_in_full() {
        let start = Instant::now();
        let mut garbage = Garbage::default();
        let mut reports = Vec::new();
        for ms in 0..1_000 {
            garbage.count();
            reports.extend(garbage.report(start + Duration::from_millis(ms)));
        }
        assert_eq!(reports.len(), 10);
        let due = garbage.deadline().expect("the rest is due");
        assert_eq!(garbage.report(due), Some(1_000));
        assert_eq!(garbage.deadline(), None);
        assert!(!garbage.is_too_much());
        garbage.count();
        assert!(garbage.is_too_much());
    }
}
