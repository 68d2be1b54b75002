//! The rules of the tenants, as the development sign-in has them.
//!
//! A JSON file, or one made-up tenant for each that people are of, in which everybody may do
//! everything with devices that are in order: what one wants for a first try, on loopback only. The
//! file says all that counts: a tenant that is not in it is switched off, and a person of whom it
//! says nothing is in no group, at a device that nobody knows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use rh_policy::{
    Assurance, Compliance, ConditionalAccess, Device, DeviceId, Enrolment, GroupId, Members,
    Person, PersonId, RemoteAssistanceState, RoleAssignment, RoleDefinition, Scope, Tenant,
    TenantId, TenantSettings, intune,
};
use serde::Deserialize;

use crate::ServeError;
use crate::people::People;

/// Every tenant, and what is known of its people and their devices.
#[derive(Debug)]
pub(crate) struct Tenants {
    tenants: BTreeMap<TenantId, Tenant>,
    known: BTreeMap<(TenantId, PersonId), Facts>,
    /// Rules that administrators made, which count in the place of the file's.
    made: BTreeMap<TenantId, Tenant>,
    /// What of the imported roles means nothing here, to be told.
    pub(crate) ignored: Vec<intune::Ignored>,
}

/// What is known of one person.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Facts {
    groups: BTreeSet<GroupId>,
    device: Option<Record>,
}

/// What is known of the device that a person shares.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Record {
    id: Option<DeviceId>,
    #[serde(default)]
    groups: BTreeSet<GroupId>,
    enrolment: Enrolment,
    #[serde(default)]
    compliance: Compliance,
    #[serde(default)]
    assurance: Assurance,
    /// Seconds since its last report.
    age: Option<u64>,
}

/// The file, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    tenants: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    id: TenantId,
    #[serde(default)]
    settings: TenantSettings,
    #[serde(default)]
    roles: Vec<RoleDefinition>,
    #[serde(default)]
    assignments: Vec<RoleAssignment>,
    #[serde(default)]
    conditions: ConditionalAccess,
    /// An export of Intune's roles and assignments, relative to this file.
    intune_roles: Option<String>,
    #[serde(default)]
    people: BTreeMap<PersonId, Facts>,
}

impl Tenants {
    /// Switched on, everybody a Help Desk Operator for everybody, at devices that are in order.
    pub(crate) fn made_up(people: &People) -> Self {
        let mut made_up = Self::empty();
        for (id, person) in people.iter() {
            let tenant = made_up
                .tenants
                .entry(person.tenant.clone())
                .or_insert_with(|| open(person.tenant.clone()));
            let id = PersonId::from(id);
            tenant.assignments.extend(tenant.assignments.is_empty().then(everybody));
            for assignment in &mut tenant.assignments {
                assignment.members.people.insert(id.clone());
            }
            let device = Some(Record::in_order());
            let facts = Facts { device, ..Facts::default() };
            made_up.known.insert((person.tenant.clone(), id), facts);
        }
        made_up
    }

    /// Reads a file of tenants.
    pub(crate) fn read(path: &Path) -> Result<Self, ServeError> {
        let fix = "give a file that can be read with --tenants, or none for a made-up tenant";
        let problem = |problem: String| ServeError::Tenants { path: path.to_owned(), problem };
        let text = std::fs::read(path).map_err(|source| unreadable(path, source, fix))?;
        let file: File = serde_json::from_slice(&text).map_err(|error| {
            problem(format!("{error}; correct this, the keys are described in docs/tenants.md"))
        })?;
        let mut tenants = Self::empty();
        for mut entry in file.tenants {
            let id = entry.id.clone();
            let known = std::mem::take(&mut entry.people);
            let (tenant, ignored) = entry.tenant(path)?;
            if tenants.tenants.insert(id.clone(), tenant).is_some() {
                return Err(problem(format!("the tenant {id} is there twice; join the two")));
            }
            tenants.ignored.extend(ignored);
            let known = known.into_iter().map(|(person, facts)| ((id.clone(), person), facts));
            tenants.known.extend(known);
        }
        Ok(tenants)
    }

    fn empty() -> Self {
        Self {
            tenants: BTreeMap::new(),
            known: BTreeMap::new(),
            made: BTreeMap::new(),
            ignored: Vec::new(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Tenant> {
        let theirs = self.tenants.values().filter(|it| !self.made.contains_key(&it.id));
        theirs.chain(self.made.values())
    }

    /// Lets rules that administrators made count for a tenant, or the file's again.
    pub(crate) fn make(&mut self, id: TenantId, rules: Option<Tenant>) {
        match rules {
            Some(rules) => drop(self.made.insert(id, rules)),
            None => drop(self.made.remove(&id)),
        }
    }

    /// With what administrators made of `before`.
    pub(crate) fn made_as(self, before: &Self) -> Self {
        Self { made: before.made.clone(), ..self }
    }

    /// Whether administrators made the rules of a tenant.
    pub(crate) fn is_made(&self, id: &TenantId) -> bool {
        self.made.contains_key(id)
    }

    /// The rules of one tenant; one that nobody set up is switched off.
    pub(crate) fn rules(&self, id: &TenantId) -> Tenant {
        let rules = self.made.get(id).or_else(|| self.tenants.get(id));
        rules.cloned().unwrap_or_else(|| Tenant::new(id.clone()))
    }

    /// The rules that take the place of `before`: a tenant that is gone is switched off.
    pub(crate) fn instead_of(&self, before: &Self) -> Vec<Tenant> {
        let here: BTreeSet<&TenantId> = self.iter().map(|it| &it.id).collect();
        let gone = before.iter().map(|it| &it.id).filter(|id| !here.contains(id));
        self.iter().cloned().chain(gone.cloned().map(Tenant::new)).collect()
    }

    /// The person with an ordinary sign-in, in the groups that the file says.
    pub(crate) fn person(&self, tenant: &TenantId, id: &PersonId) -> Person {
        let groups = self.facts(tenant, id).map(|facts| facts.groups.clone());
        let person = Person::new(tenant.clone(), id.clone());
        Person { groups: groups.unwrap_or_default(), ..person }
    }

    /// The device that the person shares.
    pub(crate) fn device(&self, tenant: &TenantId, id: &PersonId) -> Option<Device> {
        let record = self.facts(tenant, id)?.device.clone()?;
        Some(Device {
            tenant: tenant.clone(),
            id: record.id,
            groups: record.groups,
            enrolment: record.enrolment,
            compliance: record.compliance,
            age: record.age.map(Duration::from_secs),
            assurance: record.assurance,
        })
    }

    fn facts(&self, tenant: &TenantId, id: &PersonId) -> Option<&Facts> {
        self.known.get(&(tenant.clone(), id.clone()))
    }
}

impl Record {
    fn in_order() -> Self {
        Self {
            id: None,
            groups: BTreeSet::new(),
            enrolment: Enrolment::Enrolled,
            compliance: Compliance::Compliant,
            assurance: Assurance::Certificate,
            age: Some(0),
        }
    }
}

impl Entry {
    fn tenant(self, path: &Path) -> Result<(Tenant, Vec<intune::Ignored>), ServeError> {
        let import = self.intune_roles.as_ref().map(|name| import(path, name)).transpose()?;
        let import = import.unwrap_or_default();
        let mut tenant = Tenant::new(self.id);
        for role in self.roles.into_iter().chain(import.roles) {
            let clash = |error: rh_policy::RoleExists| ServeError::Tenants {
                path: path.to_owned(),
                problem: format!("roles of {}: {error}", tenant.id),
            };
            tenant.roles.add(role).map_err(clash)?;
        }
        tenant.settings = self.settings;
        tenant.conditions = self.conditions;
        tenant.assignments = self.assignments.into_iter().chain(import.assignments).collect();
        Ok((tenant, import.ignored))
    }
}

fn import(tenants: &Path, name: &str) -> Result<intune::Import, ServeError> {
    let path = tenants.parent().unwrap_or(Path::new("")).join(name);
    let fix = "correct `intuneRoles` in the tenants file, or leave it out";
    let json = std::fs::read(&path).map_err(|source| unreadable(&path, source, fix))?;
    intune::read(&json).map_err(|error| ServeError::Tenants { path, problem: error.to_string() })
}

fn unreadable(path: &Path, source: std::io::Error, fix: &'static str) -> ServeError {
    ServeError::Read { path: path.to_owned(), source, fix }
}

fn open(id: TenantId) -> Tenant {
    let settings = TenantSettings {
        remote_assistance_state: RemoteAssistanceState::Enabled,
        ..TenantSettings::default()
    };
    Tenant { settings, ..Tenant::new(id) }
}

fn everybody() -> RoleAssignment {
    RoleAssignment {
        role: RoleDefinition::help_desk_operator().id,
        members: Members::default(),
        scope: Scope::AllDevicesAndLicensedUsers,
    }
}

#[cfg(test)]
mod tests;
