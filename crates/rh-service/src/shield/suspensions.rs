//! Helpers who were reported, as the records have them.
//!
//! Read now and then: another service with the same records may have suspended somebody, and an
//! administrator may have lifted it there or with `rh-service suspensions lift`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use rh_policy::{PersonId, TenantId};
use rh_records::{RecordError, RecordStore, Suspension};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock;
use crate::hub::Event;
use crate::socket::Switchboard;

/// How often the records are read.
const READ_EVERY: Duration = Duration::from_secs(15);

/// Who was suspended when the records were last read.
#[derive(Debug)]
pub(crate) struct Suspensions {
    board: Arc<Switchboard>,
    store: Arc<dyn RecordStore>,
    known: BTreeSet<(TenantId, PersonId)>,
}

impl Suspensions {
    /// Reads them for the first time: nobody who is suspended helps because the service restarted.
    pub(crate) async fn read(
        board: Arc<Switchboard>,
        store: Arc<dyn RecordStore>,
    ) -> Result<Self, RecordError> {
        let mut suspensions = Self { board, store, known: BTreeSet::new() };
        suspensions.read_again().await?;
        Ok(suspensions)
    }

    async fn read_again(&mut self) -> Result<(), RecordError> {
        let found = self.store.suspensions().await?.into_iter();
        let found = found.map(|Suspension { tenant, person, .. }| (tenant, person)).collect();
        let now = clock::now();
        for (tenant, person) in self.known.difference(&found).cloned() {
            tracing::info!(%tenant, %person, "the suspension was lifted");
            self.board.handle(now, Event::Reinstated(tenant, person));
        }
        for (tenant, person) in found.difference(&self.known).cloned() {
            self.board.handle(now, Event::Suspended(tenant, person));
        }
        self.known = found;
        Ok(())
    }

    /// Reads them now and then, until `stopped`.
    pub(crate) async fn keep(mut self, mut stopped: watch::Receiver<bool>) {
        let mut reads = interval(READ_EVERY);
        reads.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = reads.tick() => {}
                _ = stopped.changed() => return,
            }
            if let Err(error) = self.read_again().await {
                tracing::warn!("who is suspended stays as it was: {error}");
            }
        }
    }
}
