//! The port.

use async_trait::async_trait;
use rh_policy::{PersonId, TenantId};
use rh_protocol::SessionId;

use crate::{
    Checkpoint, DeviceStore, Entry, Fact, Given, Head, Message, NewMessage, Note, RecordError,
    Rules, SessionRecord, Signed, Suspension, Timestamp,
};

/// Where records are kept.
///
/// A call that returns `Ok` is on the disk: it survives the death of the program and of the machine.
/// One that fails, or whose future is dropped, changed everything or nothing. Any number of callers,
/// programs and machines may use one store at a time.
#[async_trait]
pub trait RecordStore: DeviceStore {
    /// Adds the facts to the chains of their tenants, in this order, and keeps what reports need of
    /// them; all or none. Returns their entries.
    async fn record(&self, facts: &[Fact]) -> Result<Vec<Entry>, RecordError>;

    /// The tenants that have a chain, in order.
    async fn tenants(&self) -> Result<Vec<TenantId>, RecordError>;

    /// How far a chain has come; [`Head::START`] for a tenant without one.
    async fn head(&self, tenant: &TenantId) -> Result<Head, RecordError>;

    /// At most `most` entries after number `after`, in order.
    async fn entries(
        &self,
        tenant: &TenantId,
        after: u64,
        most: u32,
    ) -> Result<Vec<Entry>, RecordError>;

    /// At most `most` entries of what administrators should look at ([`Event::is_alarm`]), the newest
    /// first.
    ///
    /// [`Event::is_alarm`]: crate::Event::is_alarm
    async fn alarms(&self, tenant: &TenantId, most: u32) -> Result<Vec<Entry>, RecordError>;

    /// The last entry before the first that happened at or after `time`: retention up to there
    /// deletes nothing younger.
    async fn last_before(
        &self,
        tenant: &TenantId,
        time: Timestamp,
    ) -> Result<Option<Head>, RecordError>;

    /// Keeps a signed checkpoint.
    async fn keep_checkpoint(
        &self,
        checkpoint: &Checkpoint,
        document: &Signed<Checkpoint>,
    ) -> Result<(), RecordError>;

    /// The documents of the checkpoints, those of lower entries first; nobody has checked them.
    async fn checkpoints(&self, tenant: &TenantId) -> Result<Vec<String>, RecordError>;

    /// Deletes the entries up to `anchor` and the checkpoints beneath it, and keeps `document` in
    /// their place; deletes the sessions that ended before `before`, with their consents.
    async fn forget(
        &self,
        anchor: &Checkpoint,
        document: &Signed<Checkpoint>,
        before: Timestamp,
    ) -> Result<(), RecordError>;

    /// One session.
    async fn session(
        &self,
        tenant: &TenantId,
        session: SessionId,
    ) -> Result<Option<SessionRecord>, RecordError>;

    /// At most `most` sessions that began before `before`, the newest first; also those that began
    /// just then and come after the session `past`, so that pages of a list follow one another
    /// without a gap.
    async fn sessions(
        &self,
        tenant: &TenantId,
        before: Timestamp,
        past: Option<SessionId>,
        most: u32,
    ) -> Result<Vec<SessionRecord>, RecordError>;

    /// The sharer's answers in one session, in the order in which they were recorded.
    async fn consents(
        &self,
        tenant: &TenantId,
        session: SessionId,
    ) -> Result<Vec<Given>, RecordError>;

    /// The rules of every tenant whose administrators ever changed them, in order.
    async fn rules(&self) -> Result<Vec<Rules>, RecordError>;

    /// Puts `document` in the place of a tenant's rules of version `expected` (0 if there never were
    /// any), or takes them away, and adds `fact` to the tenant's chain: both or neither. Returns the
    /// new version, or nothing if theirs is another than `expected`.
    async fn set_rules(
        &self,
        fact: &Fact,
        expected: u64,
        document: Option<&str>,
    ) -> Result<Option<u64>, RecordError>;

    /// Every helper who is suspended, of every tenant.
    async fn suspensions(&self) -> Result<Vec<Suspension>, RecordError>;

    /// Whether the first of `people` helped the second before, in a session other than `but` in which
    /// something was allowed.
    async fn have_met(
        &self,
        tenant: &TenantId,
        people: (&PersonId, &PersonId),
        but: SessionId,
    ) -> Result<bool, RecordError>;

    /// At most `most` names that people had in sessions; somebody may have several.
    async fn names(
        &self,
        tenant: &TenantId,
        most: u32,
    ) -> Result<Vec<(PersonId, String)>, RecordError>;

    /// Adds a message to its thread; returns its place there.
    async fn say(&self, message: &NewMessage) -> Result<u64, RecordError>;

    /// At most `most` messages of a thread after place `after`, in order.
    async fn thread(
        &self,
        tenant: &TenantId,
        session: SessionId,
        after: u64,
        most: u32,
    ) -> Result<Vec<Message>, RecordError>;

    /// Deletes a tenant's messages that were said before `before`; returns how many.
    async fn forget_messages(
        &self,
        tenant: &TenantId,
        before: Timestamp,
    ) -> Result<u64, RecordError>;

    /// Keeps a note in the place of what was noted of that session before; without text there is none.
    async fn keep_note(&self, note: &Note) -> Result<(), RecordError>;

    /// At most `most` notes of sessions in which `about` was helped, the newest first.
    async fn notes(
        &self,
        tenant: &TenantId,
        about: &PersonId,
        most: u32,
    ) -> Result<Vec<Note>, RecordError>;

    /// Deletes a tenant's notes that were last changed before `before`; returns how many.
    async fn forget_notes(&self, tenant: &TenantId, before: Timestamp) -> Result<u64, RecordError>;
}
