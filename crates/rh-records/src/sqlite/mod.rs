//! Records in one SQLite file: the default.
//!
//! Write-ahead log, so readers never wait; every commit is synced. One connection writes, so that
//! writers queue up in order instead of polling for the file's lock.

mod open;
mod read;
mod write;

use async_trait::async_trait;
use rh_policy::TenantId;
use rh_protocol::SessionId;
use sqlx::SqlitePool;

use crate::{
    Checkpoint, Entry, Fact, Given, Head, Message, NewMessage, RecordError, RecordStore,
    SessionRecord, Signed, Timestamp,
};

pub(crate) use open::{open, open_to_read};

/// Records in one SQLite file.
#[derive(Debug)]
pub(crate) struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
}

#[async_trait]
impl RecordStore for Sqlite {
    async fn record(&self, facts: &[Fact]) -> Result<Vec<Entry>, RecordError> {
        write::record(&self.writer, facts).await
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, RecordError> {
        read::tenants(&self.readers).await
    }

    async fn head(&self, tenant: &TenantId) -> Result<Head, RecordError> {
        read::head(&self.readers, tenant).await
    }

    async fn entries(
        &self,
        tenant: &TenantId,
        after: u64,
        most: u32,
    ) -> Result<Vec<Entry>, RecordError> {
        read::entries(&self.readers, tenant, after, most).await
    }

    async fn last_before(
        &self,
        tenant: &TenantId,
        time: Timestamp,
    ) -> Result<Option<Head>, RecordError> {
        read::last_before(&self.readers, tenant, time).await
    }

    async fn keep_checkpoint(
        &self,
        checkpoint: &Checkpoint,
        document: &Signed<Checkpoint>,
    ) -> Result<(), RecordError> {
        write::keep_checkpoint(&self.writer, checkpoint, document).await
    }

    async fn checkpoints(&self, tenant: &TenantId) -> Result<Vec<String>, RecordError> {
        read::checkpoints(&self.readers, tenant).await
    }

    async fn forget(
        &self,
        anchor: &Checkpoint,
        document: &Signed<Checkpoint>,
        before: Timestamp,
    ) -> Result<(), RecordError> {
        write::forget(&self.writer, anchor, document, before).await
    }

    async fn session(
        &self,
        tenant: &TenantId,
        session: SessionId,
    ) -> Result<Option<SessionRecord>, RecordError> {
        read::session(&self.readers, tenant, session).await
    }

    async fn sessions(
        &self,
        tenant: &TenantId,
        before: Timestamp,
        most: u32,
    ) -> Result<Vec<SessionRecord>, RecordError> {
        read::sessions(&self.readers, tenant, before, most).await
    }

    async fn consents(
        &self,
        tenant: &TenantId,
        session: SessionId,
    ) -> Result<Vec<Given>, RecordError> {
        read::consents(&self.readers, tenant, session).await
    }

    async fn say(&self, message: &NewMessage) -> Result<u64, RecordError> {
        write::say(&self.writer, message).await
    }

    async fn thread(
        &self,
        tenant: &TenantId,
        session: SessionId,
        after: u64,
        most: u32,
    ) -> Result<Vec<Message>, RecordError> {
        read::thread(&self.readers, tenant, session, after, most).await
    }

    async fn forget_messages(
        &self,
        tenant: &TenantId,
        before: Timestamp,
    ) -> Result<u64, RecordError> {
        write::forget_messages(&self.writer, tenant, before).await
    }
}
