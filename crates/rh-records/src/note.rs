//! Notes of helpers: kept apart from the chain, as long as chats are (B-20).

use rh_policy::{PersonId, TenantId};
use rh_protocol::SessionId;

use crate::Timestamp;

/// What a helper noted of a session; one for each.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Note {
    /// Whose.
    pub tenant: TenantId,
    /// Of which session.
    pub session: SessionId,
    /// Who was helped in it.
    pub about: PersonId,
    /// Who noted it.
    pub author: PersonId,
    /// What the author is called.
    pub name: Option<String>,
    /// When it was noted, or last changed.
    pub at: Timestamp,
    /// What was noted.
    pub text: String,
}
