//! Connecting to a PostgreSQL database, and bringing it to the newest schema.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, query_scalar, raw_sql};

use super::Database;
use crate::RecordError;

/// Connections of one service.
const CONNECTIONS: u32 = 8;

/// The lock under which one program at a time migrates; a number that nothing else has reason to use.
const MIGRATING: &str = "SELECT pg_advisory_xact_lock(1919447651)";

/// The schema of that name is ours, with all that is in it.
const NAMESPACE: &str = "rh_records";

/// Every schema, from the first; number n leads from schema n - 1 to n.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/postgres/0001_records.sql"),
    include_str!("../../migrations/postgres/0002_chat.sql"),
    include_str!("../../migrations/postgres/0003_rules.sql"),
    include_str!("../../migrations/postgres/0004_devices.sql"),
    include_str!("../../migrations/postgres/0005_suspensions.sql"),
    include_str!("../../migrations/postgres/0006_alarms.sql"),
    include_str!("../../migrations/postgres/0007_notes.sql"),
];

/// Connects, and brings the schema up to date.
pub(crate) async fn open(url: &str) -> Result<Database, RecordError> {
    let options = options(url)?;
    migrate(&mut PgConnection::connect_with(&options).await?).await?;
    pool(options).await
}

/// Connects to records that are there, of whichever known schema, and writes nothing to them.
pub(crate) async fn open_to_read(url: &str) -> Result<Database, RecordError> {
    let options = options(url)?.options([("default_transaction_read_only", "on")]);
    if schema(&mut PgConnection::connect_with(&options).await?).await? == 0 {
        let database = options.get_database().unwrap_or_default();
        return Err(RecordError::Foreign(format!("the PostgreSQL database {database:?}")));
    }
    pool(options).await
}

fn options(url: &str) -> Result<PgConnectOptions, RecordError> {
    let options: PgConnectOptions =
        url.parse().map_err(|error: sqlx::Error| RecordError::Unavailable(error.to_string()))?;
    Ok(options.application_name("rh-service").options([("search_path", NAMESPACE)]))
}

async fn pool(options: PgConnectOptions) -> Result<Database, RecordError> {
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
    Ok(Database { writer: pool.clone(), readers: pool })
}

/// The schema of the database; 0 if there is none of ours.
async fn schema(conn: &mut PgConnection) -> Result<i64, RecordError> {
    let there = "SELECT to_regclass('rh_records.version') IS NOT NULL";
    if !query_scalar::<_, bool>(there).fetch_one(&mut *conn).await? {
        return Ok(0);
    }
    let found: i64 = query_scalar("SELECT number FROM version").fetch_one(conn).await?;
    let known = MIGRATIONS.len() as i64;
    if found > known { Err(RecordError::Newer { found, known }) } else { Ok(found) }
}

/// All that is missing in one transaction.
async fn migrate(conn: &mut PgConnection) -> Result<(), RecordError> {
    let mut tx = conn.begin().await?;
    query_scalar::<_, ()>(MIGRATING).fetch_one(&mut *tx).await?;
    let found = schema(&mut tx).await?;
    if found == 0 {
        raw_sql("CREATE SCHEMA IF NOT EXISTS rh_records").execute(&mut *tx).await?;
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        raw_sql(*migration).execute(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}
