//! What an organisation's rules say of this device, in English.

use rh_protocol::limits;
use rh_protocol::policy::{Fix, FixCode, Reason, ReasonCode, Unrecognised, Who};
use rh_protocol::safe_text;

/// Characters of the name of a switch or permission.
const NAME_CHARS: usize = 128;

/// Every reason in one sentence, each with what would help (B-18).
pub fn text(reasons: &[Reason]) -> String {
    let lines = reasons.iter().take(limits::LIST).map(|reason| {
        let fixes: Vec<_> = reason.fixes.iter().take(limits::LIST).map(fix).collect();
        match fixes.is_empty() {
            true => why(reason).to_owned(),
            false => format!("{} What helps: {}.", why(reason), fixes.join("; or ")),
        }
    });
    match lines.collect::<Vec<_>>().join("\n") {
        nothing if nothing.is_empty() => "Your organisation does not allow this.".to_owned(),
        lines => lines,
    }
}

fn why(reason: &Reason) -> &'static str {
    match reason.code {
        ReasonCode::Unenrolled => {
            "This device is not enrolled in your organisation's device management, and your \
             organisation wants that."
        }
        ReasonCode::EnrolmentUnknown => unrecognised(reason.why),
        ReasonCode::OtherTenant
        | ReasonCode::TenantDisabled
        | ReasonCode::Suspended
        | ReasonCode::PermissionMissing
        | ReasonCode::OutOfScope
        | ReasonCode::SharerUnknown
        | ReasonCode::ChatBlocked
        | ReasonCode::BrowserViewOnly
        | ReasonCode::UnsupportedOnPlatform
        | ReasonCode::Other => "Your organisation does not allow this.",
    }
}

/// S-24 to S-28: a message for each, and none that says only that something failed.
fn unrecognised(why: Option<Unrecognised>) -> &'static str {
    match why {
        Some(Unrecognised::SingleSignOnMissing) => {
            "This Mac has no single sign-on extension, so nobody can tell whether it is enrolled."
        }
        Some(Unrecognised::NotInPortal) => {
            "The management portal has no record of this Mac, so it does not count as enrolled."
        }
        Some(Unrecognised::NoUserAffinity) => {
            "This Mac is enrolled without user affinity, so no sign-in can tell which it is."
        }
        Some(Unrecognised::EdgeWithoutProfile) => {
            "Edge is used without a signed-in profile, so nobody can tell whether this device is \
             enrolled."
        }
        Some(Unrecognised::BrowserOutdated) => {
            "The browser is too old to tell whether this device is enrolled."
        }
        Some(Unrecognised::DirectoryUnavailable) => {
            "The device management did not answer, so nobody can tell whether this device is \
             enrolled."
        }
        Some(Unrecognised::NothingPresented) | None => {
            "Nobody can tell whether this device is enrolled, and your organisation wants that."
        }
    }
}

fn fix(fix: &Fix) -> String {
    let what = match fix.code {
        FixCode::Enrol => "enrol this device in your organisation's management",
        FixCode::RegisterDevice => "sign in to Company Portal on this Mac, so that it is known",
        FixCode::SignInToEdge => "sign in to your profile in Edge",
        FixCode::UpdateBrowser => "update the browser",
        FixCode::ShareWithAgent => "share with this app on a device that your organisation manages",
        FixCode::TryAgain => "try again in a few minutes",
        FixCode::InstallSingleSignOn => {
            "install Company Portal and the single sign-on extension with its profile"
        }
        FixCode::AllowUnenrolled => "allow sessions to unenrolled devices",
        FixCode::SignInHere | FixCode::SharerSignInHere => {
            "sign in with an account of this organisation"
        }
        FixCode::ShareOurDevice => "share a device of this organisation",
        FixCode::SwitchOn => "switch Remote Help on",
        FixCode::LiftSuspension => "look at the report and lift the helper's suspension",
        FixCode::Grant => "give the helper a role with the permission that is missing",
        FixCode::AddToScope | FixCode::AddPersonToScope => {
            "add you to a scope group of the helper's role"
        }
        FixCode::Join => "enter the code",
        FixCode::UnblockChat => "switch the chat on",
        FixCode::Other => "update this app, which does not know what would help",
    };
    let names = [&fix.permission, &fix.setting].into_iter().flatten();
    let names: Vec<_> = names.map(|name| safe_text(name, NAME_CHARS)).collect();
    let named = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    match fix.who {
        Who::Sharer => format!("{what}{named}"),
        Who::Helper if fix.code == FixCode::TryAgain => format!("{what}{named}"),
        Who::Helper => format!("your helper has to {what}{named}"),
        Who::Administrator => format!("ask an administrator to {what}{named}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(code: ReasonCode, why: Option<Unrecognised>, fixes: Vec<Fix>) -> Reason {
        Reason { code, why, fixes }
    }

    fn step(code: FixCode, who: Who, setting: Option<&str>) -> Fix {
        Fix { code, who, permission: None, setting: setting.map(str::to_owned) }
    }

    /// S-26, B-18: a device without user affinity is told apart, and the switch is named.
    #[test]
    fn without_user_affinity_the_switch_is_named() {
        let setting = Some("allowSessionsToUnenrolledDevices");
        let allow = step(FixCode::AllowUnenrolled, Who::Administrator, setting);
        let why = Some(Unrecognised::NoUserAffinity);
        assert_eq!(
            text(&[reason(ReasonCode::EnrolmentUnknown, why, vec![allow])]),
            "This Mac is enrolled without user affinity, so no sign-in can tell which it is. What \
             helps: ask an administrator to allow sessions to unenrolled devices \
             (allowSessionsToUnenrolledDevices)."
        );
    }

    /// S-24, S-25, S-27, S-28, B-18: every state of a device has its own sentence.
    #[test]
    fn every_state_of_a_device_has_its_own_sentence() {
        let all = [
            Unrecognised::SingleSignOnMissing,
            Unrecognised::NotInPortal,
            Unrecognised::NoUserAffinity,
            Unrecognised::EdgeWithoutProfile,
            Unrecognised::BrowserOutdated,
            Unrecognised::DirectoryUnavailable,
            Unrecognised::NothingPresented,
        ];
        let texts: std::collections::BTreeSet<_> =
            all.iter().map(|&why| unrecognised(Some(why))).collect();
        assert_eq!(texts.len(), all.len());
    }

    /// A service that sends nonsense disturbs no terminal.
    #[test]
    fn what_the_service_names_is_made_fit_to_be_shown() {
        let fix = step(FixCode::SwitchOn, Who::Administrator, Some("a\u{1b}[2J\u{202e}b"));
        let told = text(&[reason(ReasonCode::Other, None, vec![fix])]);
        assert!(told.ends_with("switch Remote Help on (a[2Jb)."), "{told:?}");
        assert_eq!(text(&[]), "Your organisation does not allow this.");
    }
}
