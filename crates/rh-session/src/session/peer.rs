//! One helper, from joining to leaving.

use std::time::{Duration, Instant};

use rh_protocol::{DesktopState, IdentityCard, Role};

use super::question::Question;

/// How long a helper may be silent before everything it holds down is let go.
const HESITATION: Duration = Duration::from_secs(2);

/// One helper.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) card: IdentityCard,
    pub(super) standing: Standing,
    pub(super) link: Link,
    /// Whether there is a record of what it holds.
    pub(super) recorded: bool,
    /// Its WebSocket broke without a word.
    pub(super) vanished: bool,
    /// Its newest input; an older pointer move is late.
    pub(super) newest: Option<u32>,
    pub(super) rights: Rights,
}

/// What the sharer has said to a helper.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    /// Was not asked.
    Joined,
    /// Was asked, for the first time.
    Asked(Question),
    /// Said yes; may have been asked for more since.
    Holding { role: Role, more: Option<Question>, declines: u8 },
    /// The session is over for this helper.
    Over,
}

/// How things are with a helper's link.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Link {
    /// Not up yet; after consent it has to be by some time.
    Awaited(Option<Instant>),
    /// Up.
    Up {
        /// Whether the helper said hello with our version.
        greeted: bool,
        /// For how long nothing was heard.
        silence: Duration,
    },
}

/// What was last carried out for a helper; only [`Session::settle`](super::Session::settle)
/// changes it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Rights {
    /// Gets pictures.
    pub(super) sees: bool,
    /// Its input is carried out.
    pub(super) acts: bool,
    /// Was told that input is paused.
    pub(super) paused: bool,
    /// What it was told of the desktop.
    pub(super) desktop: DesktopState,
}

impl Peer {
    pub(super) fn new(card: IdentityCard) -> Self {
        Self {
            card,
            standing: Standing::Joined,
            link: Link::Awaited(None),
            recorded: false,
            vanished: false,
            newest: None,
            rights: Rights::default(),
        }
    }

    /// The role that the sharer allowed.
    pub(super) fn held(&self) -> Option<Role> {
        match self.standing {
            Standing::Joined | Standing::Asked(_) | Standing::Over => None,
            Standing::Holding { role, .. } => Some(role),
        }
    }

    /// The question that is open on this helper's behalf.
    pub(super) fn question(&self) -> Option<Question> {
        match self.standing {
            Standing::Asked(question) => Some(question),
            Standing::Holding { more, .. } => more,
            Standing::Joined | Standing::Over => None,
        }
    }

    /// Whether the link is up.
    pub(super) fn linked(&self) -> bool {
        match self.link {
            Link::Awaited(_) => false,
            Link::Up { .. } => true,
        }
    }

    /// Whether the helper said hello with our version.
    pub(super) fn greeted(&self) -> bool {
        match self.link {
            Link::Awaited(_) => false,
            Link::Up { greeted, .. } => greeted,
        }
    }

    /// Whether the helper may be gone, so that what it holds down must be let go.
    pub(super) fn hesitates(&self) -> bool {
        match self.link {
            Link::Awaited(_) => true,
            Link::Up { silence, .. } => silence >= HESITATION,
        }
    }

    /// When something has to happen by itself.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let link = match self.link {
            Link::Awaited(until) => until,
            Link::Up { .. } => None,
        };
        self.question().map(|question| question.until).into_iter().chain(link).min()
    }
}
