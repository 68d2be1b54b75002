//! Helpers who may not help anybody for now (B-05).

use rh_policy::{PersonId, TenantId};
use rh_protocol::SessionId;

use crate::Timestamp;

/// That a helper is suspended. Outlives the entry in the chain that says so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Suspension {
    /// The organisation.
    pub tenant: TenantId,
    /// The helper.
    pub person: PersonId,
    /// Since when.
    pub at: Timestamp,
    /// The session in which the helper was reported, if that is why.
    pub session: Option<SessionId>,
}
