//! Records what happens, without anybody waiting for it.
//!
//! [`Notes`] turns what the hub is told and says into facts; the [`Recorder`] queues them, and a task
//! writes them to the store. While the store is down the queue fills; what then finds no room is
//! counted, said loudly, and recorded as lost once the store is back.

mod keeper;
mod notes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rh_policy::TenantId;
use rh_records::{Event, Fact, NewMessage, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

pub(crate) use keeper::Keeper;
pub use keeper::Records;
pub(crate) use notes::Notes;

/// Facts that may wait for the store; some minutes' worth of a busy service.
const QUEUE: usize = 4096;

/// How long an act waits until it is recorded.
const ACT_WITHIN: Duration = Duration::from_secs(5);

/// Acts that may wait to be recorded; each has somebody who waits for it.
const ACTS: usize = 64;

/// Where facts are handed in; never waits, but for [`act`](Self::act).
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    queue: mpsc::Sender<Fact>,
    messages: mpsc::Sender<NewMessage>,
    acts: mpsc::Sender<Act>,
    lost: Arc<Lost>,
    grown: Grown,
}

/// Tenants whose chains somebody else made longer: they are to be sealed too.
type Grown = Arc<Mutex<BTreeSet<TenantId>>>;

/// A fact that must be recorded before what it tells is done.
#[derive(Debug)]
struct Act {
    fact: Fact,
    /// Told once it is; closed if nobody waits any more.
    done: oneshot::Sender<()>,
}

/// How many facts and messages of each tenant found no room.
#[derive(Debug, Default)]
struct Lost(Mutex<BTreeMap<TenantId, u64>>);

impl Recorder {
    /// A recorder, and the queue that it fills.
    fn new() -> (Self, Inbox) {
        let (queue, facts) = mpsc::channel(QUEUE);
        let (to_keep, messages) = mpsc::channel(QUEUE);
        let (to_act, acts) = mpsc::channel(ACTS);
        let lost = Arc::new(Lost::default());
        let grown = Grown::default();
        let inbox =
            Inbox { facts, messages, acts, lost: Arc::clone(&lost), grown: Arc::clone(&grown) };
        (Self { queue, messages: to_keep, acts: to_act, lost, grown }, inbox)
    }

    /// How many facts wait.
    pub(crate) fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Records what somebody is about to do; whether it is recorded, and so may be done. One that is
    /// not in time is not recorded later either, as far as the store can be told.
    pub(crate) async fn act(&self, fact: Fact) -> bool {
        let (done, recorded) = oneshot::channel();
        let sent = self.acts.try_send(Act { fact, done }).is_ok();
        sent && matches!(timeout(ACT_WITHIN, recorded).await, Ok(Ok(())))
    }

    /// A tenant's chain grew by an entry that was written elsewhere.
    pub(crate) fn grew(&self, tenant: &TenantId) {
        self.grown.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant.clone());
    }

    /// Hands a fact in; whether there was room for it.
    pub(crate) fn record(&self, fact: Fact) -> bool {
        let Err(refused) = self.queue.try_send(fact) else { return true };
        self.lost.add(refused.into_inner().tenant);
        false
    }

    /// Hands in a message of a chat; whether there was room for it.
    pub(crate) fn keep(&self, message: NewMessage) -> bool {
        let Err(refused) = self.messages.try_send(message) else { return true };
        self.lost.add(refused.into_inner().tenant);
        false
    }
}

/// What waits to be recorded.
#[derive(Debug)]
struct Inbox {
    facts: mpsc::Receiver<Fact>,
    messages: mpsc::Receiver<NewMessage>,
    acts: mpsc::Receiver<Act>,
    lost: Arc<Lost>,
    grown: Grown,
}

impl Inbox {
    /// The tenants whose chains grew elsewhere until now.
    fn grown(&self) -> BTreeSet<TenantId> {
        std::mem::take(&mut *self.grown.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The facts about what was lost until now; from then on the count begins anew.
    fn lost(&self, at: Timestamp) -> Vec<Fact> {
        let lost = std::mem::take(&mut *self.lost.lock());
        let fact = |(tenant, events)| Fact { tenant, at, event: Event::Lost { events } };
        lost.into_iter().map(fact).collect()
    }
}

impl Lost {
    fn add(&self, tenant: TenantId) {
        let mut lost = self.lock();
        let count = lost.entry(tenant.clone()).or_default();
        *count += 1;
        tracing::error!(
            alarm = "not_recorded",
            %tenant,
            lost = *count,
            "an event could not be recorded, since the store of records is down or too slow"
        );
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<TenantId, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
