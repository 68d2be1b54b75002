//! When somebody failed, for as long as it counts.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// At most so many failures in any stretch of time this long.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) most: usize,
    pub(super) within: Duration,
}

/// The failures of many, each under its own key and all under the same windows.
#[derive(Debug)]
pub(super) struct Ledger<K> {
    windows: &'static [Window],
    room: usize,
    /// Never more for one key than its widest window allows, oldest first.
    failures: BTreeMap<K, VecDeque<Instant>>,
}

impl<K: Clone + Ord> Ledger<K> {
    /// An empty one for at most `room` keys.
    pub(super) fn new(windows: &'static [Window], room: usize) -> Self {
        Self { windows, room, failures: BTreeMap::new() }
    }

    /// How long `key` must wait; zero if it need not.
    pub(super) fn wait(&self, now: Instant, key: &K) -> Duration {
        let Some(failures) = self.failures.get(key) else { return Duration::ZERO };
        let waits = self.windows.iter().filter_map(|window| {
            let first = failures.len().checked_sub(window.most)?;
            Some((failures[first] + window.within).saturating_duration_since(now))
        });
        waits.max().unwrap_or(Duration::ZERO)
    }

    /// Counts a failure.
    pub(super) fn add(&mut self, now: Instant, key: &K) {
        if self.failures.len() >= self.room && !self.failures.contains_key(key) {
            self.make_room();
        }
        let kept = self.windows.iter().map(|window| window.most).max().unwrap_or(0);
        let failures = self.failures.entry(key.clone()).or_default();
        // Connections read the clock on their own, so one may be a moment behind another.
        let latest = failures.back().map_or(now, |&last| last.max(now));
        failures.push_back(latest);
        if failures.len() > kept {
            failures.pop_front();
        }
    }

    /// Forgets the failures that count in no window any more.
    pub(super) fn forget(&mut self, now: Instant) {
        let widest = self.windows.iter().map(|window| window.within).max().unwrap_or_default();
        self.failures.retain(|_, failures| {
            while failures.front().is_some_and(|&failed| failed + widest <= now) {
                failures.pop_front();
            }
            !failures.is_empty()
        });
    }

    /// How many failures are kept for `key`.
    pub(super) fn count(&self, key: &K) -> usize {
        self.failures.get(key).map_or(0, VecDeque::len)
    }

    /// Everyone who failed.
    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.failures.keys()
    }

    /// Drops whoever failed least, and of those the one whose last failure is the oldest, so that
    /// nobody gets rid of a wait by a flood of others.
    fn make_room(&mut self) {
        let guilt = |failures: &VecDeque<Instant>| (failures.len(), failures.back().copied());
        let least = self.failures.iter().min_by_key(|(_, failures)| guilt(failures));
        if let Some(key) = least.map(|(key, _)| key.clone()) {
            self.failures.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    const WINDOWS: &[Window] = &[
        Window { most: 2, within: Duration::from_secs(10) },
        Window { most: 3, within: Duration::from_secs(100) },
    ];

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn the_oldest_failure_must_be_out_of_every_window() {
        let (mut ledger, start) = (Ledger::new(WINDOWS, 10), clock::now());
        ledger.add(start, &'a');
        assert_eq!(ledger.wait(start, &'a'), Duration::ZERO);
        ledger.add(start + seconds(4), &'a');
        assert_eq!(ledger.wait(start + seconds(4), &'a'), seconds(6));
        assert_eq!(ledger.wait(start + seconds(10), &'a'), Duration::ZERO);
        ledger.add(start + seconds(10), &'a');
        assert_eq!(ledger.wait(start + seconds(10), &'a'), seconds(90));
        assert_eq!(ledger.wait(start + seconds(10), &'b'), Duration::ZERO);
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let (mut ledger, start) = (Ledger::new(WINDOWS, 10), clock::now());
        ledger.add(start, &'a');
        ledger.add(start + seconds(50), &'a');
        ledger.forget(start + seconds(100));
        assert_eq!(ledger.count(&'a'), 1);
        ledger.forget(start + seconds(150));
        assert_eq!(ledger.keys().count(), 0);
    }

    /// B-06: a flood cannot grow it, nor push out whoever waits.
    #[test]
    fn a_flood_neither_grows_it_nor_frees_anybody() {
        let (mut ledger, start) = (Ledger::new(WINDOWS, 100), clock::now());
        for _ in 0..10 {
            ledger.add(start, &0);
        }
        assert_eq!(ledger.count(&0), 3, "no more than count");
        for n in 1..10_000 {
            ledger.add(start + Duration::from_millis(n), &n);
            assert!(ledger.keys().count() <= 100);
        }
        assert_eq!(ledger.wait(start, &0), seconds(100));
        assert_eq!(ledger.count(&9_999), 1, "the newest are remembered");
        assert_eq!(ledger.count(&1), 0, "the oldest have gone");
    }

    /// A clock that is read by many may seem to go back a little.
    #[test]
    fn a_late_reading_of_the_clock_does_no_harm() {
        let (mut ledger, start) = (Ledger::new(WINDOWS, 10), clock::now());
        ledger.add(start + seconds(1), &'a');
        ledger.add(start, &'a');
        assert_eq!(ledger.wait(start, &'a'), seconds(11));
    }
}
