//! The service's only clock.

use std::time::Instant;

/// The time now, for the shell; everything beneath it takes time as an argument.
#[expect(
    clippy::disallowed_methods,
    reason = "the shell is the event loop that may read the clock"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}
