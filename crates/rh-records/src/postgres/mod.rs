//! Records in a PostgreSQL database (15 or later), for services on many machines.
//!
//! Everything is in a schema of its own, `rh_records`, so the database may hold other things too.
//! A tenant's chain grows under a lock on its row in `chains`; chains of several tenants are locked in
//! the order of their names, so that writers never wait for one another in a circle.

#[path = "../backend/devices.rs"]
#[expect(clippy::duplicate_mod, reason = "compiled for each database")]
mod devices;
mod open;
#[path = "../backend/read.rs"]
#[expect(clippy::duplicate_mod, reason = "compiled for each database")]
mod read;
#[path = "../backend/store.rs"]
#[expect(clippy::duplicate_mod, reason = "compiled for each database")]
mod store;
#[path = "../backend/write.rs"]
#[expect(clippy::duplicate_mod, reason = "compiled for each database")]
mod write;

use sqlx::{PgConnection as Connection, PgPool as Pool, Postgres, Transaction};

pub(crate) use open::{open, open_to_read};

const HEAD_TO_LOCK: &str = "SELECT seq, hash FROM chains WHERE tenant = $1 FOR UPDATE";

/// Words about a tenant's devices are taken in one after the other; the number is that of migrations,
/// and one more.
const DEVICES_TO_LOCK: &str = "SELECT pg_advisory_xact_lock(1919447652, hashtext($1))";

/// Records in a PostgreSQL database.
#[derive(Debug)]
pub(crate) struct Database {
    writer: Pool,
    readers: Pool,
}

/// Begins to write.
async fn begin(pool: &Pool) -> sqlx::Result<Transaction<'static, Postgres>> {
    pool.begin().await
}
