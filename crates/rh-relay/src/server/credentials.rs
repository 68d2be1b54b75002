//! Credentials that live for a while, as coturn's `use-auth-secret` knows them.
//!
//! The user name is `EXPIRY:SESSION` with the expiry in seconds since 1970, the password the HMAC-SHA1
//! of that name under a secret that service and relay share, in base64
//! (draft-uberti-behave-turn-rest-00, section 2.2). So no relay asks anybody whom it may serve.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use zeroize::Zeroizing;

/// How long credentials may be used to begin with; what has begun goes on.
pub const LIFE: Duration = Duration::from_secs(10 * 60);

/// What service and relay share.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A user name and its password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Credentials {
    /// `EXPIRY:SESSION`.
    pub username: String,
    /// Its HMAC.
    pub password: String,
    /// How long they may be used from now on.
    pub life: Duration,
}

/// Whom a user name means.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct User {
    pub(super) until: SystemTime,
    pub(super) session: String,
}

impl Secret {
    /// This secret.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    /// One that nobody else knows.
    ///
    /// # Errors
    ///
    /// If the system has no randomness.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut secret = Zeroizing::new(vec![0; 32]);
        getrandom::fill(&mut secret)?;
        Ok(Self(secret))
    }

    /// Credentials for one session.
    pub fn mint(&self, session: &str, now: SystemTime) -> Credentials {
        let until = now + LIFE;
        let seconds = until.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let username = format!("{seconds}:{session}");
        Credentials { password: self.password(&username), username, life: LIFE }
    }

    pub(super) fn password(&self, username: &str) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("a key of any length");
        mac.update(username.as_bytes());
        BASE64_STANDARD.encode(mac.finalize().into_bytes())
    }
}

impl User {
    /// Characters of the longest user name.
    const CHARS: usize = 128;

    pub(super) fn parse(username: &str) -> Option<Self> {
        let (until, session) = username.split_once(':')?;
        if username.len() > Self::CHARS || session.is_empty() {
            return None;
        }
        let until = UNIX_EPOCH.checked_add(Duration::from_secs(until.parse().ok()?))?;
        Some(Self { until, session: session.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with `printf 1000000600:session | openssl dgst -sha1 -hmac secret -binary | base64`.
    #[test]
    fn credentials_are_those_that_coturn_makes() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let made = Secret::new("secret").mint("session", now);
        assert_eq!(made.username, "1000000600:session");
        assert_eq!(made.password, "ouXN+lC3M1PID/V0hVZT37au32k=");
        let user = User::parse(&made.username).unwrap();
        assert_eq!((user.until, user.session.as_str()), (now + LIFE, "session"));
    }

    #[test]
    fn a_name_without_expiry_and_session_is_nobody() {
        let long = format!("1:{}", "a".repeat(User::CHARS));
        for name in ["", ":", "1", "1:", ":a", "a:b", "-1:a", "99999999999999999999:a", &long] {
            assert_eq!(User::parse(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert!(!format!("{:?}", Secret::new("hunter2")).contains("hunter"));
    }
}
