//! The port, on either database: both backends compile this folder, each with its own types, as
//! SQLx's are tied to one database and its common ones were decided against.

use async_trait::async_trait;
use rh_policy::{PersonId, TenantId};
use rh_protocol::SessionId;

use super::{Database, read, write};
use crate::{
    Checkpoint, Entry, Fact, Given, Head, Message, NewMessage, Note, RecordError, RecordStore,
    Rules, SessionRecord, Signed, Suspension, Timestamp,
};

#[async_trait]
impl RecordStore for Database {
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

    async fn alarms(&self, tenant: &TenantId, most: u32) -> Result<Vec<Entry>, RecordError> {
        read::alarms(&self.readers, tenant, most).await
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
        past: Option<SessionId>,
        most: u32,
    ) -> Result<Vec<SessionRecord>, RecordError> {
        read::sessions(&self.readers, tenant, before, past, most).await
    }

    async fn consents(
        &self,
        tenant: &TenantId,
        session: SessionId,
    ) -> Result<Vec<Given>, RecordError> {
        read::consents(&self.readers, tenant, session).await
    }

    async fn rules(&self) -> Result<Vec<Rules>, RecordError> {
        read::rules(&self.readers).await
    }

    async fn set_rules(
        &self,
        fact: &Fact,
        expected: u64,
        document: Option<&str>,
    ) -> Result<Option<u64>, RecordError> {
        write::set_rules(&self.writer, fact, expected, document).await
    }

    async fn suspensions(&self) -> Result<Vec<Suspension>, RecordError> {
        read::suspensions(&self.readers).await
    }

    async fn have_met(
        &self,
        tenant: &TenantId,
        people: (&PersonId, &PersonId),
        but: SessionId,
    ) -> Result<bool, RecordError> {
        read::have_met(&self.readers, tenant, people, but).await
    }

    async fn names(
        &self,
        tenant: &TenantId,
        most: u32,
    ) -> Result<Vec<(PersonId, String)>, RecordError> {
        read::names(&self.readers, tenant, most).await
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
    async fn keep_note(&self, note: &Note) -> Result<(), RecordError> {
        write::keep_note(&self.writer, note).await
    }

    async fn notes(
        &self,
        tenant: &TenantId,
        about: &PersonId,
        most: u32,
    ) -> Result<Vec<Note>, RecordError> {
        read::notes(&self.readers, tenant, about, most).await
    }

    async fn forget_notes(&self, tenant: &TenantId, before: Timestamp) -> Result<u64, RecordError> {
        write::forget_notes(&self.writer, tenant, before).await
    }
}
