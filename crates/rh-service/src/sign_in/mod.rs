//! Who is signed in: tokens and whose they are.
//!
//! A token is 256 random bits, handed out once as 64 hexadecimal digits. Only its SHA-256 is kept,
//! so the memory of this map opens nothing. A step-up changes the token and keeps the sign-in, so
//! that sockets stay open and a token from before opens nothing any more. Time is an argument.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rh_identity::{Ended, ProviderSession};
use rh_policy::{AuthContext, GroupId, TenantId};
use sha2::{Digest, Sha256};

use crate::PersonId;
use crate::hub::Random;
use crate::people::Person;

/// Sign-ins at one time.
const MOST: usize = 10_000;

/// Authentication contexts of one sign-in: Microsoft Graph has 99.
const CONTEXTS: usize = 99;

/// How long sign-ins last.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Life {
    /// However much they are used.
    pub(crate) absolute: Duration,
    /// Without being used.
    pub(crate) idle: Duration,
}

impl Life {
    /// That of the development sign-in.
    pub(crate) const DEVELOPMENT: Self = {
        let half_a_day = Duration::from_secs(12 * 3600);
        Self { absolute: half_a_day, idle: half_a_day }
    };
}

/// Names a sign-in without opening it; never reused.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct SignInId(u64);

/// Who signs in.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) id: PersonId,
    pub(crate) person: Arc<Person>,
    /// The authentication contexts that the identity provider vouched for.
    pub(crate) contexts: BTreeSet<AuthContext>,
    /// The groups that the directory says the person is in.
    pub(crate) groups: BTreeSet<GroupId>,
    /// Where the sign-in came from; none with the development sign-in.
    pub(crate) from: Option<ProviderSession>,
}

impl Who {
    /// Somebody whom the development sign-in believes.
    pub(crate) fn without_proof(id: PersonId, person: Arc<Person>) -> Self {
        Self { id, person, contexts: BTreeSet::new(), groups: BTreeSet::new(), from: None }
    }
}

/// Everyone who is signed in, by the SHA-256 of their tokens.
#[derive(Debug)]
pub(crate) struct SignIns {
    life: Life,
    next: u64,
    by_token: HashMap<[u8; 32], SignIn>,
}

#[derive(Debug)]
struct SignIn {
    id: SignInId,
    who: Who,
    until: Instant,
    used: Instant,
}

impl SignIn {
    fn holds(&self, now: Instant, life: Life) -> bool {
        now < self.until && now < self.used + life.idle
    }
}

impl SignIns {
    pub(crate) fn new(life: Life) -> Self {
        Self { life, next: 0, by_token: HashMap::new() }
    }

    /// For how long a cookie is worth keeping.
    pub(crate) fn life(&self) -> Duration {
        self.life.absolute
    }

    /// Signs a person in and returns the token; `None` if the service has no room.
    pub(crate) fn add(
        &mut self,
        now: Instant,
        who: Who,
        random: &mut dyn Random,
    ) -> Option<String> {
        let life = self.life;
        if self.by_token.len() >= MOST {
            self.by_token.retain(|_, sign_in| sign_in.holds(now, life));
        }
        if self.by_token.len() >= MOST {
            return None;
        }
        let id = SignInId(self.next);
        self.next += 1;
        let (token, key) = token(random);
        self.by_token.insert(key, SignIn { id, who, until: now + life.absolute, used: now });
        Some(token)
    }

    /// Whose token this is; asking is using.
    pub(crate) fn find(&mut self, now: Instant, token: &str) -> Option<(SignInId, Who)> {
        let life = self.life;
        let sign_in = self.by_token.get_mut(&digest(token))?;
        if !sign_in.holds(now, life) {
            return None;
        }
        sign_in.used = now;
        Some((sign_in.id, sign_in.who.clone()))
    }

    /// How many hold at `now`.
    pub(crate) fn count(&self, now: Instant) -> usize {
        self.by_token.values().filter(|sign_in| sign_in.holds(now, self.life)).count()
    }

    /// Somebody of `tenant` who is signed in.
    pub(crate) fn person(&self, tenant: &TenantId, id: &PersonId) -> Option<Arc<Person>> {
        let mut all = self.by_token.values().map(|sign_in| &sign_in.who);
        let found = all.find(|who| who.id == *id && who.person.tenant == *tenant)?;
        Some(Arc::clone(&found.person))
    }

    /// Adds what a stronger sign-in proved; returns the new token in place of the old, and all that is
    /// proven; `None` if the sign-in is over.
    pub(crate) fn step_up(
        &mut self,
        now: Instant,
        id: SignInId,
        contexts: BTreeSet<AuthContext>,
        random: &mut dyn Random,
    ) -> Option<(String, BTreeSet<AuthContext>)> {
        let life = self.life;
        let holds = |sign_in: &SignIn| sign_in.id == id && sign_in.holds(now, life);
        let old = *self.by_token.iter().find(|(_, sign_in)| holds(sign_in))?.0;
        let mut sign_in = self.by_token.remove(&old)?;
        sign_in.who.contexts.extend(contexts);
        sign_in.used = now;
        let all = sign_in.who.contexts.clone();
        let (token, key) = token(random);
        self.by_token.insert(key, sign_in);
        Some((token, all))
    }

    /// Whose sockets are open is not idle.
    pub(crate) fn keep(&mut self, now: Instant, connected: &HashSet<SignInId>) {
        for sign_in in self.by_token.values_mut().filter(|it| connected.contains(&it.id)) {
            sign_in.used = now;
        }
    }

    /// Adds an authentication context to a development sign-in, which nobody has to prove; returns
    /// all of them, or `None` if there are too many or the sign-in is over.
    pub(crate) fn prove(
        &mut self,
        id: SignInId,
        context: AuthContext,
    ) -> Option<BTreeSet<AuthContext>> {
        let sign_in = self.by_token.values_mut().find(|it| it.id == id)?;
        let contexts = &mut sign_in.who.contexts;
        if contexts.len() >= CONTEXTS && !contexts.contains(&context) {
            return None;
        }
        contexts.insert(context);
        Some(contexts.clone())
    }

    /// The groups that the directory said somebody is in, at any sign-in that holds.
    pub(crate) fn groups(&self, tenant: &TenantId, id: &rh_policy::PersonId) -> BTreeSet<GroupId> {
        let all = self.by_token.values().map(|sign_in| &sign_in.who);
        let theirs = all.filter(|who| {
            rh_policy::PersonId::from(&who.id) == *id && who.person.tenant == *tenant
        });
        theirs.flat_map(|who| who.groups.iter().cloned()).collect()
    }

    /// Signs out.
    pub(crate) fn remove(&mut self, id: SignInId) {
        self.by_token.retain(|_, sign_in| sign_in.id != id);
    }

    /// Forgets the sign-ins whose time is over, and tells which and whose they were.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<(SignInId, Who)> {
        let life = self.life;
        self.take(|sign_in| !sign_in.holds(now, life))
    }

    /// Forgets the sign-ins at `tenant` whose session at the provider is over.
    pub(crate) fn end(&mut self, tenant: &TenantId, ended: &Ended) -> Vec<(SignInId, Who)> {
        self.take(|SignIn { who, .. }| {
            let concerned = who.from.as_ref().is_some_and(|from| ended.concerns(from));
            concerned && who.person.tenant == *tenant
        })
    }

    fn take(&mut self, gone: impl Fn(&SignIn) -> bool) -> Vec<(SignInId, Who)> {
        let gone = self.by_token.extract_if(|_, sign_in| gone(sign_in));
        gone.map(|(_, it)| (it.id, it.who)).collect()
    }
}

fn token(random: &mut dyn Random) -> (String, [u8; 32]) {
    let mut bits = [0_u8; 32];
    random.fill(&mut bits);
    let token: String = bits.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = digest(&token);
    (token, key)
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests;
