//! People, devices and tenants to decide about.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each test takes what it needs")]

use std::time::Duration;

use rh_policy::{
    Assurance, Compliance, Device, Enrolment, Members, Permission, Person, RemoteAssistanceState,
    RoleAssignment, RoleDefinition, Scope, SharingApp, Target, Tenant,
};

/// The tenant that everyone is of, unless said otherwise.
pub(crate) const HERE: &str = "here";

/// The group of the helpers.
pub(crate) const HELPERS: &str = "helpers";

/// The group of the sharer.
pub(crate) const STAFF: &str = "staff";

/// The group of the device.
pub(crate) const MACS: &str = "macs";

pub(crate) fn id<T: std::str::FromStr<Err = rh_policy::ParseIdError>>(text: &str) -> T {
    text.parse().unwrap()
}

pub(crate) fn person(name: &str, groups: &[&str]) -> Person {
    let groups = groups.iter().map(|group| id(group)).collect();
    Person { groups, ..Person::new(id(HERE), id(name)) }
}

pub(crate) fn helper() -> Person {
    person("hana", &[HELPERS])
}

pub(crate) fn sharer() -> Person {
    person("sami", &[STAFF])
}

/// Enrolled, compliant, fresh and proven: nothing to warn of.
pub(crate) fn device() -> Device {
    Device {
        tenant: id(HERE),
        id: Some(id("mac-1")),
        groups: [id(MACS)].into(),
        enrolment: Enrolment::Enrolled,
        compliance: Compliance::Compliant,
        age: Some(Duration::from_secs(3600)),
        assurance: Assurance::Attested,
    }
}

pub(crate) fn shares<'a>(person: &'a Person, device: &'a Device) -> Target<'a> {
    Target::Sharer { person, device, app: SharingApp::Native }
}

/// A tenant that is switched on, in which nobody has a role.
pub(crate) fn tenant() -> Tenant {
    let mut tenant = Tenant::new(id(HERE));
    tenant.settings.remote_assistance_state = RemoteAssistanceState::Enabled;
    tenant
}

/// One in which the helpers have `role` for everyone.
pub(crate) fn tenant_with(role: &str) -> Tenant {
    let mut tenant = tenant();
    tenant.assignments.push(assign(role, Scope::AllDevicesAndLicensedUsers));
    tenant
}

/// Gives `role` to the helpers.
pub(crate) fn assign(role: &str, scope: Scope) -> RoleAssignment {
    let members = Members { groups: [id(HELPERS)].into(), ..Members::default() };
    RoleAssignment { role: id(role), members, scope }
}

pub(crate) fn groups(groups: &[&str]) -> Scope {
    Scope::ResourceScope { resource_scopes: groups.iter().map(|group| id(group)).collect() }
}

pub(crate) fn role(name: &str, permissions: &[Permission]) -> RoleDefinition {
    RoleDefinition {
        id: id(name),
        display_name: name.to_owned(),
        permissions: permissions.iter().copied().collect(),
    }
}
