//! Records in a PostgreSQL database (15 or later), for services on many machines.
//!
//! Everything is in a schema of its own, `rh_records`, so the database may hold other things too.
//! A tenant's chain grows under a lock on its row in `chains`; chains of several tenants are locked in
//! the order of their names, so that writers never wait for one another in a circle.

mod open;
mod read;
mod write;

use async_trait::async_trait;
use rh_policy::TenantId;
use rh_protocol::SessionId;
use sqlx::PgPool;

use crate::{
    Checkpoint, Entry, Fact, Given, Head, Message, NewMessage, RecordError, RecordStore,
    SessionRecord, Signed, Timestamp,
};

pub(crate) use open::{open, open_to_read};

/// Records in a PostgreSQL database.
#[derive(Debug)]
pub(crate) struct Postgres {
    pool: PgPool,
}

#[async_trait]
impl RecordStore for Postgres {
    async fn record(&self, facts: &[Fact]) -> Result<Vec<Entry>, RecordError> {
        write::record(&self.pool, facts).await
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, RecordError> {
        read::tenants(&self.pool).await
    }

    async fn head(&self, tenant: &TenantId) -> Result<Head, RecordError> {
        read::head(&self.pool, tenant).await
    }

    async fn entries(
        &self,
        tenant: &TenantId,
        after: u64,
        most: u32,
    ) -> Result<Vec<Entry>, RecordError> {
        read::entries(&self.pool, tenant, after, most).await
    }

    async fn last_before(
        &self,
        tenant: &TenantId,
        time: Timestamp,
    ) -> Result<Option<Head>, RecordError> {
        read::last_before(&self.pool, tenant, time).await
    }

    async fn keep_checkpoint(
        &self,
        checkpoint: &Checkpoint,
        document: &Signed<Checkpoint>,
    ) -> Result<(), RecordError> {
        write::keep_checkpoint(&self.pool, checkpoint, document).await
    }

    async fn checkpoints(&self, tenant: &TenantId) -> Result<Vec<String>, RecordError> {
        read::checkpoints(&self.pool, tenant).await
    }

    async fn forget(
        &self,
        anchor: &Checkpoint,
        document: &Signed<Checkpoint>,
        before: Timestamp,
    ) -> Result<(), RecordError> {
        write::forget(&self.pool, anchor, document, before).await
    }

    async fn session(
        &self,
        tenant: &TenantId,
        session: SessionId,
    ) -> Result<Option<SessionRecord>, RecordError> {
        read::session(&self.pool, tenant, session).await
    }

    async fn sessions(
        &self,
        tenant: &TenantId,
        before: Timestamp,
        most: u32,
    ) -> Result<Vec<SessionRecord>, RecordError> {
        read::sessions(&self.pool, tenant, before, most).await
    }

    async fn consents(
        &self,
        tenant: &TenantId,
        session: SessionId,
    ) -> Result<Vec<Given>, RecordError> {
        read::consents(&self.pool, tenant, session).await
    }

    async fn say(&self, message: &NewMessage) -> Result<u64, RecordError> {
        write::say(&self.pool, message).await
    }

    async fn thread(
        &self,
        tenant: &TenantId,
        session: SessionId,
        after: u64,
        most: u32,
    ) -> Result<Vec<Message>, RecordError> {
        read::thread(&self.pool, tenant, session, after, most).await
    }

    async fn forget_messages(
        &self,
        tenant: &TenantId,
        before: Timestamp,
    ) -> Result<u64, RecordError> {
        write::forget_messages(&self.pool, tenant, before).await
    }
}
