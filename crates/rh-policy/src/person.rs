//! What is known of a signed-in person.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{AuthContext, GroupId, PersonId, TenantId};

/// A person with a sign-in that is good now.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Person {
    /// Where the person signed in.
    pub tenant: TenantId,
    /// Who it is.
    pub id: PersonId,
    /// The groups that the directory says the person is in.
    pub groups: BTreeSet<GroupId>,
    /// The authentication contexts of this sign-in: the `acrs` of its ID token.
    pub contexts: BTreeSet<AuthContext>,
}

impl Person {
    /// A person in no group, with an ordinary sign-in.
    pub fn new(tenant: TenantId, id: PersonId) -> Self {
        Self { tenant, id, groups: BTreeSet::new(), contexts: BTreeSet::new() }
    }
}
