//! What administrators should look at, kept for them to see.
//!
//! The newest alarms of each tenant, and those of the service, which every tenant's administrators
//! see. In memory: what a tenant's alarm is about is in its records too.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rh_policy::{PersonId, TenantId};
use rh_protocol::SessionId;
use rh_records::{Event, Fact, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

/// Alarms kept for one tenant, and for the service; the oldest give way.
const KEPT: usize = 100;

/// One alarm.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub(crate) struct Raised {
    /// Counts up over all alarms of this service.
    pub(crate) number: u64,
    /// When.
    #[schemars(with = "String")]
    pub(crate) at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub(crate) kind: Kind,
}

/// What an alarm is about.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Kind {
    /// So many wrong codes were entered that everyone in the tenant has to wait.
    GuessedCodes {
        /// How many codes were wrong within an hour.
        failures: u64,
        /// How many accounts entered them.
        accounts: u64,
    },
    /// A sharer reported a helper, who is suspended until somebody has looked at it.
    Reported {
        /// The session that they had.
        #[schemars(with = "String")]
        session: SessionId,
        /// The sharer.
        #[schemars(with = "String")]
        by: PersonId,
        /// The helper.
        #[schemars(with = "String")]
        person: PersonId,
    },
    /// So many events of the tenant could not be recorded.
    NotRecorded {
        /// How many.
        events: u64,
    },
    /// The store of records does not answer: what happens now waits in memory.
    Records,
    /// The tenant's audit log is not as it was written.
    Audit {
        /// The first entry that is not.
        problem: String,
    },
}

/// The alarms of one service.
#[derive(Debug, Default)]
pub(crate) struct Alarms(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    /// Those of the service are under no tenant.
    raised: BTreeMap<Option<TenantId>, VecDeque<Raised>>,
}

impl Alarms {
    /// Takes in a fact that is an alarm.
    pub(crate) fn hear(&self, fact: &Fact) {
        let kind = match fact.event.clone() {
            Event::GuessedCodes { failures, accounts } => Kind::GuessedCodes { failures, accounts },
            Event::Lost { events } => Kind::NotRecorded { events },
            Event::Reported { session, by, person } => Kind::Reported { session, by, person },
            Event::SignedIn { .. }
            | Event::SignedOut { .. }
            | Event::DeviceLookedUp { .. }
            | Event::SessionStarted { .. }
            | Event::Consented { .. }
            | Event::Lowered { .. }
            | Event::SessionEnded { .. }
            | Event::Suspended { .. }
            | Event::Reinstated { .. }
            | Event::Administered { .. }
            | Event::Refused { .. } => return,
        };
        self.raise(fact.at, Some(&fact.tenant), kind);
    }

    /// Raises an alarm of a tenant, or of the service.
    pub(crate) fn raise(&self, at: Timestamp, tenant: Option<&TenantId>, kind: Kind) {
        let mut inner = self.lock();
        inner.last += 1;
        let number = inner.last;
        let raised = inner.raised.entry(tenant.cloned()).or_default();
        if let (Kind::NotRecorded { events: more }, Some(last)) = (&kind, raised.back_mut())
            && let Kind::NotRecorded { events } = &mut last.kind
        {
            *events += more;
            return;
        }
        if raised.len() == KEPT {
            raised.pop_front();
        }
        raised.push_back(Raised { number, at, kind });
    }

    /// What administrators of `tenant` are to see, the newest first.
    pub(crate) fn of(&self, tenant: &TenantId) -> Vec<Raised> {
        let inner = self.lock();
        let seen = [Some(tenant.clone()), None];
        let lists = seen.iter().filter_map(|whose| inner.raised.get(whose));
        let mut all: Vec<Raised> = lists.flatten().cloned().collect();
        all.sort_by_key(|raised| std::cmp::Reverse(raised.number));
        all
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    /// Administrators see their own tenant's alarms and the service's, and no other tenant's.
    #[test]
    fn a_tenant_sees_its_own_and_the_services() {
        let (ours, theirs) = ("ours".parse().unwrap(), "theirs".parse().unwrap());
        let alarms = Alarms::default();
        let event = Event::GuessedCodes { failures: 200, accounts: 7 };
        alarms.hear(&Fact { tenant: theirs, at: at(1), event });
        alarms.raise(at(2), Some(&ours), Kind::NotRecorded { events: 3 });
        alarms.raise(at(3), None, Kind::Records);
        let kinds: Vec<_> = alarms.of(&ours).into_iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [Kind::Records, Kind::NotRecorded { events: 3 }]);
    }

    #[test]
    fn losses_one_after_the_other_are_one_alarm() {
        let ours = "ours".parse().unwrap();
        let alarms = Alarms::default();
        for events in [3, 4] {
            alarms.raise(at(1), Some(&ours), Kind::NotRecorded { events });
        }
        let kinds: Vec<_> = alarms.of(&ours).into_iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [Kind::NotRecorded { events: 7 }]);
    }

    #[test]
    fn the_oldest_give_way() {
        let ours = "ours".parse().unwrap();
        let alarms = Alarms::default();
        (0..250).for_each(|n| alarms.raise(at(n), Some(&ours), Kind::Records));
        let kept = alarms.of(&ours);
        assert_eq!((kept.len(), kept[0].number, kept[99].number), (100, 250, 151));
    }
}
