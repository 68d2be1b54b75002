//! The port to the person at the machine.

use async_trait::async_trait;
use rh_protocol::policy::Reason;
use rh_protocol::{Consent, DesktopState, EndReason, IdentityCard, Role};

/// A question for the sharer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Question {
    /// Who asks, as the service vouches for; safe to show.
    pub helper: IdentityCard,
    /// What for.
    pub role: Role,
    /// Whether the helper already sees the screen and now asks for more.
    pub upgrade: bool,
}

/// Something that the sharer should see.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Notice {
    /// The code was accepted; the helper will ask in a moment.
    Joined {
        /// Who the helper is; safe to show.
        helper: IdentityCard,
    },
    /// The open question is no longer asked.
    Withdrawn,
    /// The screen is shared now.
    SharingStarted,
    /// The screen is not shared any more.
    SharingStopped,
    /// The helper now has this role.
    Granted {
        /// The role.
        role: Role,
    },
    /// The desktop is in this state now, while somebody may look on: what is locked is not shown,
    /// what is typed into a field for passwords is left to the sharer.
    Desktop {
        /// The state.
        state: DesktopState,
    },
    /// The organisation's rules do not allow this device to be shared any more; the end follows.
    Denied {
        /// Why.
        reasons: Vec<Reason>,
    },
    /// The session is over.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

/// Asks the sharer and shows what goes on.
///
/// Its window must be out of the helper's reach: while a question is open the agent drops all remote
/// input, and the default answer must be Decline.
#[async_trait]
pub trait Prompt: Send + Sync + 'static {
    /// Asks `question`. The future is dropped when the question is withdrawn: the session ended, or
    /// nobody answered in time. Anything but a deliberate yes is [`Consent::Decline`].
    async fn ask(&self, question: Question) -> Consent;

    /// Shows `notice`; must not block.
    fn notice(&self, notice: Notice) {
        let _ = notice;
    }
}
