//! Where open codes are kept.
//!
//! A seam for a store that several services share. What crosses it is hashes and what they lead
//! to, never a code.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::time::Instant;

use super::codes::{CodeKey, Invitation};

/// Keeps open codes; every operation is atomic.
pub(super) trait Store: fmt::Debug + Send {
    /// Keeps `invitation` under `key` if nothing is there; says whether it does.
    fn reserve(&mut self, key: CodeKey, invitation: Invitation) -> bool;

    /// Takes out what is under `key`: of any number who ask, one gets it.
    fn take(&mut self, key: &CodeKey) -> Option<Invitation>;

    /// Drops what is not open any more at `now`.
    fn expire(&mut self, now: Instant);

    /// How many are kept.
    fn len(&self) -> usize;
}

/// Keeps codes in this process.
#[derive(Default)]
pub(super) struct Memory(BTreeMap<CodeKey, Invitation>);

impl Store for Memory {
    fn reserve(&mut self, key: CodeKey, invitation: Invitation) -> bool {
        match self.0.entry(key) {
            Entry::Vacant(free) => {
                free.insert(invitation);
                true
            }
            Entry::Occupied(_) => false,
        }
    }

    fn take(&mut self, key: &CodeKey) -> Option<Invitation> {
        self.0.remove(key)
    }

    fn expire(&mut self, now: Instant) {
        self.0.retain(|_, invitation| now < invitation.until);
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("open", &self.0.len()).finish_non_exhaustive()
    }
}
