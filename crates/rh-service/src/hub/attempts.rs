//! Limits on guessing codes (B-06).
//!
//! Wrong codes count against the account, the address (an IPv6 one as its /64, RFC 4291 2.5.4) and
//! everyone together, whatever way they come in: the limits sit with the codes and not with a
//! transport. Each count leaks away with time. Past the free tries, every failure doubles the wait
//! up to a most; while anyone has to wait, a code is not even looked up. A right code does not
//! clear the count, or a guesser could clear his own with a code he made.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

use crate::PersonId;

/// Whose failures are counted together.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Group {
    Account(PersonId),
    Address(IpAddr),
    Everyone,
}

/// The three groups that one attempt belongs to.
#[derive(Debug)]
pub(super) struct Source([Group; 3]);

impl Source {
    pub(super) fn new(person: &PersonId, address: IpAddr) -> Self {
        Self([Group::Account(person.clone()), Group::Address(network(address)), Group::Everyone])
    }
}

/// How many failures a group may have, and what more of them cost.
struct Limit {
    /// Failures without a wait.
    free: u32,
    /// One failure is forgotten in this time.
    leak: Duration,
    /// The wait after the first failure too many; it doubles with each further one.
    wait: Duration,
    /// The longest wait.
    most: Duration,
}

impl Group {
    /// In the long run ten failures an hour for an account, thirty for an address (an office may
    /// share one), two hundred for everyone. The last one has no doubling: a crowd of guessers
    /// must not shut the door on everyone else for long.
    fn limit(&self) -> Limit {
        let seconds = Duration::from_secs;
        match self {
            Self::Account(_) => {
                Limit { free: 5, leak: seconds(360), wait: seconds(15), most: seconds(3600) }
            }
            Self::Address(_) => {
                Limit { free: 20, leak: seconds(120), wait: seconds(15), most: seconds(3600) }
            }
            Self::Everyone => {
                Limit { free: 100, leak: seconds(18), wait: seconds(18), most: seconds(18) }
            }
        }
    }
}

/// The failures of one group.
#[derive(Debug)]
struct Failures {
    count: u32,
    /// Up to when the count has leaked.
    leaked: Instant,
    /// No attempt before this.
    wait_until: Instant,
}

/// Everyone's failed attempts.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    failures: BTreeMap<Group, Failures>,
}

impl Attempts {
    /// Whether an attempt may be made at `now`.
    ///
    /// # Errors
    ///
    /// The time to wait.
    pub(super) fn check(&self, now: Instant, from: &Source) -> Result<(), Duration> {
        let waits = from.0.iter().filter_map(|group| self.failures.get(group));
        let until = waits.map(|failures| failures.wait_until).max();
        match until.map(|until| until.saturating_duration_since(now)) {
            Some(wait) if !wait.is_zero() => Err(wait),
            Some(_) | None => Ok(()),
        }
    }

    /// Counts a failure at `now`.
    pub(super) fn failed(&mut self, now: Instant, from: &Source) {
        for group in &from.0 {
            let limit = group.limit();
            let fresh = Failures { count: 0, leaked: now, wait_until: now };
            let failures = self.failures.entry(group.clone()).or_insert(fresh);
            failures.leak(now, &limit);
            failures.count += 1;
            failures.wait_until = now + limit.wait_after(failures.count);
        }
    }

    /// Forgets the groups whose failures have all leaked away.
    pub(super) fn forget(&mut self, now: Instant) {
        self.failures.retain(|group, failures| {
            failures.leak(now, &group.limit());
            failures.count > 0 || failures.wait_until > now
        });
    }
}

impl Failures {
    fn leak(&mut self, now: Instant, limit: &Limit) {
        let passed = now.saturating_duration_since(self.leaked);
        let leaked = u32::try_from(passed.as_millis() / limit.leak.as_millis()).unwrap_or(u32::MAX);
        self.count = self.count.saturating_sub(leaked);
        self.leaked += limit.leak.saturating_mul(leaked);
    }
}

impl Limit {
    fn wait_after(&self, failures: u32) -> Duration {
        match failures.checked_sub(self.free + 1) {
            None => Duration::ZERO,
            Some(over) => self.wait.saturating_mul(2_u32.saturating_pow(over)).min(self.most),
        }
    }
}

/// What one subscriber is taken to own: an IPv4 address, or the /64 of an IPv6 address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & (u128::from(u64::MAX) << 64)).into()
        }
    }
}

#[cfg(test)]
mod tests;
