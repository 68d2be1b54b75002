//! How much one session may take of a relay.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// How much a relay gives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Allocations of one session: one for each network of either side.
    pub allocations: usize,
    /// Allocations of all sessions.
    pub all: usize,
    /// Bytes a second of one session, of both directions.
    pub bytes_per_second: u64,
}

impl Default for Limits {
    /// Sixteen allocations, 4096 of all, and twice what the fastest picture needs.
    fn default() -> Self {
        Self { allocations: 16, all: 4096, bytes_per_second: 20_000_000 }
    }
}

/// Keeps count.
#[derive(Clone, Debug)]
pub(super) struct Quotas(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    limits: Limits,
    sessions: HashMap<String, Share>,
}

#[derive(Debug)]
struct Share {
    allocations: usize,
    /// Bytes that may be relayed at once: those of one second at most.
    bytes: u64,
    filled: Instant,
}

/// One allocation; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Lease {
    quotas: Quotas,
    session: String,
}

impl Quotas {
    pub(super) fn new(limits: Limits) -> Self {
        Self(Arc::new(Mutex::new(Inner { limits, sessions: HashMap::new() })))
    }

    /// One more allocation for `session`, if it may have one.
    pub(super) fn allocate(&self, session: &str, now: Instant) -> Option<Lease> {
        let mut inner = self.lock();
        let limits = inner.limits;
        let all: usize = inner.sessions.values().map(|share| share.allocations).sum();
        if all >= limits.all {
            return None;
        }
        let full = || Share { allocations: 0, bytes: limits.bytes_per_second, filled: now };
        let share = inner.sessions.entry(session.to_owned()).or_insert_with(full);
        if share.allocations >= limits.allocations {
            return None;
        }
        share.allocations += 1;
        Some(Lease { quotas: self.clone(), session: session.to_owned() })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    pub(super) fn session(&self) -> &str {
        &self.session
    }

    /// Whether so many bytes more may be relayed now; what may not is lost, as on any full network.
    pub(super) fn takes(&self, bytes: usize, now: Instant) -> bool {
        let mut inner = self.quotas.lock();
        let rate = inner.limits.bytes_per_second;
        let Some(share) = inner.sessions.get_mut(&self.session) else { return false };
        let passed = now.saturating_duration_since(share.filled).as_secs_f64();
        let fill = (passed * rate as f64) as u64;
        if fill > 0 {
            (share.bytes, share.filled) = (share.bytes.saturating_add(fill).min(rate), now);
        }
        let left = share.bytes.checked_sub(bytes as u64);
        share.bytes = left.unwrap_or(share.bytes);
        left.is_some()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut inner = self.quotas.lock();
        if let Some(share) = inner.sessions.get_mut(&self.session) {
            share.allocations -= 1;
            if share.allocations == 0 {
                inner.sessions.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LIMITS: Limits = Limits { allocations: 2, all: 3, bytes_per_second: 1000 };

    #[expect(clippy::disallowed_methods, reason = "a beginning to count from")]
    fn quotas() -> (Quotas, Instant) {
        (Quotas::new(LIMITS), Instant::now())
    }

    #[test]
    fn a_session_gets_so_many_allocations_and_gives_them_back() {
        let (quotas, now) = quotas();
        let first = quotas.allocate("a", now).unwrap();
        let _second = quotas.allocate("a", now).unwrap();
        assert!(quotas.allocate("a", now).is_none());
        let _other = quotas.allocate("b", now).unwrap();
        assert!(quotas.allocate("b", now).is_none(), "there are no more");
        drop(first);
        assert!(quotas.allocate("a", now).is_some());
    }

    #[test]
    fn a_session_gets_so_many_bytes_a_second_whatever_its_allocations() {
        let (quotas, now) = quotas();
        let (one, two) = (quotas.allocate("a", now).unwrap(), quotas.allocate("a", now).unwrap());
        assert!(one.takes(600, now) && !two.takes(600, now) && two.takes(400, now));
        let soon = now + Duration::from_millis(500);
        assert!(two.takes(500, soon) && !one.takes(1, soon));
        let later = now + Duration::from_secs(3600);
        assert!(one.takes(1000, later) && !one.takes(1, later));
    }

    #[test]
    fn nothing_is_kept_of_a_session_that_is_over() {
        let (quotas, now) = quotas();
        drop(quotas.allocate("a", now));
        assert!(quotas.lock().sessions.is_empty());
    }
}
