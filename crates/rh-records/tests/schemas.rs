//! Records that an older version wrote are opened, checked and continued.
//!
//! `tests/fixtures` holds, for each schema, what a version of that schema wrote; see there.

#![cfg(test)]

mod support;

use std::path::PathBuf;

use rh_policy::TenantId;
use rh_protocol::SessionId;
use rh_records::{
    Address, Event, Fact, NewMessage, Receipt, Signed, SigningKey, Timestamp, Trust, audit, open,
    open_to_read, receipt,
};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, raw_sql};
use support::cluster::Cluster;

/// The session that every fixture holds.
const SESSION: SessionId = SessionId(7);

fn here(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The newest schema of a backend: one migration leads to each.
fn newest(backend: &str) -> usize {
    std::fs::read_dir(here(&format!("migrations/{backend}"))).unwrap().count()
}

/// What a version of `schema` wrote.
fn fixture(backend: &str, schema: usize) -> String {
    let path = here(&format!("tests/fixtures/{backend}-{schema}.sql"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

async fn is_read_and_continued(address: &Address, schema: usize) {
    let tenant: TenantId = "contoso".parse().unwrap();
    let key = SigningKey::from_seed(&[3; 32]);
    let trust = Trust::Only([key.public().id()].into());
    // The audit needs no newer schema, and changes nothing.
    let old = open_to_read(address).await.unwrap();
    let before = audit::verify(&*old, &tenant, &trust, &[]).await.unwrap();
    assert_eq!((before.first, before.last, before.sealed), (3, 8, 7));

    let store = open(address).await.unwrap();
    let at = Timestamp::from_millis(1_772_323_200_000).unwrap();
    let person: rh_policy::PersonId = "sharer".parse().unwrap();
    let event = Event::SignedOut { person: person.clone() };
    let entries = store.record(&[Fact { tenant: tenant.clone(), at, event }]).await.unwrap();
    assert_eq!(entries[0].seq, 9);
    let after = audit::verify(&*store, &tenant, &trust, &[]).await.unwrap();
    assert_eq!((after.first, after.last), (3, 9));
    let issued = receipt::issue(&*store, &tenant, SESSION, &key, at).await.unwrap();
    let (receipt, _) = Signed::<Receipt>::open(&issued.to_line(), &trust).unwrap();
    assert_eq!(receipt.helper.full_name.as_deref(), Some("Hana Helper"));
    assert_eq!(receipt.consents.len(), 2);
    let alarms = store.alarms(&tenant, 9).await.unwrap();
    assert_eq!(alarms.iter().map(|it| it.seq).collect::<Vec<_>>(), [8]);
    let devices = store.devices(&tenant, None, 9).await.unwrap();
    assert_eq!(devices.len(), usize::from(schema >= 4));
    let notes = store.notes(&tenant, &person, 9).await.unwrap();
    assert_eq!(notes.len(), usize::from(schema >= 7));
    let text = "hello".to_owned();
    let message = NewMessage { tenant, session: SESSION, at, author: person, text };
    store.say(&message).await.unwrap();
}

#[tokio::test]
async fn every_schema_of_sqlite_is_continued() {
    let folder = tempfile::tempdir().unwrap();
    for schema in 1..=newest("sqlite") {
        let path = folder.path().join(format!("{schema}.db"));
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
        let sql = AssertSqlSafe(fixture("sqlite", schema));
        raw_sql(sql).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        is_read_and_continued(&Address::Sqlite(path), schema).await;
    }
}

#[tokio::test]
async fn every_schema_of_postgres_is_continued() {
    let cluster = Cluster::start();
    for schema in 1..=newest("postgres") {
        let name = format!("schema_{schema}");
        let address = cluster.database(&name);
        cluster.psql(&name, &fixture("postgres", schema));
        is_read_and_continued(&address, schema).await;
    }
}
