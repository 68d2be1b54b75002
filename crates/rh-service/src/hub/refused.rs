//! Why a message is not carried out.

use std::time::Duration;

use rh_protocol::{Refusal, ToClient};

use super::event::{Alarm, ConnId, Effect};

/// Until a service that stops may be back.
const RESTART: Duration = Duration::from_secs(60);

/// Why a message is not carried out, and who else must hear of it.
pub(super) struct Refused {
    refusal: Refusal,
    retry_in: Option<Duration>,
    alarm: Option<Box<Alarm>>,
}

impl Refused {
    /// Too many attempts; the time to wait.
    pub(super) fn to_wait(wait: Duration) -> Self {
        Self { retry_in: Some(wait), ..Refusal::TooManyAttempts.into() }
    }

    /// No more codes are made; the service is back in a minute or so.
    pub(super) fn stopping() -> Self {
        Self { retry_in: Some(RESTART), ..Refusal::Stopping.into() }
    }

    /// A wrong code, or as good as one.
    pub(super) fn code(alarm: Option<Alarm>) -> Self {
        Self { alarm: alarm.map(Box::new), ..Refusal::Code.into() }
    }

    /// What must be done about what `conn` said.
    pub(super) fn effects(self, conn: ConnId) -> Vec<Effect> {
        let Self { refusal, retry_in, alarm } = self;
        let retry_in = retry_in.map(whole_seconds);
        let told = Effect::Tell(conn, ToClient::Refused { refusal, retry_in });
        [told].into_iter().chain(alarm.map(|it| Effect::Alarm(*it))).collect()
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, retry_in: None, alarm: None }
    }
}

/// Rounded up, so that a client never comes back too early.
pub(super) fn whole_seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX)
}
