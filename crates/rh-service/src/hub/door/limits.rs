//! Limits on guessing codes (B-06).
//!
//! Wrong codes count against the account, the address (an IPv6 one as its /64, RFC 4291 2.5.4) and
//! the tenant. Each may have so many in any window of time, and whoever has no more left waits
//! until the oldest is out of the window. A right code does not clear the count, or a guesser could
//! clear his own with a code he made.
//!
//! With 100 codes open, a whole tenant's 200 guesses an hour hit one of them on one day in 200; the
//! 1,000 a second of an unlimited guesser would find one within the hour.
//!
//! Time is an argument. Memory is bounded: what is over goes, and there is [`ROOM`] for so many of
//! each kind. Within one tenant a flood of addresses cannot fill it, since it ends at the tenant's
//! limit; across tenants, whoever guessed least makes room.

mod ledger;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

use rh_policy::{PersonId, TenantId};

use crate::hub::event::{Alarm, Caller};
use ledger::{Ledger, Window};

/// Accounts, addresses and tenants whose failures are remembered, of each.
const ROOM: usize = 10_000;

const HOUR: Duration = Duration::from_secs(3600);

/// Five mistakes are many for a person, and five minutes leave the code time to live.
const ACCOUNT: &[Window] =
    &[Window { most: 5, within: Duration::from_secs(300) }, Window { most: 10, within: HOUR }];

/// An office may share one address.
const ADDRESS: &[Window] = &[Window { most: 30, within: HOUR }];

/// What a crowd of accounts at a crowd of addresses may do together.
const TENANT: &[Window] = &[Window { most: 200, within: HOUR }];

/// A tenant's alarm is not raised again for this long.
const QUIET: Duration = HOUR;

/// One account; the same name in two tenants is two people.
type Account = (TenantId, PersonId);

/// Whom one attempt is counted against.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Source {
    account: Account,
    network: IpAddr,
}

impl Source {
    /// The attempt of `caller`.
    pub fn new(caller: &Caller) -> Self {
        let account = (caller.person.tenant.clone(), caller.person.id.clone());
        Self { account, network: network(caller.address) }
    }

    /// The organisation.
    pub fn tenant(&self) -> &TenantId {
        &self.account.0
    }

    /// The account.
    pub fn person(&self) -> &PersonId {
        &self.account.1
    }

    /// The IPv4 address, or the /64 of an IPv6 address.
    pub fn network(&self) -> IpAddr {
        self.network
    }

    /// How many failures the account, the network and the tenant may each have, within how long.
    pub fn windows() -> [Vec<(usize, Duration)>; 3] {
        let window = |window: &Window| (window.most, window.within);
        [ACCOUNT, ADDRESS, TENANT].map(|windows| windows.iter().map(window).collect())
    }
}

/// Everyone's failed attempts.
#[derive(Debug)]
pub(crate) struct Limits {
    accounts: Ledger<Account>,
    networks: Ledger<IpAddr>,
    tenants: Ledger<TenantId>,
    /// When each tenant's alarm was last raised.
    alarms: BTreeMap<TenantId, Instant>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            accounts: Ledger::new(ACCOUNT, ROOM),
            networks: Ledger::new(ADDRESS, ROOM),
            tenants: Ledger::new(TENANT, ROOM),
            alarms: BTreeMap::new(),
        }
    }
}

impl Limits {
    /// Whether an attempt may be made at `now`.
    ///
    /// # Errors
    ///
    /// The time to wait.
    pub(crate) fn check(&self, now: Instant, from: &Source) -> Result<(), Duration> {
        let account = self.accounts.wait(now, &from.account);
        let network = self.networks.wait(now, &from.network);
        let tenant = self.tenants.wait(now, from.tenant());
        match account.max(network).max(tenant) {
            Duration::ZERO => Ok(()),
            wait => Err(wait),
        }
    }

    /// Counts a failure at `now`; an alarm if it is the one that reaches the tenant's limit.
    pub(crate) fn failed(&mut self, now: Instant, from: &Source) -> Option<Alarm> {
        self.accounts.add(now, &from.account);
        self.networks.add(now, &from.network);
        self.tenants.add(now, from.tenant());
        let tenant = from.tenant();
        let limited = !self.tenants.wait(now, tenant).is_zero();
        let quiet = self.alarms.get(tenant).is_some_and(|&raised| now < raised + QUIET);
        (limited && !quiet).then(|| {
            self.alarms.insert(tenant.clone(), now);
            self.accounts.forget(now);
            let accounts = self.accounts.keys().filter(|(of, _)| of == tenant).count();
            let failures = self.tenants.count(tenant);
            Alarm::GuessedCodes { tenant: tenant.clone(), failures, accounts }
        })
    }

    /// Forgets what is over.
    pub(super) fn forget(&mut self, now: Instant) {
        self.accounts.forget(now);
        self.networks.forget(now);
        self.tenants.forget(now);
        self.alarms.retain(|_, &mut raised| now < raised + QUIET);
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
mod properties;
#[cfg(test)]
mod tests;
