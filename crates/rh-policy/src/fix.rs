//! What would help, and who can do it.

use serde::Serialize;

use crate::Permission;

/// One step after which a [`Reason`](crate::Reason) is gone (B-18).
///
/// As JSON its `code`, and the permission beside it if there is one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "code", content = "permission", rename_all = "snake_case")]
pub enum Fix {
    /// Sign in with an account of this tenant.
    SignInHere,
    /// The same for the sharer.
    SharerSignInHere,
    /// Share a device of this tenant.
    ShareOurDevice,
    /// Switch the product on.
    SwitchOn,
    /// Look at the report, and lift the suspension.
    LiftSuspension,
    /// Give the person a role with this permission, for this sharer.
    Grant(Permission),
    /// Put the sharer or the device into a scope group of the person's assignment.
    AddToScope,
    /// Put the sharer into a scope group: *all devices* never has devices that are not enrolled.
    AddPersonToScope,
    /// Enrol the device.
    Enrol,
    /// Allow devices that are not enrolled; all that helps one without user affinity (S-26).
    AllowUnenrolled,
    /// Install the single sign-on extension and its profile (S-24).
    InstallSingleSignOn,
    /// Sign in to the management's portal app, so that it knows the device (S-25).
    RegisterDevice,
    /// Sign in to the profile of Edge (S-27).
    SignInToEdge,
    /// Update the browser (S-28).
    UpdateBrowser,
    /// Share with the agent in place of a browser, or let it say which device it runs on.
    ShareWithAgent,
    /// Let the sharer enter the code.
    Join,
    /// Switch the chat on.
    UnblockChat,
    /// Try again in a while.
    TryAgain,
}

/// Who can do something about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever asked: the helper or administrator.
    Subject,
    /// The sharer.
    Sharer,
    /// An administrator of the tenant.
    Administrator,
}

impl Fix {
    /// Who can do it.
    pub fn who(self) -> Who {
        match self {
            Self::SignInHere | Self::TryAgain => Who::Subject,
            Self::SharerSignInHere
            | Self::ShareOurDevice
            | Self::Enrol
            | Self::RegisterDevice
            | Self::SignInToEdge
            | Self::UpdateBrowser
            | Self::ShareWithAgent
            | Self::Join => Who::Sharer,
            Self::SwitchOn
            | Self::LiftSuspension
            | Self::Grant(_)
            | Self::AddToScope
            | Self::AddPersonToScope
            | Self::AllowUnenrolled
            | Self::InstallSingleSignOn
            | Self::UnblockChat => Who::Administrator,
        }
    }

    /// The switch of [`TenantSettings`](crate::TenantSettings) to turn, as administrators know it.
    pub fn setting(self) -> Option<&'static str> {
        match self {
            Self::SwitchOn => Some("remoteAssistanceState"),
            Self::AllowUnenrolled => Some("allowSessionsToUnenrolledDevices"),
            Self::UnblockChat => Some("blockChat"),
            Self::SignInHere
            | Self::SharerSignInHere
            | Self::ShareOurDevice
            | Self::LiftSuspension
            | Self::Grant(_)
            | Self::AddToScope
            | Self::AddPersonToScope
            | Self::Enrol
            | Self::InstallSingleSignOn
            | Self::RegisterDevice
            | Self::SignInToEdge
            | Self::UpdateBrowser
            | Self::ShareWithAgent
            | Self::Join
            | Self::TryAgain => None,
        }
    }
}
