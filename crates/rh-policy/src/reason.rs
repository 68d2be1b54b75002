//! Why not.

use serde::Serialize;

use crate::{Fix, Permission, Unrecognised};

/// Why an action may not go on, with what it takes to say so exactly.
///
/// As JSON an object whose `code` is the [`code`](Self::code).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// Somebody or something is of another tenant. Always the only reason: what else may be wrong
    /// is not for strangers.
    OtherTenant {
        /// Who or what.
        party: Party,
    },
    /// The tenant is not switched on. Always the only reason.
    TenantDisabled,
    /// A sharer reported the helper, and no administrator has looked at it yet (B-05). Always the only
    /// reason.
    Suspended,
    /// None of the person's roles has any of these permissions.
    PermissionMissing {
        /// One of them is enough.
        any_of: Vec<Permission>,
    },
    /// The person has the permission, for others.
    OutOfScope {
        /// Whether all devices are in the scope, and this one only counts as none of them because
        /// it is not known to be enrolled: a scope group of people would do.
        unenrolled: bool,
    },
    /// It is not known who shares which device.
    SharerUnknown,
    /// The device is not enrolled, and the tenant wants that (S-11).
    Unenrolled,
    /// Nobody can tell whether the device is enrolled, and the tenant wants that.
    EnrolmentUnknown {
        /// Why (S-24 to S-28).
        why: Unrecognised,
    },
    /// The tenant has no chat.
    ChatBlocked,
    /// A page in a browser can be viewed and no more (S-05).
    BrowserViewOnly,
    /// No platform of ours has what this permission is for (M-07).
    UnsupportedOnPlatform {
        /// The permission.
        permission: Permission,
    },
}

/// Who or what belongs to a tenant.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The helper or administrator.
    Subject,
    /// The sharer.
    Sharer,
    /// The device that is shared.
    Device,
}

impl Reason {
    /// Names the kind of reason; never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherTenant { .. } => "other_tenant",
            Self::TenantDisabled => "tenant_disabled",
            Self::Suspended => "suspended",
            Self::PermissionMissing { .. } => "permission_missing",
            Self::OutOfScope { .. } => "out_of_scope",
            Self::SharerUnknown => "sharer_unknown",
            Self::Unenrolled => "unenrolled",
            Self::EnrolmentUnknown { .. } => "enrolment_unknown",
            Self::ChatBlocked => "chat_blocked",
            Self::BrowserViewOnly => "browser_view_only",
            Self::UnsupportedOnPlatform { .. } => "unsupported_on_platform",
        }
    }

    /// What would help; any one of them. Empty if nothing would.
    pub fn fixes(&self) -> Vec<Fix> {
        match self {
            Self::OtherTenant { party: Party::Subject } => vec![Fix::SignInHere],
            Self::OtherTenant { party: Party::Sharer } => vec![Fix::SharerSignInHere],
            Self::OtherTenant { party: Party::Device } => vec![Fix::ShareOurDevice],
            Self::TenantDisabled => vec![Fix::SwitchOn],
            Self::Suspended => vec![Fix::LiftSuspension],
            Self::PermissionMissing { any_of } => any_of.iter().copied().map(Fix::Grant).collect(),
            Self::OutOfScope { unenrolled: false } => vec![Fix::AddToScope],
            Self::OutOfScope { unenrolled: true } => vec![Fix::Enrol, Fix::AddPersonToScope],
            Self::SharerUnknown => vec![Fix::Join],
            Self::Unenrolled => vec![Fix::Enrol, Fix::AllowUnenrolled],
            Self::EnrolmentUnknown { why } => of_unrecognised(*why),
            Self::ChatBlocked => vec![Fix::UnblockChat],
            Self::BrowserViewOnly => vec![Fix::ShareWithAgent],
            Self::UnsupportedOnPlatform { .. } => Vec::new(),
        }
    }
}

fn of_unrecognised(why: Unrecognised) -> Vec<Fix> {
    let own = match why {
        Unrecognised::SingleSignOnMissing => Some(Fix::InstallSingleSignOn),
        Unrecognised::NotInPortal => Some(Fix::RegisterDevice),
        Unrecognised::NoUserAffinity => None,
        Unrecognised::EdgeWithoutProfile => Some(Fix::SignInToEdge),
        Unrecognised::BrowserOutdated => Some(Fix::UpdateBrowser),
        Unrecognised::DirectoryUnavailable => Some(Fix::TryAgain),
        Unrecognised::NothingPresented => Some(Fix::ShareWithAgent),
    };
    own.into_iter().chain([Fix::AllowUnenrolled]).collect()
}
