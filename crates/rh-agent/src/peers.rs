//! The helpers' links, and what is on its way to them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rh_protocol::{EndReason, IceServer, Negotiation, PeerId, ToHelper};
use rh_session::link::{Link, LinkEvent};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::relays::Relays;

/// How many messages may wait for one helper. One who reads so little is cut off.
const WAITING: usize = 512;
/// From so many on, cursor positions are left out: a newer one follows.
const CROWDED: usize = 32;
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

enum Outgoing {
    Relay(IceServer),
    Negotiate(Negotiation),
    Tell(ToHelper),
    Close(EndReason),
}

struct Peer {
    link: Arc<dyn Link>,
    outgoing: mpsc::Sender<Outgoing>,
    writer: JoinHandle<()>,
    reader: JoinHandle<()>,
}

/// Every helper with a link. Nothing here waits: each helper has a writer of its own.
#[derive(Default)]
pub(crate) struct Peers {
    open: BTreeMap<PeerId, Peer>,
    closing: Vec<Peer>,
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
        let reader = tokio::spawn(async move {
            while let Some(event) = reading.next().await {
                hear(event).await;
            }
        });
        self.open.insert(id, Peer { link, outgoing, writer, reader });
    }

    /// The link of a helper.
    pub(crate) fn link(&self, id: PeerId) -> Option<Arc<dyn Link>> {
        self.open.get(&id).map(|peer| Arc::clone(&peer.link))
    }

    /// Passes a step of the helper's negotiation on.
    pub(crate) fn negotiate(&mut self, id: PeerId, step: Negotiation) {
        self.send(id, Outgoing::Negotiate(step));
    }

    /// Lets a helper be reached by a relay.
    pub(crate) fn relay(&mut self, id: PeerId, server: IceServer) {
        self.send(id, Outgoing::Relay(server));
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
        self.closing.extend(self.open.remove(&id));
    }

    /// Waits until every goodbye was said, but not for long; no link is left after that.
    pub(crate) async fn closed(&mut self) {
        for mut peer in self.closing.drain(..) {
            if timeout(GOODBYE, &mut peer.writer).await.is_err() {
                peer.writer.abort();
            }
            peer.reader.abort();
        }
    }

    fn send(&mut self, id: PeerId, message: Outgoing) {
        if let Some(peer) = self.open.get(&id)
            && peer.outgoing.try_send(message).is_err()
        {
            self.cut_off(id);
        }
    }

    /// Takes down the link of a helper who does not read; what comes of that, the link reports.
    fn cut_off(&mut self, id: PeerId) {
        if let Some(mut peer) = self.open.remove(&id) {
            tracing::warn!(%id, "cut off: the helper does not read");
            peer.writer.abort();
            let link = Arc::clone(&peer.link);
            peer.writer = tokio::spawn(async move { link.close(EndReason::ConnectionLost).await });
            self.closing.push(peer);
        }
    }
}

async fn write(link: Arc<dyn Link>, mut inbox: mpsc::Receiver<Outgoing>) {
    // Goes with the link.
    let mut relays = Relays::default();
    while let Some(message) = inbox.recv().await {
        let sent = match message {
            Outgoing::Relay(server) => {
                link.relay(relays.within_reach(server).await).await;
                Ok(())
            }
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

#[cfg(test)]
mod tests {
    use rh_session::link::mock;

    use super::*;

    const ONE: PeerId = PeerId(1);

    /// S-61: a helper who is cut off is gone, and neither sees nor acts behind everybody's back.
    #[tokio::test]
    async fn whoever_is_cut_off_has_no_link() {
        let (link, mut helper) = mock::pair();
        helper.connect();
        let (events, mut heard) = mpsc::unbounded_channel();
        let mut peers = Peers::default();
        peers.admit(ONE, Arc::new(link), move |event| {
            let _ = events.send(event);
            async {}
        });
        for nonce in 0..=WAITING as u32 {
            peers.tell(ONE, ToHelper::Pong { nonce });
        }
        assert!(peers.link(ONE).is_none());
        let down =
            async { while heard.recv().await.expect("the link lives") != LinkEvent::Down {} };
        timeout(GOODBYE, down).await.expect("the link goes down");
        peers.closed().await;
    }

    /// A link whose negotiation never gets anywhere.
    struct Hung(mpsc::Sender<()>);

    #[async_trait::async_trait]
    impl Link for Hung {
        async fn next(&self) -> Option<LinkEvent> {
            std::future::pending().await
        }
        async fn negotiate(&self, _: Negotiation) -> Result<(), rh_session::link::Gone> {
            std::future::pending().await
        }
        async fn tell(&self, _: &ToHelper) -> Result<(), rh_session::link::Gone> {
            Ok(())
        }
        fn ready(&self) -> bool {
            false
        }
        fn show(&self, _: &rh_protocol::EncodedFrame) -> rh_session::link::Shown {
            rh_session::link::Shown::Dropped
        }
        fn shows_video(&self) -> bool {
            false
        }
        fn backlog(&self) -> Option<usize> {
            None
        }
        fn paint(&self, _: Vec<bytes::Bytes>) -> rh_session::link::Shown {
            rh_session::link::Shown::Dropped
        }
        fn fingerprints(&self) -> Option<rh_session::link::Fingerprints> {
            None
        }
        async fn close(&self, _: EndReason) {
            let _ = self.0.send(()).await;
        }
    }

    /// Nothing is left of a link that hangs, which closes it.
    #[tokio::test(start_paused = true)]
    async fn a_link_that_hangs_is_dropped_all_the_same() {
        let (held, mut dropped) = mpsc::channel(1);
        let mut peers = Peers::default();
        peers.admit(ONE, Arc::new(Hung(held)), |_| async {});
        peers.negotiate(ONE, Negotiation::Offer { sdp: String::new() });
        tokio::task::yield_now().await;
        peers.close(ONE, EndReason::SharerEnded);
        peers.closed().await;
        let gone = timeout(GOODBYE, dropped.recv()).await.expect("every reference is dropped");
        assert_eq!(gone, None);
    }
}
