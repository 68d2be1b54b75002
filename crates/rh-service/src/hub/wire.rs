//! What the rules say, as clients are told it.

use rh_policy as policy;
use rh_policy::{Fix, Reason, Warning};
use rh_protocol::policy::{self as wire, Action, FixCode, ReasonCode, WarningCode, Who};
use rh_protocol::{Role, ToClient};

/// Tells whoever acts that an action is not allowed, with all reasons.
pub(super) fn denied(action: policy::Action, reasons: &[Reason]) -> ToClient {
    ToClient::Denied { action: name(action), reasons: reasons.iter().map(reason).collect() }
}

/// Tells a sharer that joining is not allowed; nothing if not every reason is one that lies in the
/// sharer's own device. The helper's roles are no sharer's business.
pub(super) fn denied_for_the_device(reasons: &[Reason]) -> Option<ToClient> {
    let device =
        |reason: &&Reason| matches!(reason, Reason::Unenrolled | Reason::EnrolmentUnknown { .. });
    let follows = |reason: &Reason| matches!(reason, Reason::OutOfScope { unenrolled: true });
    let own: Vec<Reason> = reasons.iter().filter(device).cloned().collect();
    let all = reasons.iter().all(|reason| device(&reason) || follows(reason));
    (all && !own.is_empty()).then(|| denied(policy::Action::Join, &own))
}

/// The name of an action of a session; nothing else is asked of the hub.
pub(super) fn name(action: policy::Action) -> Action {
    match action {
        policy::Action::MakeCode => Action::MakeCode,
        policy::Action::Join => Action::Join,
        policy::Action::Ask(Role::View) => Action::View,
        policy::Action::Ask(Role::Control) => Action::Control,
        policy::Action::Upgrade => Action::Upgrade,
        policy::Action::Chat => Action::Chat,
        policy::Action::Elevate | policy::Action::Unattended | policy::Action::Administer(_) => {
            Action::Other
        }
    }
}

/// The code of a reason.
pub(crate) fn reason_code(it: &Reason) -> ReasonCode {
    reason(it).code
}

fn reason(reason: &Reason) -> wire::Reason {
    let (code, why) = match reason {
        Reason::OtherTenant { .. } => (ReasonCode::OtherTenant, None),
        Reason::TenantDisabled => (ReasonCode::TenantDisabled, None),
        Reason::Suspended => (ReasonCode::Suspended, None),
        Reason::PermissionMissing { .. } => (ReasonCode::PermissionMissing, None),
        Reason::OutOfScope { .. } => (ReasonCode::OutOfScope, None),
        Reason::SharerUnknown => (ReasonCode::SharerUnknown, None),
        Reason::Unenrolled => (ReasonCode::Unenrolled, None),
        Reason::EnrolmentUnknown { why } => (ReasonCode::EnrolmentUnknown, Some(*why)),
        Reason::ChatBlocked => (ReasonCode::ChatBlocked, None),
        Reason::BrowserViewOnly => (ReasonCode::BrowserViewOnly, None),
        Reason::UnsupportedOnPlatform { .. } => (ReasonCode::UnsupportedOnPlatform, None),
    };
    let fixes = reason.fixes().into_iter().map(fix).collect();
    wire::Reason { code, why: why.map(unrecognised), fixes }
}

fn fix(fix: Fix) -> wire::Fix {
    let mut permission = None;
    let code = match fix {
        Fix::SignInHere => FixCode::SignInHere,
        Fix::SharerSignInHere => FixCode::SharerSignInHere,
        Fix::ShareOurDevice => FixCode::ShareOurDevice,
        Fix::SwitchOn => FixCode::SwitchOn,
        Fix::LiftSuspension => FixCode::LiftSuspension,
        Fix::Grant(what) => {
            permission = Some(what.name().to_owned());
            FixCode::Grant
        }
        Fix::AddToScope => FixCode::AddToScope,
        Fix::AddPersonToScope => FixCode::AddPersonToScope,
        Fix::Enrol => FixCode::Enrol,
        Fix::AllowUnenrolled => FixCode::AllowUnenrolled,
        Fix::InstallSingleSignOn => FixCode::InstallSingleSignOn,
        Fix::RegisterDevice => FixCode::RegisterDevice,
        Fix::SignInToEdge => FixCode::SignInToEdge,
        Fix::UpdateBrowser => FixCode::UpdateBrowser,
        Fix::ShareWithAgent => FixCode::ShareWithAgent,
        Fix::Join => FixCode::Join,
        Fix::UnblockChat => FixCode::UnblockChat,
        Fix::TryAgain => FixCode::TryAgain,
    };
    let who = match fix.who() {
        policy::Who::Subject => Who::Helper,
        policy::Who::Sharer => Who::Sharer,
        policy::Who::Administrator => Who::Administrator,
    };
    wire::Fix { code, who, permission, setting: fix.setting().map(str::to_owned) }
}

pub(crate) fn unrecognised(why: policy::Unrecognised) -> wire::Unrecognised {
    use policy::Unrecognised as From;
    use wire::Unrecognised as To;
    match why {
        From::SingleSignOnMissing => To::SingleSignOnMissing,
        From::NotInPortal => To::NotInPortal,
        From::NoUserAffinity => To::NoUserAffinity,
        From::EdgeWithoutProfile => To::EdgeWithoutProfile,
        From::BrowserOutdated => To::BrowserOutdated,
        From::DirectoryUnavailable => To::DirectoryUnavailable,
        From::NothingPresented => To::NothingPresented,
    }
}

/// Seconds of an hour: ages are told by the hour, or they would be news at every look.
const HOUR: u64 = 3600;

/// The warning that a code was made for another device (S-54).
pub(super) fn other_device() -> wire::Warning {
    wire::Warning { code: WarningCode::OtherDevice, why: None, seconds: None }
}

/// A warning, for the helper.
pub(super) fn warning(warning: &Warning) -> wire::Warning {
    use policy::Compliance as C;
    let code = match warning {
        Warning::NotCompliant { compliance: C::InGracePeriod } => WarningCode::InGracePeriod,
        Warning::NotCompliant {
            compliance:
                C::Compliant | C::Noncompliant | C::Conflict | C::Error | C::ConfigManager | C::Unknown,
        } => WarningCode::NotCompliant,
        Warning::Unenrolled => WarningCode::Unenrolled,
        Warning::EnrolmentUnknown { .. } => WarningCode::EnrolmentUnknown,
        Warning::RecordStale { .. } => WarningCode::RecordStale,
        Warning::DeviceUnverified { .. } => WarningCode::DeviceUnverified,
    };
    let (why, seconds) = match warning {
        Warning::EnrolmentUnknown { why } => (Some(unrecognised(*why)), None),
        Warning::RecordStale { seconds } => {
            (None, seconds.map(|it| u32::try_from(it / HOUR * HOUR).unwrap_or(u32::MAX)))
        }
        Warning::NotCompliant { .. } | Warning::Unenrolled | Warning::DeviceUnverified { .. } => {
            (None, None)
        }
    };
    wire::Warning { code, why, seconds }
}
