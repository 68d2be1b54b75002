//! The one door through which codes are made and entered (B-06).
//!
//! Whatever way a code comes in, it comes through [`Door::enter`]: the codes and the limits on
//! guessing them are private to this module, so a new transport cannot forget the limits
//! (CVE-2026-24696 was that). Wrong, expired, used and another tenant's codes take one path to one
//! answer, and somebody who has to wait is told so whether the code was right or not.

mod codes;
mod digits;
mod limits;
mod store;

use std::time::{Duration, Instant};

use rh_policy::TenantId;

use super::event::{Alarm, Caller};
use super::random::Random;
pub use codes::CODE_LIFE;
use codes::Codes;
pub(super) use codes::{CodeKey, Invitation};
use digits::Code;
use limits::{Limits, Source};
use store::{Memory, Store};

/// Why nobody comes in.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Denied {
    /// What was typed is not a code; it costs no attempt.
    Malformed,
    /// Too many attempts; the time to wait.
    Wait(Duration),
    /// No such code, or no longer; with what administrators must hear of it.
    Dead(Option<Alarm>),
}

/// The open codes and who may still guess.
#[derive(Debug)]
pub(super) struct Door {
    codes: Codes,
    limits: Limits,
}

impl Door {
    /// Without codes; `key` is what they are hashed with.
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self::with_store(key, Box::<Memory>::default())
    }

    fn with_store(key: [u8; 32], store: Box<dyn Store>) -> Self {
        Self { codes: Codes::new(key, store), limits: Limits::default() }
    }

    /// How many codes are open at `now`.
    pub(super) fn open(&mut self, now: Instant) -> usize {
        self.codes.expire(now);
        self.codes.len()
    }

    /// Makes a code that leads to `invitation`; returns its digits, and what it is kept under.
    pub(super) fn make(
        &mut self,
        tenant: &TenantId,
        invitation: Invitation,
        random: &mut dyn Random,
    ) -> (String, CodeKey) {
        let (code, key) = self.codes.mint(tenant, invitation, random);
        (code.to_string(), key)
    }

    /// Uses up the code that `caller` typed.
    pub(super) fn enter(
        &mut self,
        now: Instant,
        caller: &Caller,
        typed: &str,
    ) -> Result<Invitation, Denied> {
        let code: Code = typed.parse().map_err(|_| Denied::Malformed)?;
        // Before the limits, so that every guess costs the same.
        let key = self.codes.key_of(&caller.tenant, &code);
        let from = Source::new(caller);
        self.limits.check(now, &from).map_err(Denied::Wait)?;
        self.codes.redeem(now, &key).ok_or_else(|| Denied::Dead(self.limits.failed(now, &from)))
    }

    /// Makes a code as good as wrong.
    pub(super) fn cancel(&mut self, key: &CodeKey) {
        self.codes.cancel(key);
    }

    /// Forgets what time has settled.
    pub(super) fn tidy(&mut self, now: Instant) {
        self.codes.expire(now);
        self.limits.forget(now);
    }
}

#[cfg(test)]
mod tests;
