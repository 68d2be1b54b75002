//! Records in one SQLite file: the default.
//!
//! Write-ahead log, so readers never wait; every commit is synced. One connection writes, so that
//! writers queue up in order instead of polling for the file's lock.

#[path = "../backend/devices.rs"]
mod devices;
mod open;
#[path = "../backend/read.rs"]
mod read;
#[path = "../backend/store.rs"]
mod store;
#[path = "../backend/write.rs"]
mod write;

use sqlx::{Sqlite, SqliteConnection as Connection, SqlitePool as Pool, Transaction};

pub(crate) use open::{open, open_to_read};

/// Under the lock of the whole file, this is where a chain stays.
use crate::sql::HEAD as HEAD_TO_LOCK;

/// The same for a tenant's devices.
const DEVICES_TO_LOCK: &str = "SELECT $1";

/// Records in one SQLite file.
#[derive(Debug)]
pub(crate) struct Database {
    writer: Pool,
    readers: Pool,
}

/// Begins to write: nobody else does until this ends.
async fn begin(pool: &Pool) -> sqlx::Result<Transaction<'static, Sqlite>> {
    pool.begin_with("BEGIN IMMEDIATE").await
}
