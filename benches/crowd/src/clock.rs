//! The one clock.

use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "a measuring program reads the clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
