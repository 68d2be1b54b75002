//! The rules of tenants, as administrators changed them.

use rh_policy::TenantId;

/// One tenant's rules.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rules {
    /// Whose.
    pub tenant: TenantId,
    /// How often they were changed, from 1.
    pub version: u64,
    /// What they say, in the form of whoever wrote them; none if they were given back.
    pub document: Option<String>,
}
