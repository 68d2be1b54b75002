//! What an organisation's rules say of a session, as data: codes and facts, no sentences.
//!
//! What decides is the service; here is what it tells. A page or program has a sentence for every
//! code, in any language, and a general one for those of later versions.

use serde::{Deserialize, Serialize};

/// What somebody wanted to do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Make a code.
    MakeCode,
    /// Enter one.
    Join,
    /// View the screen.
    View,
    /// Control it.
    Control,
    /// Control it after viewing it.
    Upgrade,
    /// Write to the other side.
    Chat,
    /// An action that this version does not know.
    #[serde(other)]
    Other,
}

/// Why an action may not go on, and what would help.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct Reason {
    /// What kind of reason.
    pub code: ReasonCode,
    /// Why nobody can tell whether the device is enrolled, if that is the reason.
    pub why: Option<Unrecognised>,
    /// What would help, any one of them; at most [`LIST`](crate::limits::LIST).
    pub fixes: Vec<Fix>,
}

/// The kinds of reasons.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// Somebody or something is of another organisation.
    OtherTenant,
    /// The organisation has not switched the product on.
    TenantDisabled,
    /// A sharer reported the helper, and no administrator has looked at it yet.
    Suspended,
    /// None of the helper's roles has the permission.
    PermissionMissing,
    /// The helper has the permission, for others.
    OutOfScope,
    /// It is not known who shares which device.
    SharerUnknown,
    /// The device is not enrolled, and the organisation wants that.
    Unenrolled,
    /// Nobody can tell whether the device is enrolled, and the organisation wants that.
    EnrolmentUnknown,
    /// The organisation has no chat.
    ChatBlocked,
    /// A page in a browser can be viewed and no more.
    BrowserViewOnly,
    /// The permission is for something that no platform of ours has.
    UnsupportedOnPlatform,
    /// A reason that this version does not know.
    #[serde(other)]
    Other,
}

/// One step after which a reason is gone.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct Fix {
    /// What to do.
    pub code: FixCode,
    /// Who can do it.
    pub who: Who,
    /// The permission to give, under Microsoft Graph's name for it.
    pub permission: Option<String>,
    /// The switch to turn, under Microsoft Graph's name for it.
    pub setting: Option<String>,
}

/// What to do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FixCode {
    /// Sign in with an account of this organisation.
    SignInHere,
    /// The same for the sharer.
    SharerSignInHere,
    /// Share a device of this organisation.
    ShareOurDevice,
    /// Switch the product on.
    SwitchOn,
    /// Look at the report, and lift the suspension.
    LiftSuspension,
    /// Give the helper a role with the permission, for this sharer.
    Grant,
    /// Put the sharer or the device into a scope group of the helper's assignment.
    AddToScope,
    /// Put the sharer into such a group.
    AddPersonToScope,
    /// Enrol the device.
    Enrol,
    /// Allow devices that are not enrolled.
    AllowUnenrolled,
    /// Install the single sign-on extension and its profile.
    InstallSingleSignOn,
    /// Sign in to the management's portal app.
    RegisterDevice,
    /// Sign in to the profile of Edge.
    SignInToEdge,
    /// Update the browser.
    UpdateBrowser,
    /// Share with the agent, and let it say which device it runs on.
    ShareWithAgent,
    /// Let the sharer enter the code.
    Join,
    /// Switch the chat on.
    UnblockChat,
    /// Try again in a while.
    TryAgain,
    /// A fix that this version does not know.
    #[serde(other)]
    Other,
}

/// Who can do something about it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The helper.
    Helper,
    /// The sharer.
    Sharer,
    /// An administrator of the organisation; also for a word that this version does not know.
    #[serde(other)]
    Administrator,
}

/// Why nobody can tell whether a device is enrolled (S-24 to S-28).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unrecognised {
    /// The Mac has no single sign-on extension.
    SingleSignOnMissing,
    /// The management portal has no record of the device.
    NotInPortal,
    /// The device is enrolled without user affinity.
    NoUserAffinity,
    /// Edge is used without a signed-in profile.
    EdgeWithoutProfile,
    /// The browser is too old to tell.
    BrowserOutdated,
    /// The directory did not answer.
    DirectoryUnavailable,
    /// Nothing was said that could be looked up; also for a word that this version does not know.
    #[serde(other)]
    NothingPresented,
}

/// What a helper has to be told of the device before and during a session; it forbids nothing
/// (S-13 to S-15).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct Warning {
    /// What kind of warning.
    pub code: WarningCode,
    /// Why nobody can tell whether the device is enrolled, if that is the warning.
    pub why: Option<Unrecognised>,
    /// Seconds since the device last reported, if that is long ago and known.
    pub seconds: Option<u32>,
}

/// The kinds of warnings.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// The device does not keep the organisation's rules, or nobody knows whether it does.
    NotCompliant,
    /// The device does not keep them, and still has time to.
    InGracePeriod,
    /// The device is not enrolled.
    Unenrolled,
    /// Nobody can tell whether the device is enrolled.
    EnrolmentUnknown,
    /// What is known of the device is old, or of unknown age.
    RecordStale,
    /// Nothing proves that this is the device of the record.
    DeviceUnverified,
    /// The code was made for another device, or nobody knows which one this is.
    OtherDevice,
    /// A warning that this version does not know.
    #[serde(other)]
    Other,
}
