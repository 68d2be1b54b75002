//! Who signed in.

use std::collections::BTreeSet;

use rh_policy::{AuthContext, GroupId, PersonId, TenantId};
use rh_protocol::IdentityCard;
use sha2::{Digest as _, Sha256};

use crate::Picture;
use crate::token::hex;

/// Bytes of the digest that names a person.
const ID_BYTES: usize = 20;

/// What makes a person the same one tomorrow: the issuer, the directory that it serves, and the
/// object there. Entra's `sub` differs between clients, so there the object id is `oid`; elsewhere it
/// is `sub` (OpenID Connect Core 5.7: no other claim is stable).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PersonKey {
    /// The issuer's address.
    pub issuer: String,
    /// The directory, such as Entra's `tid`, where the issuer has several.
    pub directory: String,
    /// The object id.
    pub object: String,
}

impl PersonKey {
    /// A short name of the person that fits into a path: `p` and a digest of the key in hexadecimal.
    pub fn id(&self) -> PersonId {
        let mut digest = Sha256::new();
        for part in [&self.issuer, &self.directory, &self.object] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let digest = hex(&digest.finalize()[..ID_BYTES]);
        format!("p{digest}").parse().expect("hexadecimal digits are an id")
    }
}

/// The session at the provider that a sign-in came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProviderSession {
    /// The subject.
    pub subject: String,
    /// The session id, where the provider names it.
    pub session: Option<String>,
}

/// A person who signed in just now.
#[derive(Clone, Debug)]
pub struct Identity {
    /// At which organisation.
    pub tenant: TenantId,
    /// Who it is.
    pub key: PersonKey,
    /// What others are shown; `picture` is the service's to fill in.
    pub card: IdentityCard,
    /// The picture.
    pub picture: Option<Picture>,
    /// The groups that the directory says the person is in.
    pub groups: BTreeSet<GroupId>,
    /// The authentication contexts of this sign-in.
    pub contexts: BTreeSet<AuthContext>,
    /// Where it came from.
    pub session: ProviderSession,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(issuer: &str, directory: &str, object: &str) -> PersonKey {
        let own = str::to_owned;
        PersonKey { issuer: own(issuer), directory: own(directory), object: own(object) }
    }

    /// S-20: the same object id elsewhere is somebody else.
    #[test]
    fn each_part_of_the_key_tells_people_apart() {
        let ids: BTreeSet<_> = [
            key("https://a.example", "t", "1"),
            key("https://b.example", "t", "1"),
            key("https://a.example", "u", "1"),
            key("https://a.example", "t", "2"),
            key("https://a.example", "", "t1"),
            key("https://a.example", "t1", ""),
        ]
        .iter()
        .map(PersonKey::id)
        .collect();
        assert_eq!(ids.len(), 6);
        assert_eq!(key("i", "t", "o").id(), key("i", "t", "o").id());
    }
}
