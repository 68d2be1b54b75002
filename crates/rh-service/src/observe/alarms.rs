//! What administrators should look at, kept for them to see.
//!
//! The newest alarms of each tenant, and those of the service, which every tenant's administrators
//! see. Here are those of this process; what happened to a tenant is in its records too, where those of
//! other nodes and of earlier are.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rh_policy::{PersonId, TenantId};
use rh_protocol::SessionId;
use rh_records::{Entry, Event, Fact, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

/// Alarms kept for one tenant, and for the service; the oldest give way.
pub(crate) const KEPT: usize = 100;

/// One alarm.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub(crate) struct Raised {
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

/// The alarms of one process; those of the service are under no tenant.
#[derive(Debug, Default)]
pub(crate) struct Alarms(Mutex<Lists>);

type Lists = BTreeMap<Option<TenantId>, VecDeque<Raised>>;

impl Kind {
    /// The alarm that an event is, if it is one ([`Event::is_alarm`]).
    fn of(event: Event) -> Option<Self> {
        match event {
            Event::GuessedCodes { failures, accounts } => {
                Some(Self::GuessedCodes { failures, accounts })
            }
            Event::Lost { events } => Some(Self::NotRecorded { events }),
            Event::Reported { session, by, person } => Some(Self::Reported { session, by, person }),
            Event::SignedIn { .. }
            | Event::SignedOut { .. }
            | Event::DeviceLookedUp { .. }
            | Event::SessionStarted { .. }
            | Event::Consented { .. }
            | Event::Introduced { .. }
            | Event::Lowered { .. }
            | Event::SessionEnded { .. }
            | Event::Suspended { .. }
            | Event::Reinstated { .. }
            | Event::Administered { .. }
            | Event::Refused { .. } => None,
        }
    }

    /// Whether it is in no chain, but known to this process alone.
    fn is_unrecorded(&self) -> bool {
        matches!(self, Self::Records | Self::Audit { .. })
    }
}

impl Raised {
    /// The alarm that an entry of a chain tells of; none if somebody tampered with it.
    pub(crate) fn recorded(entry: &Entry) -> Option<Self> {
        let event = serde_json::from_value(entry.body().ok()?.event).ok()?;
        Some(Self { at: entry.at, kind: Kind::of(event)? })
    }
}

impl Alarms {
    /// Takes in a fact that is an alarm.
    pub(crate) fn hear(&self, fact: &Fact) {
        if let Some(kind) = Kind::of(fact.event.clone()) {
            self.raise(fact.at, Some(&fact.tenant), kind);
        }
    }

    /// Raises an alarm of a tenant, or of the service.
    pub(crate) fn raise(&self, at: Timestamp, tenant: Option<&TenantId>, kind: Kind) {
        let mut lists = self.lock();
        let raised = lists.entry(tenant.cloned()).or_default();
        if let (Kind::NotRecorded { events: more }, Some(last)) = (&kind, raised.back_mut())
            && let Kind::NotRecorded { events } = &mut last.kind
        {
            *events += more;
            return;
        }
        if raised.len() == KEPT {
            raised.pop_front();
        }
        raised.push_back(Raised { at, kind });
    }

    /// What administrators of `tenant` are to see, the newest first: what is `recorded` of it, if
    /// records could be read, and what is not yet, or never is.
    pub(crate) fn of(&self, tenant: &TenantId, recorded: Option<Vec<Raised>>) -> Vec<Raised> {
        let lists = self.lock();
        let seen = [Some(tenant.clone()), None];
        let own = seen.iter().filter_map(|whose| lists.get(whose)).flatten();
        let mut all = recorded.unwrap_or_default();
        let newest = all.iter().map(|it| it.at).max();
        all.extend(own.filter(|it| it.kind.is_unrecorded() || Some(it.at) > newest).cloned());
        all.sort_by_key(|raised| std::cmp::Reverse(raised.at));
        all
    }

    fn lock(&self) -> MutexGuard<'_, Lists> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    fn kinds(alarms: Vec<Raised>) -> Vec<Kind> {
        alarms.into_iter().map(|it| it.kind).collect()
    }

    const GUESSED: Event = Event::GuessedCodes { failures: 200, accounts: 7 };

    /// Administrators see their own tenant's alarms and the service's, and no other tenant's.
    #[test]
    fn a_tenant_sees_its_own_and_the_services() {
        let (ours, theirs) = ("ours".parse().unwrap(), "theirs".parse().unwrap());
        let alarms = Alarms::default();
        alarms.hear(&Fact { tenant: theirs, at: at(1), event: GUESSED });
        alarms.raise(at(2), Some(&ours), Kind::NotRecorded { events: 3 });
        alarms.raise(at(3), None, Kind::Records);
        assert_eq!(kinds(alarms.of(&ours, None)), [Kind::Records, Kind::NotRecorded { events: 3 }]);
    }

    /// What is in the records is seen once, with what other nodes wrote there; what is not yet written is
    /// seen too.
    #[test]
    fn records_and_memory_are_one_list() {
        let ours: TenantId = "ours".parse().unwrap();
        let alarms = Alarms::default();
        let heard = Fact { tenant: ours.clone(), at: at(5), event: GUESSED };
        alarms.hear(&heard);
        alarms.raise(at(6), None, Kind::Records);
        let elsewhere = Fact { tenant: ours.clone(), at: at(8), event: Event::Lost { events: 4 } };
        let mut head = rh_records::Head::START;
        let entries = [&heard, &elsewhere].map(|fact| head.extend(fact));
        alarms.hear(&Fact { at: at(9), ..heard });
        let recorded = entries.iter().filter_map(Raised::recorded).collect();
        let guessed = Kind::GuessedCodes { failures: 200, accounts: 7 };
        let lost = Kind::NotRecorded { events: 4 };
        let seen = kinds(alarms.of(&ours, Some(recorded)));
        assert_eq!(seen, [guessed.clone(), lost, Kind::Records, guessed]);
    }

    /// The store finds by [`Event::is_alarm`] what is shown here.
    #[test]
    fn what_the_store_finds_is_shown() {
        let lost = Event::Lost { events: 1 };
        let session = SessionId(7);
        let (by, person): (PersonId, PersonId) = ("a".parse().unwrap(), "b".parse().unwrap());
        let signed_out = Event::SignedOut { person: by.clone() };
        for event in [GUESSED, lost, Event::Reported { session, by, person }, signed_out] {
            assert_eq!(event.is_alarm(), Kind::of(event.clone()).is_some(), "{event:?}");
        }
    }

    #[test]
    fn losses_one_after_the_other_are_one_alarm() {
        let ours = "ours".parse().unwrap();
        let alarms = Alarms::default();
        for events in [3, 4] {
            alarms.raise(at(1), Some(&ours), Kind::NotRecorded { events });
        }
        assert_eq!(kinds(alarms.of(&ours, None)), [Kind::NotRecorded { events: 7 }]);
    }

    #[test]
    fn the_oldest_give_way() {
        let ours = "ours".parse().unwrap();
        let alarms = Alarms::default();
        (0..250).for_each(|n| alarms.raise(at(n), Some(&ours), Kind::Records));
        let kept = alarms.of(&ours, None);
        assert_eq!((kept.len(), kept[0].at, kept[99].at), (KEPT, at(249), at(150)));
    }
}
