//! How fast a client may speak.

use std::time::{Duration, Instant};

/// Messages in one burst; the candidates of a whole negotiation fit many times.
const BURST: u32 = 200;

/// One more message is allowed in this time.
const REFILL: Duration = Duration::from_millis(20);

/// A token bucket. Time is an argument.
#[derive(Debug)]
pub(super) struct Rate {
    left: u32,
    filled: Instant,
}

impl Rate {
    /// A full bucket.
    pub(super) fn new(now: Instant) -> Self {
        Self { left: BURST, filled: now }
    }

    /// Whether one more message is within the rate.
    pub(super) fn allows(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled);
        let fill = u32::try_from(passed.as_millis() / REFILL.as_millis()).unwrap_or(u32::MAX);
        self.filled += REFILL.saturating_mul(fill);
        self.left = self.left.saturating_add(fill).min(BURST);
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn a_burst_passes_and_a_flood_does_not() {
        let start = clock::now();
        let mut rate = Rate::new(start);
        assert_eq!((0..1000).filter(|_| rate.allows(start)).count(), BURST as usize);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..1000).filter(|_| rate.allows(later)).count(), 50);
    }

    #[test]
    fn a_steady_client_is_never_stopped() {
        let start = clock::now();
        let mut rate = Rate::new(start);
        assert!((0..10_000).all(|n| rate.allows(start + REFILL * n)));
    }
}
