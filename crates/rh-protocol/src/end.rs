//! Why a session ended.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a session ended, as both sides are told (S-61).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The sharer said no.
    Declined,
    /// The sharer did not answer in time.
    NoAnswer,
    /// The sharer ended the session.
    SharerEnded,
    /// The helper ended the session.
    HelperEnded,
    /// The helper closed the page.
    HelperLeft,
    /// The other side's program or machine died.
    Crashed,
    /// The network between the two was cut.
    ConnectionLost,
    /// The sharer's machine could not capture its screen any more.
    CaptureFailed,
    /// The two sides speak different versions.
    Version,
    /// The service ended the session.
    ServiceEnded,
    /// The helper handed the sharer over to a colleague.
    HandedOver,
    /// The organisation's rules do not allow the session any more.
    RightRevoked,
    /// An administrator of the organisation ended the session.
    AdministratorEnded,
    /// A reason that this version does not know.
    #[serde(other)]
    Other,
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Declined => "the sharer declined",
            Self::NoAnswer => "the sharer did not answer in time",
            Self::SharerEnded => "the sharer ended the session",
            Self::HelperEnded => "the helper ended the session",
            Self::HelperLeft => "the helper closed the page",
            Self::Crashed => "the other side stopped unexpectedly",
            Self::ConnectionLost => "the connection was lost",
            Self::CaptureFailed => "the screen could not be captured",
            Self::Version => "the two sides speak different versions",
            Self::ServiceEnded => "the service ended the session",
            Self::HandedOver => "the helper handed over to a colleague",
            Self::RightRevoked => "the organisation does not allow the session any more",
            Self::AdministratorEnded => "an administrator ended the session",
            Self::Other => "the session ended",
        })
    }
}
