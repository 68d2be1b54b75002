//! Opening a SQLite file, and bringing it to the newest schema.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, query_as, raw_sql};

use super::Database;
use crate::RecordError;

/// How long another program may hold the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connections that read at a time.
const READERS: u32 = 4;

/// `PRAGMA application_id` of a file of records: "rhrc".
const APPLICATION: i64 = 0x7268_7263;

/// Every schema, from the first; number n leads from schema n - 1 to n.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_records.sql"),
    include_str!("../../migrations/sqlite/0002_chat.sql"),
    include_str!("../../migrations/sqlite/0003_rules.sql"),
    include_str!("../../migrations/sqlite/0004_devices.sql"),
    include_str!("../../migrations/sqlite/0005_suspensions.sql"),
    include_str!("../../migrations/sqlite/0006_alarms.sql"),
    include_str!("../../migrations/sqlite/0007_notes.sql"),
];

/// Opens the file, makes it if there is none, and brings its schema up to date.
pub(crate) async fn open(path: &Path) -> Result<Database, RecordError> {
    make(path)?;
    let options = options(path);
    // Before anything else: a file of something else stays as it is.
    schema(&mut connect(path, &options).await?, path).await?;
    let options = options.journal_mode(SqliteJournalMode::Wal);
    migrate(&mut connect(path, &options).await?, path).await?;
    let writer = SqlitePoolOptions::new().max_connections(1);
    let readers = SqlitePoolOptions::new().max_connections(READERS);
    Ok(Database {
        writer: writer.connect_with(options.clone()).await?,
        readers: readers.connect_with(options.read_only(true)).await?,
    })
}

/// Opens a file that is there, of whichever known schema, and writes nothing to it.
pub(crate) async fn open_to_read(path: &Path) -> Result<Database, RecordError> {
    if !path.is_file() {
        return Err(RecordError::Missing(path.to_owned()));
    }
    let options = options(path).read_only(true);
    if schema(&mut connect(path, &options).await?, path).await? == 0 {
        return Err(RecordError::Foreign(path.display().to_string()));
    }
    let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options).await?;
    Ok(Database { writer: readers.clone(), readers })
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        // With less, a commit may be lost when the machine loses power.
        .synchronous(SqliteSynchronous::Full)
}

/// Makes an empty file, which is an empty database, for the owner alone: it says who helped whom.
fn make(path: &Path) -> Result<(), RecordError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(RecordError::Unavailable(format!("{}: {error}", path.display()))),
    }
}

async fn connect(
    path: &Path,
    options: &SqliteConnectOptions,
) -> Result<SqliteConnection, RecordError> {
    SqliteConnection::connect_with(options).await.map_err(|error| foreign(error, path))
}

/// SQLITE_NOTADB is the answer to a file of something else.
fn foreign(error: sqlx::Error, path: &Path) -> RecordError {
    match error.as_database_error().and_then(|error| error.code()) {
        Some(code) if code == "26" => RecordError::Foreign(path.display().to_string()),
        _ => error.into(),
    }
}

/// What a file says of itself; one statement, since another program may be making the schema meanwhile.
const SCHEMA: &str = "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) \
                      FROM pragma_application_id, pragma_user_version";

/// The schema of the file; 0 for an empty one.
async fn schema(conn: &mut SqliteConnection, path: &Path) -> Result<i64, RecordError> {
    let said = query_as(SCHEMA).fetch_one(conn).await;
    let (application, found, tables): (i64, i64, i64) = said.map_err(|err| foreign(err, path))?;
    let known = MIGRATIONS.len() as i64;
    match (application, found) {
        (0, 0) if tables == 0 => Ok(0),
        (APPLICATION, found) if found > known => Err(RecordError::Newer { found, known }),
        (APPLICATION, 1..) => Ok(found),
        _ => Err(RecordError::Foreign(path.display().to_string())),
    }
}

/// All that is missing in one transaction, under the lock of the file: programs that start at once
/// wait for one another.
async fn migrate(conn: &mut SqliteConnection, path: &Path) -> Result<(), RecordError> {
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
    let found = schema(&mut tx, path).await?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        raw_sql(*migration).execute(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}
