//! How far a chain had come, signed.

use rh_policy::TenantId;
use serde::{Deserialize, Serialize};

use crate::{Hash, Head, Statement, Timestamp};

/// How far a tenant's chain had come at some time.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Whose chain.
    pub tenant: TenantId,
    /// The number of the last entry then.
    pub seq: u64,
    /// The hash of that entry.
    pub hash: Hash,
    /// When it was signed.
    pub at: Timestamp,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a checkpoint is for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The chain holds this entry.
    Seal,
    /// Everything up to this entry was old enough to be deleted; only such a checkpoint stands in
    /// for entries that are not there.
    Anchor,
}

impl Checkpoint {
    /// Where the chain was.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

impl Statement for Checkpoint {
    const TYPE: &'static str = "rh.checkpoint.v1";
}
