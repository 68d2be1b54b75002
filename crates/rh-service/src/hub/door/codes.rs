//! The codes that are open, hardened (B-06).
//!
//! Uniform over all 10^8, single use, ten minutes, of one tenant, and only a keyed hash at rest:
//! whoever reads what is kept does not learn a code, and the time a look-up takes says nothing
//! about one, since without the key nobody knows which hash a guess has. A wrong, an expired, a
//! used and another tenant's code take the same path to the same answer.

use std::fmt;
use std::time::{Duration, Instant};

use hmac::{Hmac, Mac};
use rh_policy::TenantId;
use rh_protocol::SessionId;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::digits::Code;
use super::store::Store;
use crate::hub::ConnId;
use crate::hub::random::{Random, bytes};

/// How long a code may be entered.
pub const CODE_LIFE: Duration = Duration::from_secs(600);

/// How many codes there are.
const CODES: u32 = 100_000_000;

/// What a code is kept under: HMAC-SHA-256 of a tenant and a code of it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct CodeKey([u8; 32]);

impl CodeKey {
    /// The hash.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What an open code leads to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::hub) struct Invitation {
    pub(in crate::hub) helper: ConnId,
    pub(in crate::hub) session: SessionId,
    pub(in crate::hub) until: Instant,
}

/// Every open code.
#[derive(Debug)]
pub(super) struct Codes {
    key: Secret,
    store: Box<dyn Store>,
    /// How many hashes were made: nearly all of the time that a guess takes.
    #[cfg(test)]
    pub(super) hashes: std::cell::Cell<usize>,
}

/// What codes are hashed with; `Debug` does not show it.
struct Secret([u8; 32]);

impl Codes {
    /// The codes in `store`, hashed with `key`.
    pub(super) fn new(key: [u8; 32], store: Box<dyn Store>) -> Self {
        Self {
            key: Secret(key),
            store,
            #[cfg(test)]
            hashes: Default::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.store.len()
    }

    /// Makes a code that is not open yet.
    pub(super) fn mint(
        &mut self,
        tenant: &TenantId,
        invitation: Invitation,
        random: &mut dyn Random,
    ) -> (Code, CodeKey) {
        loop {
            let code = Code::from_number(uniform(random));
            let key = self.key_of(tenant, &code);
            if self.store.reserve(key, invitation) {
                return (code, key);
            }
        }
    }

    /// Uses a code up; `None` for one that is wrong, expired or used.
    pub(super) fn redeem(&mut self, now: Instant, key: &CodeKey) -> Option<Invitation> {
        self.store.take(key).filter(|invitation| now < invitation.until)
    }

    /// Opens a code again that was taken out a moment ago.
    pub(super) fn give_back(&mut self, key: CodeKey, invitation: Invitation) {
        self.store.reserve(key, invitation);
    }

    pub(super) fn cancel(&mut self, key: &CodeKey) {
        self.store.take(key);
    }

    pub(super) fn expire(&mut self, now: Instant) {
        self.store.expire(now);
    }

    /// What a tenant's code is kept under. The digits come last and are always eight, so no two
    /// pairs of tenant and code run together into the same bytes.
    pub(super) fn key_of(&self, tenant: &TenantId, code: &Code) -> CodeKey {
        #[cfg(test)]
        self.hashes.set(self.hashes.get() + 1);
        let mac =
            Hmac::<Sha256>::new_from_slice(&self.key.0).expect("HMAC takes a key of any length");
        let mac = mac.chain_update(tenant.as_str()).chain_update(code.digits());
        CodeKey(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A number below [`CODES`], each equally likely: values above the last full run of them are
/// thrown away, since a plain remainder would favour small numbers.
fn uniform(random: &mut dyn Random) -> u32 {
    const FULL: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let value = u32::from_le_bytes(bytes(random));
        if value < FULL {
            return value % CODES;
        }
    }
}

#[cfg(test)]
mod tests;
