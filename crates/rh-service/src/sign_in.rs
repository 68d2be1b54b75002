//! Who is signed in: tokens and whose they are.
//!
//! A token is 256 random bits, handed out once as 64 hexadecimal digits. Only its SHA-256 is kept,
//! so the memory of this map opens nothing. Time is an argument.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use rh_policy::AuthContext;
use sha2::{Digest, Sha256};

use crate::PersonId;
use crate::hub::Random;

/// How long a sign-in lasts.
pub(crate) const SIGN_IN_LIFE: Duration = Duration::from_secs(12 * 3600);

/// Sign-ins at one time.
const MOST: usize = 10_000;

/// Authentication contexts of one sign-in: Microsoft Graph has 99.
const CONTEXTS: usize = 99;

/// SHA-256 of a token; names a sign-in without opening it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct SignInId([u8; 32]);

/// Everyone who is signed in.
#[derive(Debug, Default)]
pub(crate) struct SignIns(HashMap<SignInId, SignIn>);

#[derive(Debug)]
struct SignIn {
    person: PersonId,
    /// What the person proved beyond an ordinary sign-in.
    contexts: BTreeSet<AuthContext>,
    until: Instant,
}

impl SignInId {
    fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

impl SignIns {
    /// Signs a person in and returns the token; `None` if the service has no room.
    pub(crate) fn add(
        &mut self,
        now: Instant,
        person: PersonId,
        random: &mut dyn Random,
    ) -> Option<String> {
        self.0.retain(|_, sign_in| now < sign_in.until);
        if self.0.len() >= MOST {
            return None;
        }
        let mut bits = [0_u8; 32];
        random.fill(&mut bits);
        let token: String = bits.iter().map(|byte| format!("{byte:02x}")).collect();
        self.0.insert(
            SignInId::of(&token),
            SignIn { person, contexts: BTreeSet::new(), until: now + SIGN_IN_LIFE },
        );
        Some(token)
    }

    /// Whose token this is.
    pub(crate) fn find(&self, now: Instant, token: &str) -> Option<(SignInId, PersonId)> {
        let id = SignInId::of(token);
        let sign_in = self.0.get(&id).filter(|sign_in| now < sign_in.until)?;
        Some((id, sign_in.person.clone()))
    }

    /// The authentication contexts of a sign-in.
    pub(crate) fn contexts(&self, id: SignInId) -> BTreeSet<AuthContext> {
        self.0.get(&id).map(|sign_in| sign_in.contexts.clone()).unwrap_or_default()
    }

    /// Adds an authentication context; returns all of them, or `None` if there are too many or the
    /// sign-in is over.
    pub(crate) fn step_up(
        &mut self,
        id: SignInId,
        context: AuthContext,
    ) -> Option<BTreeSet<AuthContext>> {
        let contexts = &mut self.0.get_mut(&id)?.contexts;
        if contexts.len() >= CONTEXTS && !contexts.contains(&context) {
            return None;
        }
        contexts.insert(context);
        Some(contexts.clone())
    }

    /// Signs out.
    pub(crate) fn remove(&mut self, id: SignInId) {
        self.0.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::hub::OsRandom;

    fn person() -> PersonId {
        "ann".parse().unwrap()
    }

    #[test]
    fn a_token_opens_until_it_expires() {
        let (mut sign_ins, start) = (SignIns::default(), clock::now());
        let token = sign_ins.add(start, person(), &mut OsRandom).unwrap();
        assert_eq!(token.len(), 64);
        let last = start + SIGN_IN_LIFE - Duration::from_secs(1);
        assert_eq!(sign_ins.find(last, &token).unwrap().1, person());
        assert!(sign_ins.find(start + SIGN_IN_LIFE, &token).is_none());
    }

    #[test]
    fn a_token_does_not_open_after_sign_out() {
        let (mut sign_ins, start) = (SignIns::default(), clock::now());
        let token = sign_ins.add(start, person(), &mut OsRandom).unwrap();
        let other = sign_ins.add(start, person(), &mut OsRandom).unwrap();
        let (id, _) = sign_ins.find(start, &token).unwrap();
        sign_ins.remove(id);
        assert!(sign_ins.find(start, &token).is_none());
        assert!(sign_ins.find(start, &other).is_some());
    }

    #[test]
    fn a_token_is_not_at_rest() {
        let (mut sign_ins, start) = (SignIns::default(), clock::now());
        let token = sign_ins.add(start, person(), &mut OsRandom).unwrap();
        assert!(!format!("{sign_ins:?}").contains(&token));
    }

    #[test]
    fn sign_ins_are_bounded() {
        let (mut sign_ins, start) = (SignIns::default(), clock::now());
        for _ in 0..MOST {
            assert!(sign_ins.add(start, person(), &mut OsRandom).is_some());
        }
        assert!(sign_ins.add(start, person(), &mut OsRandom).is_none());
        assert!(sign_ins.add(start + SIGN_IN_LIFE, person(), &mut OsRandom).is_some());
    }
}
