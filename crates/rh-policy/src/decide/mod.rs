//! The decision: everything that speaks against an action, in a fixed order.

mod reach;

use rh_protocol::Role;

use crate::{
    Action, Decision, Duty, Enrolment, Party, Permission, Person, Reason, Target, Tenant, Warning,
    step_up_needed,
};
use reach::{Reach, has_anywhere, reach};

/// What lets a helper see a screen; either is enough.
const VIEW: &[Permission] = &[Permission::ViewScreen, Permission::TakeFullControl];

/// Whether `subject` may do `action` to `target` in `tenant` now.
///
/// `subject` is the helper, at a join too, or the administrator; administration has no target and
/// ignores it. Ask when a code is made, when a sharer joins, at each question for a mode and each
/// upgrade, and for chat; [`recheck`](crate::recheck) while a session runs.
///
/// Reasons speak of the subject's roles, so they are for the subject and for records. A sharer who
/// is refused at a join hears what a wrong code hears, and at most the [`Fix`](crate::Fix)es that
/// are [the sharer's](crate::Who::Sharer) own.
pub fn decide(subject: &Person, action: Action, target: Target<'_>, tenant: &Tenant) -> Decision {
    let reasons = refusals(subject, action, target, tenant);
    if !reasons.is_empty() {
        return Decision::Deny { reasons };
    }
    let warnings = warnings(action, target);
    let joining = target.person().filter(|_| action == Action::Join);
    let contexts = &joining.unwrap_or(subject).contexts;
    match step_up_needed(action, &tenant.conditions, contexts) {
        Some(context) => Decision::StepUp { context: context.clone(), warnings },
        None => Decision::Allow { warnings },
    }
}

/// What a helper has to be told of the device.
pub(crate) fn warnings(action: Action, target: Target<'_>) -> Vec<Warning> {
    match (action, target.device()) {
        (Action::Administer(_), _) | (_, None) => Vec::new(),
        (_, Some(device)) => Warning::of(device),
    }
}

/// Everything that speaks against it, conditional access apart.
pub(crate) fn refusals(
    subject: &Person,
    action: Action,
    target: Target<'_>,
    tenant: &Tenant,
) -> Vec<Reason> {
    match action {
        Action::Administer(duty) => administration(subject, duty, tenant),
        Action::MakeCode
        | Action::Join
        | Action::Ask(_)
        | Action::Upgrade
        | Action::Chat
        | Action::Elevate
        | Action::Unattended => Help { subject, action, target, tenant }.refusals(),
    }
}

fn administration(subject: &Person, duty: Duty, tenant: &Tenant) -> Vec<Reason> {
    let permission = duty.permission();
    if subject.tenant != tenant.id {
        vec![Reason::OtherTenant { party: Party::Subject }]
    } else if has_anywhere(permission, subject, tenant) {
        Vec::new()
    } else {
        vec![Reason::PermissionMissing { any_of: vec![permission] }]
    }
}

/// One action of a session.
struct Help<'a> {
    subject: &'a Person,
    action: Action,
    target: Target<'a>,
    tenant: &'a Tenant,
}

impl Help<'_> {
    fn refusals(&self) -> Vec<Reason> {
        if let Some(party) = self.stranger() {
            return vec![Reason::OtherTenant { party }];
        }
        if !self.tenant.settings.is_enabled() {
            return vec![Reason::TenantDisabled];
        }
        if let Some(permission) = self.unsupported() {
            return vec![Reason::UnsupportedOnPlatform { permission }];
        }
        let mut reasons = self.rights();
        reasons.extend(self.sharer());
        reasons.extend(self.enrolment());
        reasons.extend(self.limits());
        reasons
    }

    /// Who or what is not of the tenant.
    fn stranger(&self) -> Option<Party> {
        let ours = &self.tenant.id;
        let person = self.target.person().map(|it| (Party::Sharer, &it.tenant));
        let device = self.target.device().map(|it| (Party::Device, &it.tenant));
        let all = [Some((Party::Subject, &self.subject.tenant)), person, device];
        all.into_iter().flatten().find(|(_, tenant)| *tenant != ours).map(|(party, _)| party)
    }

    fn unsupported(&self) -> Option<Permission> {
        match self.action {
            Action::Elevate => Some(Permission::Elevation),
            Action::Unattended => Some(Permission::Unattended),
            Action::MakeCode
            | Action::Join
            | Action::Ask(_)
            | Action::Upgrade
            | Action::Chat
            | Action::Administer(_) => None,
        }
    }

    /// What the helper's roles lack: Offer, Connector: Read, and a permission of the app (M-01).
    fn rights(&self) -> Vec<Reason> {
        let app: &[Permission] = match self.action {
            Action::Ask(Role::Control) | Action::Upgrade => &[Permission::TakeFullControl],
            Action::MakeCode
            | Action::Join
            | Action::Ask(Role::View)
            | Action::Chat
            | Action::Elevate
            | Action::Unattended
            | Action::Administer(_) => VIEW,
        };
        let offer: &[Permission] = &[Permission::OfferRemoteAssistance];
        let connector: &[Permission] = &[Permission::ConnectorRead];
        let mut reasons = Vec::new();
        for any_of in [offer, connector, app] {
            let reason = self.lacks(any_of);
            reasons.extend(reason.filter(|reason| !reasons.contains(reason)));
        }
        let viewer = VIEW.iter().any(|it| has_anywhere(*it, self.subject, self.tenant));
        if !viewer {
            reasons.extend(self.held_in_vain());
        }
        reasons
    }

    /// Why none of `any_of` is the helper's for this target.
    fn lacks(&self, any_of: &[Permission]) -> Option<Reason> {
        let reaches = any_of.iter().map(|it| reach(*it, self.subject, self.target, self.tenant));
        match reaches.max().unwrap_or(Reach::Nowhere) {
            Reach::Here => None,
            Reach::Elsewhere { unenrolled } => Some(Reason::OutOfScope { unenrolled }),
            Reach::Nowhere => Some(Reason::PermissionMissing { any_of: any_of.to_vec() }),
        }
    }

    /// The permissions of a helper who has no other of the app, and that nothing of ours supports.
    fn held_in_vain(&self) -> impl Iterator<Item = Reason> {
        let unsupported = Permission::ALL.into_iter().filter(|it| it.is_unsupported());
        let held = unsupported.filter(|it| has_anywhere(*it, self.subject, self.tenant));
        held.map(|permission| Reason::UnsupportedOnPlatform { permission })
    }

    /// Everything but making a code needs somebody there.
    fn sharer(&self) -> Option<Reason> {
        let missing = self.action != Action::MakeCode && self.target.person().is_none();
        missing.then_some(Reason::SharerUnknown)
    }

    fn enrolment(&self) -> Option<Reason> {
        if self.tenant.settings.allow_sessions_to_unenrolled_devices {
            return None;
        }
        match self.target.device()?.enrolment {
            Enrolment::Enrolled => None,
            Enrolment::Unenrolled => Some(Reason::Unenrolled),
            Enrolment::Unknown(why) => Some(Reason::EnrolmentUnknown { why }),
        }
    }

    /// What this action alone is refused for.
    fn limits(&self) -> Option<Reason> {
        match self.action {
            Action::Chat if self.tenant.settings.block_chat => Some(Reason::ChatBlocked),
            Action::Ask(Role::Control) | Action::Upgrade if self.target.is_browser() => {
                Some(Reason::BrowserViewOnly)
            }
            Action::MakeCode
            | Action::Join
            | Action::Ask(_)
            | Action::Upgrade
            | Action::Chat
            | Action::Elevate
            | Action::Unattended
            | Action::Administer(_) => None,
        }
    }
}
