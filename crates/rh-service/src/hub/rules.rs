//! The rules of every tenant, and what they are asked.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use rh_policy::{
    Action, Decision, Device, DeviceId, Person, PersonId, Reason, SharingApp, Standing, Target,
    Tenant, TenantId, Unrecognised, decide, recheck,
};
use rh_protocol::Role;

use super::event::Caller;

/// The rules of every tenant that has any, and who may not help whatever they say.
#[derive(Debug, Default)]
pub(super) struct Rules {
    tenants: BTreeMap<TenantId, Tenant>,
    suspended: BTreeSet<(TenantId, PersonId)>,
}

/// A device, and when that was said of it.
#[derive(Debug)]
pub(super) struct Found {
    device: Device,
    at: Instant,
}

/// Who shares what.
pub(super) struct Sharer<'a> {
    person: &'a Person,
    device: Device,
    app: SharingApp,
}

impl Rules {
    /// The rules of a tenant, from now on.
    pub(super) fn set(&mut self, tenant: Tenant) {
        self.tenants.insert(tenant.id.clone(), tenant);
    }

    /// Nobody is helped by a person until [`reinstate`](Self::reinstate) (B-05).
    pub(super) fn suspend(&mut self, tenant: TenantId, person: PersonId) {
        self.suspended.insert((tenant, person));
    }

    /// What the rules say counts again.
    pub(super) fn reinstate(&mut self, tenant: TenantId, person: PersonId) {
        self.suspended.remove(&(tenant, person));
    }

    fn is_suspended(&self, helper: &Person) -> bool {
        self.suspended.contains(&(helper.tenant.clone(), helper.id.clone()))
    }

    /// Whether `helper` may make a code.
    pub(super) fn may_make_code(&self, helper: &Person) -> Decision {
        if self.is_suspended(helper) {
            return suspended();
        }
        decide(helper, Action::MakeCode, Target::Anyone, &self.of(helper))
    }

    /// Whether `helper` may do `action` to `sharer`.
    pub(super) fn may(&self, helper: &Person, action: Action, sharer: &Sharer<'_>) -> Decision {
        if self.is_suspended(helper) {
            return suspended();
        }
        decide(helper, action, sharer.target(), &self.of(helper))
    }

    /// What a session may still do in which `helper` has `role`, or is about to have it.
    pub(super) fn standing(
        &self,
        helper: &Person,
        role: Option<Role>,
        sharer: &Sharer<'_>,
    ) -> Standing {
        if self.is_suspended(helper) {
            return Standing::Ends { reasons: vec![Reason::Suspended] };
        }
        recheck(helper, role, sharer.target(), &self.of(helper))
    }

    /// A tenant that nobody set up is switched off.
    fn of(&self, helper: &Person) -> Cow<'_, Tenant> {
        match self.tenants.get(&helper.tenant) {
            Some(tenant) => Cow::Borrowed(tenant),
            None => Cow::Owned(Tenant::new(helper.tenant.clone())),
        }
    }
}

fn suspended() -> Decision {
    Decision::Deny { reasons: vec![Reason::Suspended] }
}

impl Found {
    pub(super) fn new(device: Device, at: Instant) -> Self {
        Self { device, at }
    }

    /// Which device, if the directory names it.
    pub(super) fn device(&self) -> Option<&DeviceId> {
        self.device.id.as_ref()
    }

    /// The device at `now`: what is known of it has grown older.
    pub(super) fn at(&self, now: Instant) -> Device {
        let passed = now.saturating_duration_since(self.at);
        let age = self.device.age.map(|age| age.saturating_add(passed));
        Device { age, ..self.device.clone() }
    }
}

impl<'a> Sharer<'a> {
    /// The sharer at the other end of an agent's connection.
    pub(super) fn new(caller: &'a Caller, found: Option<&Found>, now: Instant) -> Self {
        let nothing =
            || Device::unknown(caller.person.tenant.clone(), Unrecognised::NothingPresented);
        let device = found.map_or_else(nothing, |found| found.at(now));
        Self { person: &caller.person, device, app: SharingApp::Native }
    }

    fn target(&self) -> Target<'_> {
        Target::Sharer { person: self.person, device: &self.device, app: self.app }
    }
}
