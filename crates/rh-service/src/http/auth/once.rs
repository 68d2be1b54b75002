//! What may be fetched once, by whoever has its secret.

use std::collections::HashMap;
use std::time::Instant;

use rh_identity::random_token;
use sha2::{Digest as _, Sha256};

/// Things that wait at one time.
const MOST: usize = 1000;

/// Things by the SHA-256 of their secrets, each until its time is over.
#[derive(Debug)]
pub(super) struct Once<T>(HashMap<[u8; 32], (Instant, T)>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Once<T> {
    /// Puts `thing` away and returns its secret; `None` if there is no room.
    pub(super) fn put(&mut self, now: Instant, until: Instant, thing: T) -> Option<String> {
        self.0.retain(|_, (until, _)| now < *until);
        if self.0.len() >= MOST {
            return None;
        }
        let secret = random_token();
        self.0.insert(digest(&secret), (until, thing));
        Some(secret)
    }

    /// What the secret is for; it is gone then.
    pub(super) fn take(&mut self, now: Instant, secret: &str) -> Option<T> {
        let (until, thing) = self.0.remove(&digest(secret))?;
        (now < until).then_some(thing)
    }

    /// What the secret is for.
    pub(super) fn get(&mut self, now: Instant, secret: &str) -> Option<&mut T> {
        let (until, thing) = self.0.get_mut(&digest(secret))?;
        (now < *until).then_some(thing)
    }
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock;

    #[test]
    fn a_secret_opens_once_and_in_time() {
        let (mut once, now) = (Once::default(), clock::now());
        let until = now + Duration::from_secs(60);
        let secret = once.put(now, until, 7).unwrap();
        assert_eq!(once.get(now, &secret), Some(&mut 7));
        assert_eq!(once.take(now, "another"), None);
        assert_eq!(once.take(now, &secret), Some(7));
        assert_eq!(once.take(now, &secret), None);
        let late = once.put(now, until, 8).unwrap();
        assert_eq!(once.take(until, &late), None);
    }
}
