//! Records on the disk, and the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use rh_policy::TenantId;
use rh_protocol::{Consent, EndReason, Role, SessionId};
use rh_records::{
    Event, Fact, Party, RecordStore, Shown, SigningKey, Timestamp, open, receipt, upkeep,
};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, raw_sql};
use tempfile::TempDir;

/// A session that is in the records.
pub(crate) const SESSION: SessionId = SessionId(7);

/// A folder with records in it.
pub(crate) struct Records {
    folder: TempDir,
    pub(crate) store: Arc<dyn RecordStore>,
}

pub(crate) fn tenant() -> TenantId {
    "contoso".parse().unwrap()
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

pub(crate) fn minute(n: i64) -> Timestamp {
    Timestamp::from_millis(1_772_323_200_000 + n * 60_000).unwrap()
}

impl Records {
    /// One session in four entries, of which three are sealed.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.db");
        let store = open(&path.to_str().unwrap().parse().unwrap()).await.unwrap();
        let fact = |n, event| Fact { tenant: tenant(), at: minute(n), event };
        let party = |id: &str, name: &str| Party {
            id: id.parse().unwrap(),
            full_name: Some(name.to_owned()),
            verified_domain: Some("example.com".to_owned()),
        };
        let (helper, sharer) = (party("helper", "Hana\u{202e} Helper"), party("sharer", "Sami"));
        let answer = |role, consent| Event::Consented {
            session: SESSION,
            role,
            consent,
            shown: Shown::default(),
        };
        let started = Event::SessionStarted { session: SESSION, helper, sharer, device: None };
        let facts = [
            fact(0, started),
            fact(1, answer(Role::Control, Consent::Decline)),
            fact(2, answer(Role::View, Consent::Allow)),
            fact(9, Event::SessionEnded { session: SESSION, reason: EndReason::SharerEnded }),
        ];
        store.record(&facts[..3]).await.unwrap();
        upkeep::seal(&*store, &tenant(), &key(), minute(3)).await.unwrap();
        store.record(&facts[3..]).await.unwrap();
        Self { folder, store }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the receipt of the session to a file.
    pub(crate) async fn receipt(&self) -> PathBuf {
        let issued = receipt::issue(&*self.store, &tenant(), SESSION, &key(), minute(10)).await;
        let path = self.file("receipt.json");
        std::fs::write(&path, issued.unwrap().to_pretty()).unwrap();
        path
    }

    /// Runs `sql` behind the store's back.
    pub(crate) async fn tamper(&self, sql: &str) {
        let options = SqliteConnectOptions::new().filename(self.file("records.db"));
        let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
        raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }

    /// Runs `rh-service audit verify` on the records.
    pub(crate) fn audit(&self, more: &[&str]) -> Said {
        let records = self.file("records.db");
        let args = ["audit", "verify", "--records", path(&records)];
        run(&[&args, more].concat())
    }
}

/// What the program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `rh-service` with these arguments.
pub(crate) fn run(args: &[&str]) -> Said {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rh-service"));
    let Output { status, stdout, stderr } =
        program.args(args).env_remove("RH_RECORDS").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
