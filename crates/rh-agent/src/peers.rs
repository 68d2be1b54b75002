//! The helpers' links, and what is on its way to them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rh_protocol::{EndReason, Negotiation, PeerId, ToHelper};
use rh_session::link::{Link, LinkEvent};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How many messages may wait for one helper. One who reads so little is cut off.
const WAITING: usize = 512;
/// From so many on, cursor positions are left out: a newer one follows.
const CROWDED: usize = 32;
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

enum Outgoing {
    Negotiate(Negotiation),
    Tell(ToHelper),
    Close(EndReason),
}

struct Peer {
    link: Arc<dyn Link>,
    outgoing: mpsc::Sender<Outgoing>,
    writer: JoinHandle<()>,
}

/// Every helper with a link. Nothing here waits: each helper has a writer of its own.
#[derive(Default)]
pub(crate) struct Peers {
    open: BTreeMap<PeerId, Peer>,
    closing: Vec<JoinHandle<()>>,
}

impl Peers {
    /// Takes in a helper; `hear` gets all that the link reports, in order, and slows the link down
    /// when it waits.
    pub(crate) fn admit<H, F>(&mut self, id: PeerId, link: Arc<dyn Link>, mut hear: H)
    where
        H: FnMut(LinkEvent) -> F + Send + 'static,
        F: Future<Output = ()> + Send,
    {
        let (outgoing, inbox) = mpsc::channel(WAITING);
        let writer = tokio::spawn(write(Arc::clone(&link), inbox));
        let reading = Arc::clone(&link);
        tokio::spawn(async move {
            while let Some(event) = reading.next().await {
                hear(event).await;
            }
        });
        self.open.insert(id, Peer { link, outgoing, writer });
    }

    /// The link of a helper.
    pub(crate) fn link(&self, id: PeerId) -> Option<Arc<dyn Link>> {
        self.open.get(&id).map(|peer| Arc::clone(&peer.link))
    }

    /// Passes a step of the helper's negotiation on.
    pub(crate) fn negotiate(&mut self, id: PeerId, step: Negotiation) {
        self.send(id, Outgoing::Negotiate(step));
    }

    /// Tells a helper something.
    pub(crate) fn tell(&mut self, id: PeerId, message: ToHelper) {
        let Some(peer) = self.open.get(&id) else {
            return;
        };
        let waiting = peer.outgoing.max_capacity() - peer.outgoing.capacity();
        let skippable = matches!(message, ToHelper::CursorAt { .. });
        if !(skippable && waiting > CROWDED) {
            self.send(id, Outgoing::Tell(message));
        }
    }

    /// Says goodbye to a helper and forgets it.
    pub(crate) fn close(&mut self, id: PeerId, reason: EndReason) {
        self.send(id, Outgoing::Close(reason));
        if let Some(peer) = self.open.remove(&id) {
            self.closing.push(peer.writer);
        }
    }

    /// Waits until every goodbye was said, but not for long.
    pub(crate) async fn closed(&mut self) {
        for mut writer in self.closing.drain(..) {
            if timeout(GOODBYE, &mut writer).await.is_err() {
                writer.abort();
            }
        }
    }

    fn send(&mut self, id: PeerId, message: Outgoing) {
        if let Some(peer) = self.open.get(&id)
            && peer.outgoing.try_send(message).is_err()
        {
            tracing::warn!(%id, "cut off: the helper does not read");
            peer.writer.abort();
            self.open.remove(&id);
        }
    }
}

async fn write(link: Arc<dyn Link>, mut inbox: mpsc::Receiver<Outgoing>) {
    while let Some(message) = inbox.recv().await {
        let sent = match message {
            Outgoing::Negotiate(step) => link.negotiate(step).await,
            Outgoing::Tell(message) => link.tell(&message).await,
            Outgoing::Close(reason) => {
                link.close(reason).await;
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}
