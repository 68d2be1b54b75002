//! The relay's only clock.

use std::time::{Instant, SystemTime};

#[expect(clippy::disallowed_methods, reason = "the relay's tasks are its event loop")]
pub(super) fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "credentials expire by the wall's clock")]
pub(super) fn wall() -> SystemTime {
    SystemTime::now()
}
