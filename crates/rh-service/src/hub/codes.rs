//! The codes that are open, hardened (B-06).
//!
//! Uniform over all 10^8, single use, ten minutes, and only a keyed hash at rest: whoever reads the
//! memory of this map does not learn a code, and the time a look-up takes says nothing about one,
//! since without the key nobody knows which hash a guess has. A wrong, an expired and a used code
//! take the same path to the same answer. Guessing is limited by [`super::attempts`].

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::time::{Duration, Instant};

use hmac::{Hmac, Mac};
use rh_protocol::SessionId;
use sha2::Sha256;

use super::ConnId;
use super::digits::Code;
use super::random::{Random, bytes};

/// How long a code may be entered.
pub const CODE_LIFE: Duration = Duration::from_secs(600);

/// How many codes there are.
const CODES: u32 = 100_000_000;

/// HMAC-SHA-256 of a code's digits.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct CodeKey([u8; 32]);

/// What an open code leads to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Invitation {
    pub(super) helper: ConnId,
    pub(super) session: SessionId,
    pub(super) until: Instant,
}

/// Every open code.
pub(super) struct Codes {
    key: [u8; 32],
    open: BTreeMap<CodeKey, Invitation>,
}

impl Codes {
    /// No codes, under a fresh key.
    pub(super) fn new(random: &mut dyn Random) -> Self {
        Self { key: bytes(random), open: BTreeMap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    /// Makes a code that is not open yet.
    pub(super) fn mint(
        &mut self,
        invitation: Invitation,
        random: &mut dyn Random,
    ) -> (Code, CodeKey) {
        loop {
            let code = Code::from_number(uniform(random));
            let key = self.key_of(&code);
            if let Entry::Vacant(free) = self.open.entry(key) {
                free.insert(invitation);
                return (code, key);
            }
        }
    }

    /// Uses a code up; `None` for one that is wrong, expired or used.
    pub(super) fn redeem(&mut self, now: Instant, code: &Code) -> Option<Invitation> {
        let key = self.key_of(code);
        self.open.remove(&key).filter(|invitation| now < invitation.until)
    }

    pub(super) fn cancel(&mut self, key: &CodeKey) {
        self.open.remove(key);
    }

    pub(super) fn expire(&mut self, now: Instant) {
        self.open.retain(|_, invitation| now < invitation.until);
    }

    fn key_of(&self, code: &Code) -> CodeKey {
        let mac =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        CodeKey(mac.chain_update(code.digits()).finalize().into_bytes().into())
    }
}

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codes").field("open", &self.open.len()).finish_non_exhaustive()
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
