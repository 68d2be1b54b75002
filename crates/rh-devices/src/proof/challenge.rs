//! What a device is asked to sign.

use std::fmt;
use std::time::{Duration, Instant};

/// How long a challenge may be answered.
const LIFE: Duration = Duration::from_secs(60);

/// Something new, for one device on one connection, that may be answered once.
///
/// Whoever checks an answer takes the challenge away first, whatever comes of it.
#[derive(Clone, Debug)]
pub struct Challenge {
    random: [u8; 32],
    until: Instant,
}

impl Challenge {
    /// From 256 random bits, at `now`.
    pub fn new(random: [u8; 32], now: Instant) -> Self {
        Self { random, until: now + LIFE }
    }

    /// Whether `text` names this challenge and comes in time.
    pub fn is_answered_by(&self, text: &str, now: Instant) -> bool {
        now < self.until && text == self.to_string()
    }
}

impl fmt::Display for Challenge {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.random.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
