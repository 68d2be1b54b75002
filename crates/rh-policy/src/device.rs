//! What is known of a device, and how well.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{DeviceId, GroupId, TenantId};

/// What the directory says of the device that is shared, at the moment of a decision.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Device {
    /// Whose directory says so.
    pub tenant: TenantId,
    /// The device's record, if there is one.
    pub id: Option<DeviceId>,
    /// The groups that the directory says the device is in.
    pub groups: BTreeSet<GroupId>,
    /// Whether it is managed.
    pub enrolment: Enrolment,
    /// Whether it keeps the organisation's rules.
    pub compliance: Compliance,
    /// How long ago the device last reported to its management; `None` if that is not known.
    pub age: Option<Duration>,
    /// What shows that this is the device of the record.
    pub assurance: Assurance,
}

/// Whether a device is managed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrolment {
    /// It is managed.
    Enrolled,
    /// It is not: the directory was asked, and says so.
    Unenrolled,
    /// Nobody can tell. Counts as not enrolled, with another fix.
    Unknown(Unrecognised),
}

/// Why nobody can tell whether a device is managed (S-24 to S-28).
///
/// From the requirements for macOS in *Plan for Remote Help* (S-24 to S-26,
/// `https://learn.microsoft.com/intune/remote-help/plan`) and the known issues in *Troubleshoot and
/// monitor Remote Help* (S-27, S-28, `https://learn.microsoft.com/intune/remote-help/troubleshoot`).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unrecognised {
    /// The Mac has no single sign-on extension, which says at sign-in which device it is (S-24).
    SingleSignOnMissing,
    /// The device signed in, and the management portal has no record of it (S-25).
    NotInPortal,
    /// The device is enrolled without user affinity, so no sign-in can tell which it is (S-26).
    NoUserAffinity,
    /// Edge is used without a signed-in profile, and hides the device (S-27).
    EdgeWithoutProfile,
    /// The browser is too old to tell (S-28).
    BrowserOutdated,
    /// The directory did not answer.
    DirectoryUnavailable,
    /// Nothing was said that could be looked up.
    NothingPresented,
}

/// Whether a device keeps the organisation's rules: Microsoft Graph's `complianceState`.
///
/// Only [`Compliant`](Self::Compliant) is compliant. A state that this version does not know reads
/// as [`Unknown`](Self::Unknown).
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Compliance {
    /// It keeps them.
    Compliant,
    /// It does not.
    Noncompliant,
    /// Two rules contradict each other.
    Conflict,
    /// They could not be checked.
    Error,
    /// It does not, and still has time to.
    InGracePeriod,
    /// Another manager knows, and is not asked.
    ConfigManager,
    /// Nobody knows.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What shows that a device is the one it claims to be, from least to most.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// Its own word, such as a serial number it read.
    #[default]
    Claimed,
    /// The identity provider saw a managed device sign in, and does not say which.
    SignIn,
    /// A key whose certificate the management issued.
    Certificate,
    /// A key in hardware that the maker attests, with the serial number (ACME `device-attest-01`).
    Attested,
}

impl Device {
    /// A device of which nothing is known, and why.
    pub fn unknown(tenant: TenantId, why: Unrecognised) -> Self {
        Self {
            tenant,
            id: None,
            groups: BTreeSet::new(),
            enrolment: Enrolment::Unknown(why),
            compliance: Compliance::Unknown,
            age: None,
            assurance: Assurance::Claimed,
        }
    }
}
