//! The chain of one tenant.
//!
//! `hash = SHA-256(prev || body)`, where `body` is the canonical JSON of the event with its tenant,
//! number and time, and `prev` the hash of the entry before: 32 bytes, so nothing can move between
//! the two. The first entry has number 1 and a `prev` of zeroes.

use rh_policy::TenantId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

pub use rh_signed::{Hash, NotAHash};

use crate::{Event, Fact, Timestamp, jcs};

/// One recorded event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its number in the tenant's chain, from 1.
    pub seq: u64,
    /// When it happened; also in the body, and here for whoever searches by time.
    pub at: Timestamp,
    /// The hash of the entry before.
    pub prev: Hash,
    /// The hash of this entry.
    pub hash: Hash,
    /// Canonical JSON of a [`Body`].
    pub body: String,
}

/// What an entry says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Body<E = Event> {
    /// Whose chain.
    pub tenant: TenantId,
    /// Which entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: E,
}

/// How far a chain has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Head {
    /// The number of the last entry, or 0.
    pub seq: u64,
    /// The hash of the last entry.
    pub hash: Hash,
}

impl Head {
    /// Before the first entry.
    pub const START: Self = Self { seq: 0, hash: Hash([0; 32]) };

    /// Adds `fact` to the chain; returns its entry, which the head then is at.
    pub fn extend(&mut self, fact: &Fact) -> Entry {
        let (seq, prev) = (self.seq + 1, self.hash);
        let Fact { tenant, at, event } = fact;
        let body = Body { tenant: tenant.clone(), seq, at: *at, event };
        let value = serde_json::to_value(body).expect("an event is JSON");
        let body = jcs::canonical(&value).expect("what is counted is below 2^53");
        let hash = link(prev, &body);
        *self = Self { seq, hash };
        Entry { seq, at: *at, prev, hash, body }
    }
}

impl Entry {
    /// What it says, of whichever event.
    ///
    /// # Errors
    ///
    /// If the body is no JSON of this shape, as after tampering.
    pub fn body(&self) -> Result<Body<Value>, serde_json::Error> {
        serde_json::from_str(&self.body)
    }

    /// Where the chain is after it.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

/// The hash of an entry.
pub fn link(prev: Hash, body: &str) -> Hash {
    Hash(Sha256::new().chain_update(prev.0).chain_update(body).finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form is fixed: another program with `sha256sum` comes to the same hashes.
    #[test]
    fn an_entry_is_hashed_as_documented() {
        let tenant = "contoso".parse().unwrap();
        let at = "2026-03-01T09:30:00.000Z".parse().unwrap();
        let event = Event::Lost { events: 7 };
        let mut head = Head::START;
        let entry = head.extend(&Fact { tenant, at, event });
        let body = r#"{"at":"2026-03-01T09:30:00.000Z","event":{"events":7,"type":"lost"},"seq":1,"tenant":"contoso"}"#;
        assert_eq!(entry.body, body);
        let mut hashed = vec![0; 32];
        hashed.extend(body.as_bytes());
        assert_eq!(entry.hash.0[..], Sha256::digest(hashed)[..]);
        assert_eq!(head, entry.head());
        assert_eq!(entry.body().unwrap().event["events"], 7);
    }
}
