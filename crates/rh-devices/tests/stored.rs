//! Devices in a SQLite file of records; the PostgreSQL backend keeps the same contract of the store,
//! which `rh-records` tests.

#![cfg(test)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use rh_devices::contract::{self, Ground, Known};
use rh_devices::{DeviceDirectory, DeviceSource, Stored};
use rh_policy::TenantId;
use rh_records::{Address, DeviceWord, RecordStore, Timestamp, open};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection, raw_sql};
use tempfile::TempDir;

#[derive(Debug)]
struct Folder {
    folder: TempDir,
    made: AtomicUsize,
}

fn tenant(id: &str) -> TenantId {
    id.parse().unwrap()
}

impl Folder {
    async fn store(&self) -> Arc<dyn RecordStore> {
        let n = self.made.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.path().join(format!("{n}.db"));
        open(&Address::Sqlite(path)).await.unwrap()
    }
}

async fn tell(store: &Arc<dyn RecordStore>, tenant: &TenantId, devices: &[Known]) {
    let told = Timestamp::from_millis(1_772_323_200_000).unwrap();
    let word = |known: &Known| DeviceWord {
        serial: Some(known.serial.clone()),
        udid: Some(known.udid.clone()),
        enrolment: Some(known.enrolment),
        compliance: Some(known.compliance),
        reported: Some(told),
        ..DeviceWord::new(DeviceSource::Import, told)
    };
    let words: Vec<_> = devices.iter().map(word).collect();
    assert_eq!(store.tell_devices(tenant, &words, None).await.unwrap(), devices.len());
}

#[async_trait]
impl Ground for Folder {
    async fn knowing(&self, devices: &[Known], others: &[Known]) -> Arc<dyn DeviceDirectory> {
        let store = self.store().await;
        tell(&store, &tenant("ours"), devices).await;
        tell(&store, &tenant("theirs"), others).await;
        Arc::new(Stored::new(tenant("ours"), store))
    }

    async fn down(&self) -> Arc<dyn DeviceDirectory> {
        let store = self.store().await;
        let n = self.made.load(Ordering::Relaxed) - 1;
        let options = SqliteConnectOptions::new();
        let options = options.filename(self.folder.path().join(format!("{n}.db")));
        let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
        raw_sql("DROP TABLE devices").execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        Arc::new(Stored::new(tenant("ours"), store))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_devices_keep_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    contract::all(&Folder { folder, made: AtomicUsize::new(0) }).await;
}
