//! The rules that administrators made, kept in the store of records.
//!
//! A tenant whose administrators changed its rules is ruled by what is stored; the tenants file is
//! where they began, and counts again once they are given back. Other services on the same store see a
//! change within [`LOOK_EVERY`].

use std::sync::Arc;
use std::time::Duration;

use rh_policy::{
    ConditionalAccess, RoleAssignment, RoleDefinition, Tenant, TenantId, TenantSettings,
};
use rh_records::{Fact, RecordError, Rules};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::{App, Failure, lock};
use crate::clock;

/// How often it is looked for changes that another service made.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// A tenant's rules, as they are stored.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    settings: TenantSettings,
    /// Beside the built-in ones.
    roles: Vec<RoleDefinition>,
    assignments: Vec<RoleAssignment>,
    conditions: ConditionalAccess,
}

/// The roles of a tenant beside the built-in ones.
pub(super) fn own_roles(tenant: &Tenant) -> Vec<RoleDefinition> {
    let built_in = RoleDefinition::built_ins();
    let own = tenant.roles.iter().filter(|role| !built_in.iter().any(|it| it.id == role.id));
    own.cloned().collect()
}

fn write(tenant: &Tenant) -> String {
    let document = Document {
        settings: tenant.settings,
        roles: own_roles(tenant),
        assignments: tenant.assignments.clone(),
        conditions: tenant.conditions.clone(),
    };
    serde_json::to_string(&document).expect("rules are JSON")
}

fn read(id: &TenantId, document: &str) -> Result<Tenant, RecordError> {
    let damaged = |error: String| RecordError::Damaged(format!("the rules of {id}: {error}"));
    let document: Document =
        serde_json::from_str(document).map_err(|error| damaged(error.to_string()))?;
    let mut tenant = Tenant::new(id.clone());
    for role in document.roles {
        tenant.roles.add(role).map_err(|error| damaged(error.to_string()))?;
    }
    tenant.settings = document.settings;
    tenant.assignments = document.assignments;
    tenant.conditions = document.conditions;
    Ok(tenant)
}

impl App {
    /// Takes in what administrators made of the rules, here or elsewhere.
    ///
    /// # Errors
    ///
    /// [`RecordError`]; what could be read counts from now on.
    pub(crate) async fn take_rules(&self) -> Result<(), RecordError> {
        let Ok(store) = self.store() else { return Ok(()) };
        for Rules { tenant: id, version, document } in store.rules().await? {
            if self.version(&id) < version {
                let rules = document.map(|document| read(&id, &document)).transpose()?;
                self.make(id, version, rules);
            }
        }
        Ok(())
    }

    /// How often the rules of a tenant were changed.
    pub(super) fn version(&self, id: &TenantId) -> u64 {
        lock(&self.versions).get(id).copied().unwrap_or(0)
    }

    /// Lets rules count at once, in running sessions too.
    fn make(&self, id: TenantId, version: u64, rules: Option<Tenant>) {
        let mut tenants = self.tenants();
        {
            let mut versions = lock(&self.versions);
            let known = versions.entry(id.clone()).or_default();
            // Somebody was faster with something newer.
            if *known >= version {
                return;
            }
            *known = version;
        }
        tenants.make(id.clone(), rules);
        self.board.rule(clock::now(), [tenants.rules(&id)]);
    }

    /// Changes a tenant's rules, or gives them back to the file, and records that with `fact`.
    ///
    /// # Errors
    ///
    /// [`Failure::Conflict`], if they are not of version `expected` any more.
    pub(super) async fn change_rules(
        &self,
        fact: Fact,
        expected: u64,
        rules: Option<Tenant>,
    ) -> Result<u64, Failure> {
        let store = self.store()?;
        let document = rules.as_ref().map(write);
        let set = store.set_rules(&fact, expected, document.as_deref()).await;
        let set = set.map_err(|error| {
            tracing::error!(alarm = "records", "rules cannot be changed: {error}");
            Failure::NotRecorded
        })?;
        let stale = "the rules were changed meanwhile; read them, and try again with their version";
        let version = set.ok_or(Failure::Conflict(stale))?;
        self.make(fact.tenant.clone(), version, rules);
        self.observers.recorded(&fact);
        Ok(version)
    }
}

/// Looks for changes that other services made, until the service stops.
pub(crate) async fn keep(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = looks.tick() => if let Err(error) = app.take_rules().await {
                tracing::error!(alarm = "records", "the tenants' rules cannot be read: {error}");
            },
            _ = stopped.changed() => return,
        }
    }
}
