//! The service's only clock.

use std::time::{Instant, SystemTime};

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
