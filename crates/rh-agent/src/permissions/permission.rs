//! The permissions, and how one of them can stand.

use rh_protocol::Role;
use serde::Serialize;

/// Something that macOS lets a program do only if the user allows it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See the screen: Screen & System Audio Recording (S-30).
    ScreenRecording,
    /// Control the machine: Accessibility (S-29).
    Accessibility,
    /// Post pointer and keyboard events. Accessibility holds it; a management profile can grant it
    /// alone, and System Settings shows it in the same pane.
    PostEvent,
}

impl Permission {
    /// Every permission, in the order in which a first run asks for them.
    pub const ALL: [Self; 3] = [Self::ScreenRecording, Self::Accessibility, Self::PostEvent];

    /// Its name in System Settings, as of macOS 15.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScreenRecording => "Screen & System Audio Recording",
            Self::Accessibility => "Accessibility",
            Self::PostEvent => "Accessibility (post events)",
        }
    }

    /// The roles that need it: a helper who only views needs no control of the machine.
    pub const fn needed_for(self) -> &'static [Role] {
        match self {
            Self::ScreenRecording => &[Role::View, Role::Control],
            Self::Accessibility | Self::PostEvent => &[Role::Control],
        }
    }

    /// Opens its pane of System Settings (System Preferences before macOS 13).
    ///
    /// Apple documents the scheme for panes but not these anchors; they are those that the system's own
    /// questions open.
    pub const fn settings_url(self) -> &'static str {
        match self {
            Self::ScreenRecording => {
                "x-apple.systempreferences:com.apple.preference.security?Privacy_ScreenCapture"
            }
            Self::Accessibility | Self::PostEvent => {
                "x-apple.systempreferences:com.apple.preference.security?Privacy_Accessibility"
            }
        }
    }

    /// Whether macOS lets a running program use it as soon as it is allowed; if not, macOS offers to
    /// quit and reopen the program.
    pub const fn takes_effect_at_once(self) -> bool {
        match self {
            Self::ScreenRecording => false,
            Self::Accessibility | Self::PostEvent => true,
        }
    }

    /// What `tccutil(1)` calls it.
    pub const fn service(self) -> &'static str {
        match self {
            Self::ScreenRecording => "ScreenCapture",
            Self::Accessibility => "Accessibility",
            Self::PostEvent => "PostEvent",
        }
    }
}

/// How a permission stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Allowed.
    Granted,
    /// Not allowed.
    Missing,
    /// macOS says that it is allowed, and refuses: the grant belongs to an older signature of the
    /// program, as happens after an update.
    Stale,
    /// Allowed while this program ran; macOS gives it to the next start.
    NeedsRestart,
    /// It worked, and macOS 15 or later wants the user to allow it once more.
    ReapprovalDue,
}
