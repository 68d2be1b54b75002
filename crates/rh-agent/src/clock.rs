//! The one look at the clock in this crate.

use std::time::Instant;

/// Now. The machine and the pacing take it as an argument.
///
/// It is the runtime's clock, so that a test may stop it and let a minute of silence pass at once.
pub(crate) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
