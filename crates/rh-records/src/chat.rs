//! Chat threads: kept apart from the chain, and for a time of their own (S-16).

use rh_policy::{PersonId, TenantId};
use rh_protocol::SessionId;

use crate::Timestamp;

/// A message to keep.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewMessage {
    /// Whose.
    pub tenant: TenantId,
    /// The thread: one for each session.
    pub session: SessionId,
    /// When it was said.
    pub at: Timestamp,
    /// Who said it.
    pub author: PersonId,
    /// What was said.
    pub text: String,
}

/// A message of a thread.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// Its place in the thread, counted from 1; none is given twice while any message is kept.
    pub place: u64,
    /// When it was said.
    pub at: Timestamp,
    /// Who said it.
    pub author: PersonId,
    /// What was said.
    pub text: String,
}
