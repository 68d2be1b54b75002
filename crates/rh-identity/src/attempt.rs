//! Sign-ins that are under way.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

use rh_policy::TenantId;
use sha2::{Digest as _, Sha256};

use crate::{IdentityError, Secret, random_token};

/// How long a person may take to sign in.
pub(crate) const ATTEMPT_LIFE: Duration = Duration::from_secs(10 * 60);

/// Attempts at one time.
pub const MOST_ATTEMPTS: usize = 10_000;

/// Attempts at one time from one address; a /64 counts as one.
const MOST_OF_ONE: usize = 64;

/// What the service must remember of a sign-in until the answer comes.
#[derive(Debug)]
pub struct Attempt<T> {
    /// At which organisation.
    pub tenant: TenantId,
    /// What for.
    pub purpose: T,
    pub(crate) state: String,
    pub(crate) nonce: Secret,
    pub(crate) verifier: Secret,
}

impl<T> Attempt<T> {
    /// A new attempt with a `state`, a nonce and a PKCE verifier of its own.
    pub fn new(tenant: TenantId, purpose: T) -> Self {
        let secret = || Secret::new(random_token());
        Self { tenant, purpose, state: random_token(), nonce: secret(), verifier: secret() }
    }
}

/// Every attempt that waits for its answer; each is good once, for ten minutes, in the browser that
/// began it.
#[derive(Debug)]
pub struct Attempts<T>(HashMap<String, Waiting<T>>);

#[derive(Debug)]
struct Waiting<T> {
    attempt: Attempt<T>,
    /// SHA-256 of what the browser keeps.
    browser: [u8; 32],
    from: IpAddr,
    until: Instant,
}

impl<T> Default for Attempts<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Attempts<T> {
    /// Remembers `attempt`, begun from `from`; returns the secret for the browser's cookie.
    ///
    /// # Errors
    ///
    /// [`IdentityError::Busy`].
    pub fn add(
        &mut self,
        now: Instant,
        from: IpAddr,
        attempt: Attempt<T>,
    ) -> Result<String, IdentityError> {
        let from = network(from);
        self.0.retain(|_, waiting| now < waiting.until);
        let of_one = self.0.values().filter(|waiting| waiting.from == from).count();
        if self.0.len() >= MOST_ATTEMPTS || of_one >= MOST_OF_ONE {
            return Err(IdentityError::Busy);
        }
        let (state, browser) = (attempt.state.clone(), random_token());
        let until = now + ATTEMPT_LIFE;
        let waiting = Waiting { attempt, browser: digest(&browser), from, until };
        self.0.insert(state, waiting);
        Ok(browser)
    }

    /// The attempt that `state` names, once: whatever comes of it, the state is used up.
    ///
    /// # Errors
    ///
    /// [`IdentityError::Expired`] or [`IdentityError::OtherBrowser`].
    pub fn take(
        &mut self,
        now: Instant,
        state: &str,
        browser: Option<&str>,
    ) -> Result<Attempt<T>, IdentityError> {
        let waiting = self.0.remove(state).filter(|waiting| now < waiting.until);
        let waiting = waiting.ok_or(IdentityError::Expired)?;
        // Of digests no more than a match can be learned, however long the comparison takes.
        if browser.map(digest) != Some(waiting.browser) {
            return Err(IdentityError::OtherBrowser);
        }
        Ok(waiting.attempt)
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// An IPv4 address, or the /64 of an IPv6 address, which is one customer's.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[expect(clippy::disallowed_methods, reason = "a test needs some instant to begin at")]
    fn start() -> Instant {
        Instant::now()
    }

    fn attempt() -> Attempt<()> {
        Attempt::new("example".parse().unwrap(), ())
    }

    fn begin(attempts: &mut Attempts<()>, now: Instant) -> (String, String) {
        let attempt = attempt();
        let state = attempt.state.clone();
        (state, attempts.add(now, HERE, attempt).unwrap())
    }

    /// S-18: an answer opens once.
    #[test]
    fn a_replayed_state_is_refused() {
        let (mut attempts, now) = (Attempts::default(), start());
        let (state, browser) = begin(&mut attempts, now);
        assert!(attempts.take(now, &state, Some(&browser)).is_ok());
        let again = attempts.take(now, &state, Some(&browser));
        assert!(matches!(again, Err(IdentityError::Expired)));
    }

    /// Login CSRF: an answer that somebody else's browser asked for signs nobody in, nor can it be
    /// tried again.
    #[test]
    fn an_answer_in_another_browser_is_refused() {
        let (mut attempts, now) = (Attempts::default(), start());
        for wrong in [None, Some(""), Some("00")] {
            let (state, browser) = begin(&mut attempts, now);
            let refused = attempts.take(now, &state, wrong);
            assert!(matches!(refused, Err(IdentityError::OtherBrowser)), "{wrong:?}");
            assert!(attempts.take(now, &state, Some(&browser)).is_err());
        }
    }

    #[test]
    fn an_attempt_expires() {
        let (mut attempts, now) = (Attempts::default(), start());
        let (state, browser) = begin(&mut attempts, now);
        let late = attempts.take(now + ATTEMPT_LIFE, &state, Some(&browser));
        assert!(matches!(late, Err(IdentityError::Expired)));
    }

    #[test]
    fn one_address_cannot_keep_others_from_signing_in() {
        let (mut attempts, now) = (Attempts::default(), start());
        let flood = |at: usize| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, at as u16));
        for at in 0..MOST_OF_ONE {
            assert!(attempts.add(now, flood(at), attempt()).is_ok());
        }
        let refused = attempts.add(now, flood(999), attempt());
        assert!(matches!(refused, Err(IdentityError::Busy)));
        assert!(attempts.add(now, HERE, attempt()).is_ok());
        assert!(attempts.add(now + ATTEMPT_LIFE, flood(999), attempt()).is_ok());
    }

    #[test]
    fn nothing_secret_is_shown() {
        let attempt = attempt();
        let shown = format!("{attempt:?}");
        assert!(!shown.contains(attempt.verifier.expose()), "{shown}");
    }
}
