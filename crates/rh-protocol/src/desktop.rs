//! What the sharer's desktop is doing.

use serde::{Deserialize, Serialize};

/// What the sharer's desktop is doing, from most open to most shut.
///
/// If several apply, the greatest counts.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DesktopState {
    /// In use by the sharer, or free to be.
    #[default]
    Active,
    /// Keys go to a field that lets no program type, such as one for a password (macOS Secure
    /// Event Input).
    SecureInput,
    /// Locked.
    Locked,
    /// Another user of the machine has the screen (fast user switching).
    OtherUser,
    /// The machine or its displays sleep.
    Asleep,
}

impl DesktopState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Active, Self::SecureInput, Self::Locked, Self::OtherUser, Self::Asleep];

    /// Whether a helper with consent may see the screen.
    pub fn may_be_seen(self) -> bool {
        match self {
            Self::Active | Self::SecureInput => true,
            Self::Locked | Self::OtherUser | Self::Asleep => false,
        }
    }

    /// Whether a helper with consent may act.
    pub fn may_be_acted_on(self) -> bool {
        match self {
            Self::Active => true,
            Self::SecureInput | Self::Locked | Self::OtherUser | Self::Asleep => false,
        }
    }
}
