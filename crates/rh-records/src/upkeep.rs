//! What keeps a chain checkable and short: seals and retention.

use std::time::Duration;

use rh_policy::TenantId;

use crate::audit::{self, AuditError, Verified};
use crate::{
    Checkpoint, Head, Purpose, RecordError, RecordStore, Signed, SigningKey, Timestamp, Trust,
};

/// How long things are kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Retention {
    /// Entries, sessions and consents.
    pub records: Duration,
    /// Chat threads.
    pub chat: Duration,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for Retention {
    /// Thirty days (M-08), chat too.
    fn default() -> Self {
        Self { records: 30 * DAY, chat: 30 * DAY }
    }
}

/// Signs how far the chain of `tenant` has come, and keeps that in the store.
///
/// Returns it, or nothing for a tenant without entries. Whoever has a copy can tell later whether
/// the chain still comes by there.
///
/// # Errors
///
/// [`RecordError`] of the store.
pub async fn seal(
    store: &dyn RecordStore,
    tenant: &TenantId,
    key: &SigningKey,
    now: Timestamp,
) -> Result<Option<Signed<Checkpoint>>, RecordError> {
    let head = store.head(tenant).await?;
    if head == Head::START {
        return Ok(None);
    }
    let (checkpoint, document) = sign(tenant, head, Purpose::Seal, key, now);
    store.keep_checkpoint(&checkpoint, &document).await?;
    Ok(Some(document))
}

/// Deletes what `tenant` has kept long enough, and returns what was there before; what stays can
/// still be verified.
///
/// # Errors
///
/// [`AuditError::Broken`]: from a chain that does not hold nothing is deleted, since that would take
/// the traces away and sign for what is left.
pub async fn retain(
    store: &dyn RecordStore,
    tenant: &TenantId,
    (key, trust): (&SigningKey, &Trust),
    keep: Retention,
    now: Timestamp,
) -> Result<Verified, AuditError> {
    let verified = audit::verify(store, tenant, trust, &[]).await?;
    let before = now.before(keep.records);
    if let Some(last) = store.last_before(tenant, before).await? {
        let (anchor, document) = sign(tenant, last, Purpose::Anchor, key, now);
        store.forget(&anchor, &document, before).await?;
    }
    store.forget_messages(tenant, now.before(keep.chat)).await?;
    store.forget_notes(tenant, now.before(keep.chat)).await?;
    Ok(verified)
}

fn sign(
    tenant: &TenantId,
    Head { seq, hash }: Head,
    purpose: Purpose,
    key: &SigningKey,
    at: Timestamp,
) -> (Checkpoint, Signed<Checkpoint>) {
    let checkpoint = Checkpoint { tenant: tenant.clone(), seq, hash, at, purpose };
    let document = Signed::new(&checkpoint, key);
    (checkpoint, document)
}
