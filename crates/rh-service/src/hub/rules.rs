//! The rules of every tenant, and what they are asked.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Instant;

use rh_policy::{
    Action, Decision, Device, DeviceId, Person, SharingApp, Standing, Target, Tenant, TenantId,
};
use rh_policy::{Unrecognised, decide, recheck};
use rh_protocol::Role;

use super::event::Caller;

/// The rules of every tenant that has any.
#[derive(Debug, Default)]
pub(super) struct Rules(BTreeMap<TenantId, Tenant>);

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
        self.0.insert(tenant.id.clone(), tenant);
    }

    /// Whether `helper` may make a code.
    pub(super) fn may_make_code(&self, helper: &Person) -> Decision {
        decide(helper, Action::MakeCode, Target::Anyone, &self.of(helper))
    }

    /// Whether `helper` may do `action` to `sharer`.
    pub(super) fn may(&self, helper: &Person, action: Action, sharer: &Sharer<'_>) -> Decision {
        decide(helper, action, sharer.target(), &self.of(helper))
    }

    /// What a session may still do in which `helper` has `role`, or is about to have it.
    pub(super) fn standing(
        &self,
        helper: &Person,
        role: Option<Role>,
        sharer: &Sharer<'_>,
    ) -> Standing {
        recheck(helper, role, sharer.target(), &self.of(helper))
    }

    /// A tenant that nobody set up is switched off.
    fn of(&self, helper: &Person) -> Cow<'_, Tenant> {
        match self.0.get(&helper.tenant) {
            Some(tenant) => Cow::Borrowed(tenant),
            None => Cow::Owned(Tenant::new(helper.tenant.clone())),
        }
    }
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
    fn at(&self, now: Instant) -> Device {
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
