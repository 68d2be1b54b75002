//! Records in SQLite files.

#![cfg(test)]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use rh_records::contract::{self, Ground};
use rh_records::{Address, RecordError, RecordStore, open, open_to_read};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, raw_sql};
use tempfile::TempDir;

/// A folder, with one file for each store.
#[derive(Debug)]
struct Folder {
    folder: TempDir,
    made: AtomicUsize,
}

impl Folder {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), made: AtomicUsize::new(0) }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

#[async_trait]
impl Ground for Folder {
    async fn fresh(&self) -> Arc<dyn RecordStore> {
        let n = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        open(&Address::Sqlite(self.file(&format!("{n}.db")))).await.unwrap()
    }

    async fn tamper(&self, sql: &str) {
        let n = self.made.load(Ordering::Relaxed);
        run(&self.file(&format!("{n}.db")), sql).await;
    }
}

/// Runs `sql` on a file, which is made if there is none.
async fn run(path: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_contract() {
    contract::all(&Folder::new()).await;
}

/// It says who helped whom.
#[tokio::test]
async fn the_file_is_for_its_owner_alone() {
    let folder = Folder::new();
    let path = folder.file("records.db");
    open(&Address::Sqlite(path.clone())).await.unwrap();
    for file in std::fs::read_dir(folder.folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", file.path());
    }
}

#[tokio::test]
async fn a_file_of_something_else_is_left_alone() {
    let folder = Folder::new();
    let (text, other) = (folder.file("text.db"), folder.file("other.db"));
    std::fs::write(&text, "This is a text, and longer than the header of a database. ".repeat(9))
        .unwrap();
    run(&other, "CREATE TABLE sessions (a)").await;
    for path in [&text, &other] {
        let before = std::fs::read(path).unwrap();
        let address = Address::Sqlite(path.clone());
        for opened in [open(&address).await, open_to_read(&address).await] {
            let error = opened.unwrap_err();
            assert!(matches!(error, RecordError::Foreign(_)), "{path:?}: {error}");
        }
        assert_eq!(std::fs::read(path).unwrap(), before);
    }
}

#[tokio::test]
async fn a_newer_file_is_refused() {
    let folder = Folder::new();
    let path = folder.file("records.db");
    let address = Address::Sqlite(path.clone());
    open(&address).await.unwrap();
    run(&path, "PRAGMA user_version = 99").await;
    for opened in [open(&address).await, open_to_read(&address).await] {
        let error = opened.unwrap_err();
        assert!(matches!(error, RecordError::Newer { found: 99, .. }), "{error}");
    }
}

#[tokio::test]
async fn what_cannot_be_opened_says_so() {
    let folder = Folder::new();
    let nowhere = Address::Sqlite(folder.file("no/such/folder/records.db"));
    assert!(matches!(open(&nowhere).await, Err(RecordError::Unavailable(_))));
    assert!(matches!(open_to_read(&nowhere).await, Err(RecordError::Missing(_))));
    let empty = Address::Sqlite(folder.file("empty.db"));
    std::fs::write(folder.file("empty.db"), "").unwrap();
    assert!(matches!(open_to_read(&empty).await, Err(RecordError::Foreign(_))));
}

#[tokio::test]
async fn programs_that_start_at_once_make_one_file() {
    let folder = Folder::new();
    let path = folder.file("records.db");
    let starting = (0..8).map(|_| {
        let address = Address::Sqlite(path.clone());
        tokio::spawn(async move { open(&address).await.map(|_| ()) })
    });
    for started in starting.collect::<Vec<_>>() {
        started.await.unwrap().unwrap();
    }
}
