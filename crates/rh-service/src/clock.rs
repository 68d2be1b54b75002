//! The service's only clock.

use std::time::{Instant, SystemTime};

use rh_identity::Now;
use rh_records::Timestamp;

/// The time now, for the shell; everything beneath it takes time as an argument.
#[expect(
    clippy::disallowed_methods,
    reason = "the shell is the event loop that may read the clock"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The time now for records.
#[expect(clippy::disallowed_methods, reason = "as above")]
pub(crate) fn wall() -> Timestamp {
    SystemTime::now().into()
}

/// The time now on both clocks, for tokens of others.
#[expect(clippy::disallowed_methods, reason = "as above")]
pub(crate) fn both() -> Now {
    Now { instant: now(), wall: SystemTime::now() }
}
