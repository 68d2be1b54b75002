//! By which path a picture travels, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a helper is shown the picture by the path that it takes: as exact tiles, or as video.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PathReason {
    /// Nothing changes.
    #[default]
    Still,
    /// The receiver has it already, elsewhere.
    Moved,
    /// It is small enough to be exact.
    Exact,
    /// The receiver cannot decode video.
    NoVideo,
    /// It is the video's until it rests.
    Motion,
    /// Photographs that keep changing.
    Photographic,
    /// Too much of the picture keeps changing.
    Area,
    /// Exact pixels are more than the network can carry now.
    Budget,
    /// What was video rests, and is made exact.
    Repair,
}

impl PathReason {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Still,
        Self::Moved,
        Self::Exact,
        Self::NoVideo,
        Self::Motion,
        Self::Photographic,
        Self::Area,
        Self::Budget,
        Self::Repair,
    ];
}

impl fmt::Display for PathReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Still => "nothing changes",
            Self::Moved => "moved content is copied",
            Self::Exact => "changes are small enough to be exact",
            Self::NoVideo => "the viewer has no video",
            Self::Motion => "motion is shown as video until it rests",
            Self::Photographic => "photographs in motion are shown as video",
            Self::Area => "a large area in motion is shown as video",
            Self::Budget => "the network cannot carry exact pixels now",
            Self::Repair => "what rests is made exact",
        })
    }
}
