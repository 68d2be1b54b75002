//! The port to the person at the machine.

use async_trait::async_trait;
use rh_protocol::policy::Reason;
use rh_protocol::{Background, Consent, DesktopState, EndReason, IdentityCard, Role, SessionId};

/// A question for the sharer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Question {
    /// Who asks, as the service vouches for; safe to show.
    pub helper: IdentityCard,
    /// What for.
    pub role: Role,
    /// What there is to know of the helper beside the card, if the service has said; safe to show.
    pub background: Option<Background>,
    /// Whether the helper already sees the screen and now asks for more.
    pub upgrade: bool,
    /// Who brought this helper, if another one did.
    pub introducer: Option<Introducer>,
}

/// A helper who brings a colleague (B-20).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Introducer {
    /// Who brings; safe to show.
    pub helper: IdentityCard,
    /// Whether this helper stays, or else leaves once the colleague is allowed something.
    pub stays: bool,
}

/// Something that the sharer should see.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Notice {
    /// The code was accepted; the helper will ask in a moment.
    Joined {
        /// The session; by this a helper can be reported.
        session: SessionId,
        /// Who the helper is; safe to show.
        helper: IdentityCard,
    },
    /// What there is to know of the helper beside the card (B-05).
    Background {
        /// What there is to know; safe to show.
        background: Background,
    },
    /// Six digits that the helper's page shows too, unless somebody stands between the two (B-04).
    Sas {
        /// The digits.
        digits: String,
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
    /// Somebody wrote this; the sharer does by [`Chat`](crate::Chat).
    Chat {
        /// Which helper; `None` is the sharer.
        helper: Option<IdentityCard>,
        /// What: text, and nothing else. It is not safe to show in a terminal as it is.
        text: String,
    },
    /// The helper does not get what the sharer wrote last.
    ChatRefused,
    /// Whether the two may write to one another now; they may unless told otherwise, once the sharer
    /// has allowed something.
    ChatAllowed {
        /// Whether.
        allowed: bool,
    },
    /// The organisation's rules do not allow this device to be shared any more; the end follows.
    Denied {
        /// Why.
        reasons: Vec<Reason>,
    },
    /// A helper brings a colleague, of whom [`Notice::Joined`] follows.
    Introduced {
        /// Who brings whom.
        introducer: Introducer,
    },
    /// One of several helpers left; the others are still there.
    Left {
        /// Who; safe to show.
        helper: IdentityCard,
        /// Why.
        reason: EndReason,
    },
    /// The session is over.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

/// How the sharer is asked; part of the record of the consent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wording {
    /// Names the text of the question, with its version: letters, digits, `.`, `_` and `-`. A new one
    /// for every change that a sharer could understand otherwise.
    pub version: String,
    /// The language, a BCP 47 tag.
    pub language: String,
}

impl Default for Wording {
    /// Of a prompt that does not say.
    fn default() -> Self {
        Self { version: "unstated".to_owned(), language: "und".to_owned() }
    }
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

    /// How it asks.
    fn wording(&self) -> Wording {
        Wording::default()
    }

    /// Shows `notice`; must not block.
    fn notice(&self, notice: Notice) {
        let _ = notice;
    }
}
