//! Writes what was handed in to the store, and keeps the store in order.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rh_policy::TenantId;
use rh_records::upkeep::{self, Retention};
use rh_records::{Address, Fact, NewMessage, RecordError, RecordStore, SigningKey, Trust, open};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::{Act, Inbox, Recorder};
use crate::ServeError;
use crate::clock;
use crate::observe::{Alarms, Kind};

/// Facts in one transaction.
const BATCH: usize = 128;

/// Until a store that failed is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// How often chains that grew are sealed.
const SEAL_EVERY: Duration = Duration::from_secs(60);

/// How often what is old enough is deleted.
const RETAIN_EVERY: Duration = Duration::from_secs(3600);

/// How long a service that stops waits for a last word of its sockets.
const QUIET: Duration = Duration::from_millis(200);

/// Where records are kept, signed with what, and for how long.
#[derive(Clone, Debug)]
pub struct Records {
    /// The store; it is made if there is none.
    pub address: Address,
    /// The file of the signing key; it is made if there is none.
    pub key: PathBuf,
    /// How long things are kept.
    pub retention: Retention,
}

impl Records {
    /// For how many days records are kept unless told otherwise.
    pub const DAYS: u32 = 30;

    /// Records in a store, kept for so many days, and chats for so many; nothing if a database comes
    /// without a key, which for a SQLite file is beside it.
    pub fn new(address: Address, key: Option<PathBuf>, days: u32, chat: u32) -> Option<Self> {
        let beside = match &address {
            Address::Sqlite(path) => Some(path.with_added_extension("key")),
            Address::Postgres(_) => None,
        };
        let kept = |days| Duration::from_secs(u64::from(days) * 24 * 60 * 60);
        let retention = Retention { records: kept(days), chat: kept(chat) };
        Some(Self { address, key: key.or(beside)?, retention })
    }
}

/// The one task that writes.
#[derive(Debug)]
pub(crate) struct Keeper {
    store: Arc<dyn RecordStore>,
    key: Arc<SigningKey>,
    retention: Retention,
    inbox: Inbox,
    batch: Vec<Fact>,
    /// The tenants whose chains grew since they were sealed.
    unsealed: BTreeSet<TenantId>,
    stopped: watch::Receiver<bool>,
    alarms: Arc<Alarms>,
    /// Whether the store failed when it was last written to.
    down: bool,
}

impl Keeper {
    /// Opens the store and starts writing to it, until `stopped`; what is wrong with it becomes
    /// `alarms`. Returns where to hand facts in, and the store to read from.
    pub(crate) async fn start(
        records: &Records,
        key: Arc<SigningKey>,
        stopped: watch::Receiver<bool>,
        alarms: Arc<Alarms>,
    ) -> Result<(Recorder, Arc<dyn RecordStore>), ServeError> {
        let store = open(&records.address).await?;
        tracing::info!(
            key = %key.public().id(),
            "records are kept in {}, signed with this key", records.address
        );
        let (recorder, inbox) = Recorder::new();
        let (batch, unsealed) = (Vec::new(), BTreeSet::new());
        let retention = records.retention;
        let shared = Arc::clone(&store);
        let down = false;
        let keeper = Self { store, key, retention, inbox, batch, unsealed, stopped, alarms, down };
        tokio::spawn(keeper.run());
        Ok((recorder, shared))
    }

    async fn run(mut self) {
        let (mut seals, mut retentions) = (interval(SEAL_EVERY), interval(RETAIN_EVERY));
        seals.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !*self.stopped.borrow() {
            tokio::select! {
                // An error means that the service was dropped, which stops it too.
                stop = self.stopped.changed() => if stop.is_err() { break },
                heard = self.inbox.facts.recv_many(&mut self.batch, BATCH) => match heard {
                    0 => break,
                    _ => self.write().await,
                },
                Some(act) = self.inbox.acts.recv() => self.record_act(act).await,
                Some(message) = self.inbox.messages.recv() => self.keep(&message).await,
                _ = seals.tick() => self.seal().await,
                // Beside this task, since it reads everything.
                _ = retentions.tick() => {
                    let (store, key) = (Arc::clone(&self.store), Arc::clone(&self.key));
                    let alarms = Arc::clone(&self.alarms);
                    tokio::spawn(retain(store, key, self.retention, alarms));
                }
            }
        }
        self.finish().await;
    }

    /// Records an act, unless whoever wanted to do it has given up.
    async fn record_act(&mut self, Act { fact, done }: Act) {
        if done.is_closed() {
            return;
        }
        match self.store.record(std::slice::from_ref(&fact)).await {
            Ok(_) => {
                self.unsealed.insert(fact.tenant);
                // Who gave up meanwhile is told nothing; the record stays.
                let _ = done.send(());
            }
            Err(error) => tracing::error!(alarm = "records", "an act is not recorded: {error}"),
        }
    }

    /// Writes the batch, however often it takes, unless the service stops meanwhile.
    async fn write(&mut self) {
        while !self.attempt().await && self.may_retry().await {}
    }

    /// Waits until the store may be tried again; not if the service stops meanwhile.
    async fn may_retry(&mut self) -> bool {
        tokio::select! {
            () = sleep(RETRY) => true,
            _ = self.stopped.changed() => false,
        }
    }

    /// Keeps a message of a chat, however often it takes, unless the service stops meanwhile.
    async fn keep(&mut self, message: &NewMessage) {
        while let Err(error) = self.store.say(message).await {
            self.fail(&error);
            if !self.may_retry().await {
                return;
            }
        }
        self.down = false;
    }

    /// Writes the batch, with what is to be said about lost facts; whether that worked.
    async fn attempt(&mut self) -> bool {
        let lost = self.inbox.lost(clock::wall());
        lost.iter().for_each(|fact| self.alarms.hear(fact));
        self.batch.extend(lost);
        match self.store.record(&self.batch).await {
            Ok(_) => {
                self.unsealed.extend(self.batch.drain(..).map(|fact| fact.tenant));
                self.down = false;
                true
            }
            Err(error) => {
                self.fail(&error);
                false
            }
        }
    }

    fn fail(&mut self, error: &RecordError) {
        let waiting = self.batch.len() + self.inbox.facts.len() + self.inbox.messages.len();
        tracing::error!(alarm = "records", waiting, "nothing is being recorded: {error}");
        if !std::mem::replace(&mut self.down, true) {
            self.alarms.raise(clock::wall(), None, Kind::Records);
        }
    }

    /// Takes in the last words, writes them, and seals.
    async fn finish(&mut self) {
        while let Ok(1..) = timeout(QUIET, self.inbox.facts.recv_many(&mut self.batch, BATCH)).await
        {
        }
        while let Ok(message) = self.inbox.messages.try_recv() {
            if let Err(error) = self.store.say(&message).await {
                self.fail(&error);
            }
        }
        if self.attempt().await {
            self.seal().await;
        } else {
            let lost = self.batch.len();
            tracing::error!(alarm = "not_recorded", lost, "the service stops, and these are lost");
        }
    }

    async fn seal(&mut self) {
        self.unsealed.extend(self.inbox.grown());
        while let Some(tenant) = self.unsealed.pop_first() {
            let sealed = upkeep::seal(&*self.store, &tenant, &self.key, clock::wall()).await;
            if let Err(error) = sealed {
                tracing::error!(alarm = "records", %tenant, "not sealed: {error}");
                self.unsealed.insert(tenant);
                return;
            }
        }
    }
}

/// Deletes what is old enough. Also the hourly audit: what does not hold is an alarm, and nothing is
/// deleted of it.
async fn retain(
    store: Arc<dyn RecordStore>,
    key: Arc<SigningKey>,
    keep: Retention,
    alarms: Arc<Alarms>,
) {
    let tenants = match store.tenants().await {
        Ok(tenants) => tenants,
        Err(error) => return tracing::error!(alarm = "records", "nothing is checked: {error}"),
    };
    for tenant in tenants {
        let signer = (&*key, &Trust::Any);
        let kept = upkeep::retain(&*store, &tenant, signer, keep, clock::wall()).await;
        if let Err(error) = kept {
            tracing::error!(alarm = "audit", %tenant, "the records do not hold: {error}");
            let problem = error.to_string();
            alarms.raise(clock::wall(), Some(&tenant), Kind::Audit { problem });
        }
    }
}
