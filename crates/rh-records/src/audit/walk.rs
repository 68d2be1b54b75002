//! A chain, entry by entry.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rh_policy::TenantId;

use super::{Broken, Verified};
use crate::chain::link;
use crate::{Checkpoint, Entry, Hash, Head, KeyId, Purpose, Signed, Trust};

/// A walk along the chain of one tenant.
#[derive(Debug)]
pub struct Walk {
    tenant: TenantId,
    first: u64,
    at: Head,
    /// What was signed, by the numbers of the entries; those passed are gone.
    sealed: BTreeMap<u64, Hash>,
    last_sealed: u64,
    keys: BTreeSet<KeyId>,
}

impl Walk {
    /// Begins where the chain's highest anchor is, or at the start.
    ///
    /// # Errors
    ///
    /// [`Broken`], if one of the checkpoints' `documents` is not genuine or not this tenant's, or
    /// two are not of one chain.
    pub fn new(tenant: TenantId, documents: &[String], trust: &Trust) -> Result<Self, Broken> {
        let (mut at, mut keys) = (Head::START, BTreeSet::new());
        let mut sealed = BTreeMap::new();
        for document in documents {
            let (checkpoint, key) = open(document, &tenant, trust)?;
            keys.insert(key);
            let Head { seq, hash } = checkpoint.head();
            if *sealed.entry(seq).or_insert(hash) != hash {
                return Err(Broken::Rewritten(seq));
            }
            if checkpoint.purpose == Purpose::Anchor && seq > at.seq {
                at = checkpoint.head();
            }
        }
        let last_sealed = sealed.keys().next_back().copied().unwrap_or(0);
        let sealed = sealed.split_off(&(at.seq + 1));
        Ok(Self { tenant, first: at.seq + 1, at, sealed, last_sealed, keys })
    }

    /// Wants the chain to come by `witness`, which somebody else kept. One that retention deleted
    /// is not looked for.
    ///
    /// # Errors
    ///
    /// [`Broken::Rewritten`], if something else is signed for the same number.
    pub fn expect(&mut self, witness: Head) -> Result<(), Broken> {
        let Head { seq, hash } = witness;
        let known = match seq.cmp(&self.at.seq) {
            Ordering::Less => hash,
            Ordering::Equal => self.at.hash,
            Ordering::Greater => *self.sealed.entry(seq).or_insert(hash),
        };
        if known == hash { Ok(()) } else { Err(Broken::Rewritten(seq)) }
    }

    /// Takes in another checkpoint of the same chain, as a later export brings it. It stands in for no
    /// entries, and one that was passed is not looked for.
    ///
    /// # Errors
    ///
    /// [`Broken`], if it is not genuine, not this tenant's, or not of this chain.
    pub fn vouch(&mut self, document: &str, trust: &Trust) -> Result<(), Broken> {
        let (checkpoint, key) = open(document, &self.tenant, trust)?;
        let head = checkpoint.head();
        self.expect(head)?;
        if head.seq >= self.at.seq {
            self.last_sealed = self.last_sealed.max(head.seq);
            self.keys.insert(key);
        }
        Ok(())
    }

    /// Looks at the next entry.
    ///
    /// # Errors
    ///
    /// [`Broken`], about this entry or those that should be before it.
    pub fn take(&mut self, entry: &Entry) -> Result<(), Broken> {
        let (seq, wanted) = (entry.seq, self.at.seq + 1);
        if seq > wanted {
            return Err(Broken::Missing { from: wanted, to: seq - 1 });
        }
        if seq < wanted {
            return Err(Broken::Surplus(seq));
        }
        if entry.hash != link(entry.prev, &entry.body) {
            return Err(Broken::Altered(seq));
        }
        if entry.prev != self.at.hash {
            return Err(Broken::Unlinked(seq));
        }
        let body = entry.body().map_err(|_| Broken::Altered(seq))?;
        if (&body.tenant, body.seq, body.at) != (&self.tenant, seq, entry.at) {
            return Err(Broken::Misfiled(seq));
        }
        if self.sealed.remove(&seq).is_some_and(|sealed| sealed != entry.hash) {
            return Err(Broken::Rewritten(seq));
        }
        self.at = entry.head();
        Ok(())
    }

    /// Ends the walk; `head` is where the store says that the chain ends.
    ///
    /// # Errors
    ///
    /// [`Broken`], about the end.
    pub fn finish(self, head: Head) -> Result<Verified, Broken> {
        let signed = self.sealed.keys().next_back().copied().unwrap_or(0);
        let (last, written) = (self.at.seq, head.seq.max(signed));
        if last < written {
            return Err(Broken::Missing { from: last + 1, to: written });
        }
        if head != self.at {
            return Err(if head.seq < last {
                Broken::Surplus(last)
            } else {
                Broken::Rewritten(last)
            });
        }
        let Self { first, last_sealed: sealed, keys, .. } = self;
        Ok(Verified { first, last, sealed, keys })
    }
}

/// A checkpoint of the tenant's chain, and the key that it was signed with.
fn open(document: &str, tenant: &TenantId, trust: &Trust) -> Result<(Checkpoint, KeyId), Broken> {
    let opened = Signed::<Checkpoint>::open(document, trust).map_err(Broken::Checkpoint);
    let (checkpoint, key) = opened?;
    if checkpoint.tenant != *tenant {
        return Err(Broken::ForeignCheckpoint(checkpoint.tenant));
    }
    Ok((checkpoint, key))
}
