//! Against those who pose as helpers (B-05): what each side is told of the other beside the card, and
//! helpers who were reported.
//!
//! Names are compared at once. Whether two have met before is in the records, so that is asked beside
//! the hub, and told a moment after they met; nobody waits for it.

mod names;
mod suspensions;

use std::sync::Arc;

use rh_protocol::{Background, SessionId, ToClient};
use rh_records::{RecordError, RecordStore};
use tokio::sync::{mpsc, watch};

use crate::clock;
use crate::hub::{ConnId, Effect, Meeting};
use crate::socket::Switchboard;
pub(crate) use names::Names;
use suspensions::Suspensions;

/// Meetings that may wait for the records; beyond that, nobody is told whether they met before.
const QUEUE: usize = 1024;

/// Names of one tenant that are read from its records.
const NAMES: u32 = 20_000;

/// Two who met, and what is known of them so far.
#[derive(Debug)]
pub(crate) struct Acquaintance {
    meeting: Meeting,
    told: [Background; 2],
}

impl Acquaintance {
    /// What `names` say of the two; each is told of the other.
    pub(crate) fn new(meeting: Meeting, names: &Names) -> Self {
        let [helper, sharer] = &meeting.callers;
        let code_age = Some(u32::try_from(meeting.code_age.as_secs()).unwrap_or(u32::MAX));
        let of_sharer = Background { oddities: names.oddities(sharer), ..Background::default() };
        let oddities = names.oddities(helper);
        let of_helper = Background { code_age, oddities, ..Background::default() };
        Self { meeting, told: [of_sharer, of_helper] }
    }

    /// What the two are told.
    pub(crate) fn effects(self) -> [Effect; 2] {
        let session = self.meeting.session;
        let [helper, agent] = self.meeting.conns;
        let [of_sharer, of_helper] = self.told;
        [tell(helper, session, of_sharer), tell(agent, session, of_helper)]
    }
}

fn tell(conn: ConnId, session: SessionId, background: Background) -> Effect {
    Effect::Tell(conn, ToClient::Background { session, background })
}

/// Reads who is suspended, and has it looked up who met before, until `stopped`.
pub(crate) async fn raise(
    board: &Arc<Switchboard>,
    store: &Arc<dyn RecordStore>,
    stopped: &watch::Receiver<bool>,
) -> Result<(), RecordError> {
    let suspensions = Suspensions::read(Arc::clone(board), Arc::clone(store)).await?;
    tokio::spawn(suspensions.keep(stopped.clone()));
    let (queue, met) = mpsc::channel(QUEUE);
    board.be_acquainted_by(queue);
    tokio::spawn(acquaint(Arc::clone(board), Arc::clone(store), met, stopped.clone()));
    Ok(())
}

/// Looks up whether those who met had done so before, and tells them; until `stopped`.
async fn acquaint(
    board: Arc<Switchboard>,
    store: Arc<dyn RecordStore>,
    mut met: mpsc::Receiver<Acquaintance>,
    mut stopped: watch::Receiver<bool>,
) {
    know_names(&board, &*store).await;
    loop {
        let mut two = tokio::select! {
            two = met.recv() => match two {
                Some(two) => two,
                None => return,
            },
            _ = stopped.changed() => return,
        };
        let [helper, sharer] = two.meeting.callers.each_ref().map(|it| &it.person);
        let pair = (&helper.id, &sharer.id);
        let before = store.have_met(&helper.tenant, pair, two.meeting.session).await;
        let before = before
            .inspect_err(|error| tracing::warn!("nobody can tell whether two met before: {error}"));
        for background in &mut two.told {
            background.met_before = before.as_ref().ok().copied();
        }
        board.carry_out(clock::now(), two.effects());
    }
}

/// Takes in the names of those who were in sessions.
async fn know_names(board: &Switchboard, store: &dyn RecordStore) {
    for tenant in store.tenants().await.unwrap_or_default() {
        for (person, name) in store.names(&tenant, NAMES).await.unwrap_or_default() {
            board.know_name(&tenant, &person, &name);
        }
    }
}
