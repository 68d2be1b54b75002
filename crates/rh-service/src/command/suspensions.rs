//! `rh-service suspensions`.

use std::time::SystemTime;

use clap::Args;
use rh_policy::{PersonId, TenantId};
use rh_records::{Address, Event, Fact, RecordError, open, open_to_read};

use super::Failure;

/// Who is suspended.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// The records: a SQLite file, or postgres://user@host/database
    #[arg(long, value_name = "FILE|URL", env = "RH_RECORDS", hide_env_values = true)]
    records: Address,
}

/// Lifts one.
#[derive(Args, Debug)]
pub(crate) struct Lift {
    /// The records: a SQLite file, or postgres://user@host/database
    #[arg(long, value_name = "FILE|URL", env = "RH_RECORDS", hide_env_values = true)]
    records: Address,
    /// The helper's organisation
    #[arg(long, value_name = "ID")]
    tenant: TenantId,
    /// The helper
    #[arg(value_name = "PERSON")]
    person: PersonId,
}

impl List {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let store = open_to_read(&self.records).await.map_err(unknown)?;
        for it in store.suspensions().await.map_err(unknown)? {
            let why = it.session.map(|session| format!(", reported in session {session}"));
            let why = why.unwrap_or_default();
            println!("{} of {} since {}{why}", it.person, it.tenant, it.at);
        }
        Ok(())
    }
}

impl Lift {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let Self { records, tenant, person } = self;
        let store = open(&records).await.map_err(unknown)?;
        let found = store.suspensions().await.map_err(unknown)?;
        if !found.iter().any(|it| (&it.tenant, &it.person) == (&tenant, &person)) {
            return Err(Failure::Broken(format!("{person} of {tenant} is not suspended")));
        }
        let event = Event::Reinstated { person: person.clone(), by: None };
        let fact = Fact { tenant: tenant.clone(), at: now().into(), event };
        store.record(&[fact]).await.map_err(unknown)?;
        println!("{person} of {tenant} may help again; a running service follows within a minute");
        Ok(())
    }
}

fn unknown(error: RecordError) -> Failure {
    Failure::Unknown(error.to_string())
}

#[expect(clippy::disallowed_methods, reason = "a program that says when something was done")]
fn now() -> SystemTime {
    SystemTime::now()
}
