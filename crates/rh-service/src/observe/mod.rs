//! Who hears of everything that happens: the log, the counters, the alarms and the records.
//!
//! A [`Fact`] is handed in once, and no one waits. Absent: what happens within the hub, which knows
//! nobody that listens.

mod alarms;
mod log;
mod metrics;

use std::sync::Arc;

use rh_records::{Fact, NewMessage};

pub(crate) use alarms::{Alarms, KEPT, Kind, Raised};
pub(crate) use metrics::{Levels, Metrics};

use crate::recorder::Recorder;

/// Everybody who hears of facts.
#[derive(Debug, Default)]
pub(crate) struct Observers {
    pub(crate) alarms: Arc<Alarms>,
    pub(crate) metrics: Metrics,
    pub(crate) recorder: Option<Recorder>,
}

impl Observers {
    /// With records, if there are any, and the alarms that those raise too.
    pub(crate) fn new(alarms: Arc<Alarms>, recorder: Option<Recorder>) -> Self {
        Self { alarms, metrics: Metrics::default(), recorder }
    }

    /// Somebody is about to do something that must be recorded first; whether they may. Where
    /// nothing is recorded they may.
    pub(crate) async fn act(&self, fact: Fact) -> bool {
        let recorded = match &self.recorder {
            Some(recorder) => recorder.act(fact.clone()).await,
            None => true,
        };
        if recorded {
            log::write(&fact);
            self.metrics.count(&fact.event);
        }
        recorded
    }

    /// Something happened, and its entry is in the chain already.
    pub(crate) fn recorded(&self, fact: &Fact) {
        log::write(fact);
        self.metrics.count(&fact.event);
        if let Some(recorder) = &self.recorder {
            recorder.grew(&fact.tenant);
        }
    }

    /// Somebody wrote a message, which goes into its thread and nowhere else.
    pub(crate) fn keep(&self, message: NewMessage) {
        let lost = self.recorder.as_ref().is_some_and(|recorder| !recorder.keep(message));
        if lost {
            self.metrics.lose();
        }
    }

    /// Something happened.
    pub(crate) fn hear(&self, fact: Fact) {
        log::write(&fact);
        self.metrics.count(&fact.event);
        self.alarms.hear(&fact);
        let lost = self.recorder.as_ref().is_some_and(|recorder| !recorder.record(fact));
        if lost {
            self.metrics.lose();
        }
    }
}
