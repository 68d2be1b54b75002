//! Whether a chain is as it was written.
//!
//! [`verify`] walks a store's chain; [`Walk`] is the same without a store, for exported entries.

mod walk;

use std::collections::BTreeSet;
use std::fmt;

use rh_policy::TenantId;

use crate::{Head, KeyId, NotGenuine, RecordError, RecordStore, Trust};

pub use walk::Walk;

/// Entries that are read at a time.
const PAGE: u32 = 1000;

/// What a chain that holds says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verified {
    /// The number of the first entry that is still kept; one more than the last if none is.
    pub first: u64,
    /// The number of the last entry.
    pub last: u64,
    /// The last entry under a signed checkpoint. Whoever can write to the store could have put
    /// others in place of those after it.
    pub sealed: u64,
    /// Whose signatures are on the checkpoints.
    pub keys: BTreeSet<KeyId>,
}

/// The first thing in a chain that is not as it was written.
#[derive(Debug)]
pub enum Broken {
    /// These entries are not there.
    Missing {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// This entry is there twice, out of its place, or beyond the end.
    Surplus(u64),
    /// The text of this entry is not the one that was hashed.
    Altered(u64),
    /// This entry does not follow the one before: one of the two was put in place of another.
    Unlinked(u64),
    /// This entry is filed under another number, time or tenant than it was written with.
    Misfiled(u64),
    /// This entry is not the one that a signed checkpoint is about: from somewhere before, the chain
    /// was written anew.
    Rewritten(u64),
    /// A checkpoint is not what it claims to be.
    Checkpoint(NotGenuine),
    /// A genuine checkpoint of another tenant lies among these.
    ForeignCheckpoint(TenantId),
}

/// Why a chain is not known to hold.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// It does not hold.
    #[error("{0}")]
    Broken(Broken),
    /// It cannot be read.
    #[error(transparent)]
    Store(#[from] RecordError),
}

/// Checks the chain of `tenant`, which may grow meanwhile, and that it comes by each of the
/// `witnesses`: what checkpoints and receipts that others keep say of it.
///
/// # Errors
///
/// [`AuditError::Broken`] names the first entry that is not as it was written.
pub async fn verify(
    store: &dyn RecordStore,
    tenant: &TenantId,
    trust: &Trust,
    witnesses: &[Head],
) -> Result<Verified, AuditError> {
    loop {
        let documents = store.checkpoints(tenant).await?;
        let mut begin = Walk::new(tenant.clone(), &documents, trust).map_err(AuditError::Broken)?;
        for witness in witnesses {
            begin.expect(*witness).map_err(AuditError::Broken)?;
        }
        let verdict = walk(store, tenant, begin).await;
        // Retention may have deleted entries under our feet; then the walk begins again.
        let same = store.checkpoints(tenant).await?.first() == documents.first();
        if same || verdict.is_ok() {
            return verdict;
        }
    }
}

async fn walk(
    store: &dyn RecordStore,
    tenant: &TenantId,
    mut walk: Walk,
) -> Result<Verified, AuditError> {
    // What is beneath an anchor should be gone, so it is looked for.
    let mut after = 0;
    let mut head = store.head(tenant).await?;
    loop {
        while let page = store.entries(tenant, after, PAGE).await?
            && let Some(last) = page.last()
            && after < head.seq
        {
            after = last.seq.min(head.seq);
            for entry in page.iter().take_while(|entry| entry.seq <= head.seq) {
                walk.take(entry).map_err(AuditError::Broken)?;
            }
        }
        let beyond = store.entries(tenant, head.seq, 1).await?;
        let now = store.head(tenant).await?;
        match beyond.first() {
            Some(entry) if now == head => {
                return Err(AuditError::Broken(Broken::Surplus(entry.seq)));
            }
            // It grew: on to where it is now.
            Some(_) => head = now,
            None => return walk.finish(head).map_err(AuditError::Broken),
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { from, to } if from == to => write!(f, "entry {from} is missing"),
            Self::Missing { from, to } => write!(f, "entries {from} to {to} are missing"),
            Self::Surplus(seq) => write!(f, "entry {seq} does not belong where it is"),
            Self::Altered(seq) => write!(f, "entry {seq} was changed after it was written"),
            Self::Unlinked(seq) => {
                write!(f, "entry {seq} does not follow the one before it; one of them was replaced")
            }
            Self::Misfiled(seq) => {
                write!(f, "entry {seq} is filed under another number, time or tenant than its own")
            }
            Self::Rewritten(seq) => write!(
                f,
                "entry {seq} is not the one that was sealed; it or entries before it were written anew"
            ),
            Self::Checkpoint(why) => write!(f, "a checkpoint does not hold: {why}"),
            Self::ForeignCheckpoint(tenant) => {
                write!(f, "a checkpoint of another tenant, {tenant}, was put here")
            }
        }
    }
}

#[cfg(test)]
mod tests;
