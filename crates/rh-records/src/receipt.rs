//! What a sharer takes home: who helped, when and how far (B-13).

use rh_policy::{DeviceId, TenantId};
use rh_protocol::{Role, SessionId};
use serde::{Deserialize, Serialize};

use crate::{
    Ended, Given, Hash, Party, RecordError, RecordStore, Signed, SigningKey, Statement, Timestamp,
};

/// The facts of one session that is over.
///
/// [`Signed::open`] checks it with nothing but the document. It also binds the service: `seq` and
/// `hash` name an entry of the tenant's chain at or after the session's end, so the chain cannot be
/// written anew behind the sharer's back.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The organisation.
    pub tenant: TenantId,
    /// Which session.
    pub session: SessionId,
    /// Who helped.
    pub helper: Party,
    /// Who was helped.
    pub sharer: Party,
    /// The sharer's device, if a directory knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// When it began.
    pub started: Timestamp,
    /// When and why it ended.
    pub ended: Ended,
    /// The most that the sharer allowed, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// What the sharer was asked and answered.
    pub consents: Vec<Given>,
    /// The number of the last entry of the tenant's chain when this was issued.
    pub seq: u64,
    /// The hash of that entry.
    pub hash: Hash,
    /// When it was issued.
    pub issued: Timestamp,
}

impl Statement for Receipt {
    const TYPE: &'static str = "rh.receipt.v1";
}

/// Issues the receipt of a session that is over.
///
/// # Errors
///
/// [`RecordError::NoSession`] and [`RecordError::Running`], or what the store says.
pub async fn issue(
    store: &dyn RecordStore,
    tenant: &TenantId,
    session: SessionId,
    key: &SigningKey,
    now: Timestamp,
) -> Result<Signed<Receipt>, RecordError> {
    let found = store.session(tenant, session).await?.ok_or(RecordError::NoSession)?;
    let ended = found.ended.ok_or(RecordError::Running)?;
    let consents = store.consents(tenant, session).await?;
    // After the session was read, so that its end is in the chain by then.
    let head = store.head(tenant).await?;
    let receipt = Receipt {
        tenant: found.tenant,
        session,
        helper: found.helper,
        sharer: found.sharer,
        device: found.device,
        started: found.started,
        ended,
        role: found.role,
        consents,
        seq: head.seq,
        hash: head.hash,
        issued: now,
    };
    Ok(Signed::new(&receipt, key))
}
