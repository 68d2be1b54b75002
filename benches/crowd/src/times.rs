//! Many durations, and what of them is told.

use std::time::Duration;

use serde::Serialize;

/// How long something took, each time.
#[derive(Debug, Default)]
pub(crate) struct Times(Vec<Duration>);

/// Milliseconds below which so many per cent lie.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    count: usize,
    p50_ms: f64,
    p99_ms: f64,
    most_ms: f64,
}

impl Times {
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// `None` if nothing was timed.
    pub(crate) fn summary(mut self) -> Option<Summary> {
        self.0.sort_unstable();
        let last = self.0.len().checked_sub(1)?;
        let at = |share: usize| self.0[(self.0.len() * share / 100).min(last)].as_secs_f64() * 1e3;
        Some(Summary { count: self.0.len(), p50_ms: at(50), p99_ms: at(99), most_ms: at(100) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_of_sorted_times() {
        assert!(Times::default().summary().is_none());
        let mut times = Times::default();
        for ms in (1..=100).rev() {
            times.add(Duration::from_millis(ms));
        }
        let summary = times.summary().unwrap();
        assert_eq!((summary.count, summary.p50_ms, summary.p99_ms), (100, 51.0, 100.0));
    }
}
