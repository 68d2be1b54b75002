//! The one door through which codes are made and entered (B-06).
//!
//! Whatever way a code comes in, it comes through [`Door::enter`]: the codes and the limits on
//! guessing them are private to this module, so a new transport cannot forget the limits
//! (CVE-2026-24696 was that). Wrong, expired, used and another tenant's codes take one path to one
//! answer, and somebody who has to wait is told so whether the code was right or not. A right code in
//! the hands of somebody whom the rules do not let in counts as a wrong one, and stays open for
//! whoever it is meant for.

mod codes;
mod digits;
mod limits;
mod store;

use std::time::{Duration, Instant};

use rh_policy::TenantId;

use super::event::{Alarm, Caller};
use super::random::Random;
pub use codes::CODE_LIFE;
pub use codes::CodeKey;
use codes::Codes;
pub(super) use codes::Invitation;
pub(super) use digits::Code;
pub(crate) use limits::Limits;
pub use limits::Source;
use store::{Memory, Store};

/// What the rules say of somebody who has a right code: it alone never suffices.
pub(super) enum Verdict<T> {
    /// May follow the invitation.
    Enter(T),
    /// May once something is done; it costs no attempt.
    Later(T),
    /// May not.
    Never(T),
}

/// Why nobody comes in.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Denied<T> {
    /// What was typed is not a code; it costs no attempt.
    Malformed,
    /// Too many attempts; the time to wait.
    Wait(Duration),
    /// No such code, or no longer; with what administrators must hear of it.
    Dead(Option<Alarm>),
    /// [`Verdict::Later`].
    Later(T),
    /// [`Verdict::Never`]; with what administrators must hear of it.
    Barred(T, Option<Alarm>),
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
    ) -> (Code, CodeKey) {
        self.codes.mint(tenant, invitation, random)
    }

    /// What the code that `caller` typed is kept under, wherever it is kept; nothing if it is none.
    pub(super) fn key_of(&self, caller: &Caller, typed: &str) -> Option<CodeKey> {
        let code: Code = typed.parse().ok()?;
        Some(self.codes.key_of(&caller.person.tenant, &code))
    }

    /// Uses up the code that `caller` typed, if `judge` lets them follow the invitation. Whoever it
    /// does not let has guessed wrong as far as the limits go, and the code stays open.
    pub(super) fn enter<T>(
        &mut self,
        now: Instant,
        caller: &Caller,
        typed: &str,
        judge: impl FnOnce(&Invitation) -> Verdict<T>,
    ) -> Result<(Invitation, T), Denied<T>> {
        let code: Code = typed.parse().map_err(|_| Denied::Malformed)?;
        // Before the limits, so that every guess costs the same.
        let key = self.codes.key_of(&caller.person.tenant, &code);
        let from = Source::new(caller);
        self.limits.check(now, &from).map_err(Denied::Wait)?;
        match self.follow(now, &key, judge) {
            Err(Denied::Dead(_)) => Err(Denied::Dead(self.limits.failed(now, &from))),
            Err(Denied::Barred(found, _)) => {
                Err(Denied::Barred(found, self.limits.failed(now, &from)))
            }
            done => done,
        }
    }

    /// Uses up the code that is kept under `key`, if `judge` lets somebody follow the invitation who
    /// was counted elsewhere.
    pub(super) fn follow<T>(
        &mut self,
        now: Instant,
        key: &CodeKey,
        judge: impl FnOnce(&Invitation) -> Verdict<T>,
    ) -> Result<(Invitation, T), Denied<T>> {
        let invitation = self.codes.redeem(now, key).ok_or(Denied::Dead(None))?;
        let denied = match judge(&invitation) {
            Verdict::Enter(found) => return Ok((invitation, found)),
            Verdict::Later(found) => Denied::Later(found),
            Verdict::Never(found) => Denied::Barred(found, None),
        };
        self.codes.give_back(*key, invitation);
        Err(denied)
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
