//! The one clock of all measurements.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Now, for differences within this process.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this program is for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The system's monotonic clock, for differences between processes; microseconds.
pub(crate) fn monotonic_us() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    let micros = |seconds: i64, nanos: i64| seconds * 1_000_000 + nanos / 1000;
    micros(time.tv_sec, time.tv_nsec).unsigned_abs()
}

/// A time span in milliseconds, to the microsecond.
pub(crate) fn millis(span: Duration) -> f64 {
    span.as_micros() as f64 / 1000.0
}
