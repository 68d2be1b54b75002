//! What a helper may do, and what the sharer says to it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a helper may do, from least to most.
///
/// The order is meaningful: a grant covers every lesser request. A value this version does not
/// know is an error, so a message that carries one is ignored as a whole.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May see the screen.
    View,
    /// May see the screen and act on it.
    Control,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::View => "view only",
            Self::Control => "full control",
        })
    }
}

/// The sharer's answer to a request.
///
/// Anything that is not exactly `allow` reads as [`Decline`](Self::Decline).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Yes.
    Allow,
    /// No; also silence, and every word that is not understood.
    #[default]
    #[serde(other)]
    Decline,
}
