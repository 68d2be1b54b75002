//! A link within one process, and the helper at its far end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use rh_protocol::{EncodedFrame, EndReason, FromHelper, Negotiation, PointerMove, ToHelper};
use tokio::sync::mpsc;

use super::events::Events;
use super::mailbox::{Mailbox, Put};
use super::tray::Tray;
use super::{Fingerprints, Gone, Link, LinkEvent, Shown};

/// Frames that wait for the helper before further ones are dropped.
pub const FRAMES: usize = 2;

/// The helper's certificate, as long as it does not [`change`](MockHelper::change_certificate).
pub const HELPER: &str = "sha-256 AA:AA";

/// The agent's certificate.
pub const SHARER: &str = "sha-256 BB:BB";

/// Makes the two ends of one link. It is not up before [`MockHelper::connect`].
pub fn pair() -> (MockLink, MockHelper) {
    let frames = Mailbox::new(FRAMES);
    let (events, tiles) = (Events::default(), Tray::default());
    let wire = Arc::new(Wire {
        events,
        frames,
        tiles,
        no_video: AtomicBool::new(false),
        helper: Mutex::new(HELPER.to_owned()),
    });
    let quirks = Quirks::default();
    let (told, told_rx) = mpsc::unbounded_channel();
    let (steps, steps_rx) = mpsc::unbounded_channel();
    let link = MockLink { wire: Arc::clone(&wire), told, steps };
    (link, MockHelper { wire, told: told_rx, steps: steps_rx, quirks })
}

#[derive(Debug)]
struct Wire {
    events: Events,
    frames: Mailbox,
    tiles: Tray,
    no_video: AtomicBool,
    /// The fingerprint of the helper's certificate.
    helper: Mutex<String>,
}

impl Wire {
    fn end(&self) {
        self.frames.shut();
        self.tiles.shut();
        self.events.end();
    }
}

/// The agent's end.
#[derive(Debug)]
pub struct MockLink {
    wire: Arc<Wire>,
    told: mpsc::UnboundedSender<ToHelper>,
    steps: mpsc::UnboundedSender<Negotiation>,
}

/// The helper's end, in a test's hands. Dropping it takes the link down.
#[derive(Debug)]
pub struct MockHelper {
    wire: Arc<Wire>,
    told: mpsc::UnboundedReceiver<ToHelper>,
    steps: mpsc::UnboundedReceiver<Negotiation>,
    quirks: Quirks,
}

/// What the helper did so far.
#[derive(Debug, Default)]
struct Quirks {
    connected: bool,
    silent: bool,
    garbage: u64,
}

#[async_trait]
impl Link for MockLink {
    async fn next(&self) -> Option<LinkEvent> {
        self.wire.events.next().await
    }

    async fn negotiate(&self, step: Negotiation) -> Result<(), Gone> {
        if self.wire.events.ended() { Err(Gone) } else { self.steps.send(step).map_err(|_| Gone) }
    }

    async fn tell(&self, message: &ToHelper) -> Result<(), Gone> {
        if self.wire.events.ended() {
            return Err(Gone);
        }
        self.told.send(message.clone()).map_err(|_| Gone)
    }

    fn ready(&self) -> bool {
        self.wire.frames.has_room()
    }

    fn show(&self, frame: &EncodedFrame) -> Shown {
        match self.wire.frames.put(frame) {
            Put::Taken => Shown::Sent,
            Put::Refused => Shown::Dropped,
            Put::Broke => {
                self.wire.events.report(LinkEvent::KeyFrameWanted);
                Shown::Dropped
            }
        }
    }

    fn shows_video(&self) -> bool {
        !self.wire.no_video.load(Ordering::Relaxed)
    }

    fn backlog(&self) -> Option<usize> {
        self.wire.tiles.backlog()
    }

    fn paint(&self, messages: Vec<Bytes>) -> Shown {
        if self.wire.tiles.put(messages) { Shown::Sent } else { Shown::Dropped }
    }

    fn fingerprints(&self) -> Option<Fingerprints> {
        let helper = self.wire.helper.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Some(Fingerprints { helper, sharer: SHARER.to_owned() })
    }

    async fn close(&self, reason: EndReason) {
        // A helper that is gone need not be told.
        let _ = self.tell(&ToHelper::Ended { reason }).await;
        self.wire.end();
    }
}

impl MockHelper {
    /// Brings the link up; the first call does.
    pub fn connect(&mut self) {
        if !std::mem::replace(&mut self.quirks.connected, true) {
            self.wire.frames.open();
            self.wire.events.report(LinkEvent::Up);
        }
    }

    /// Whether it brought the link up.
    pub fn is_connected(&self) -> bool {
        self.quirks.connected
    }

    /// Says something to the agent.
    pub fn say(&mut self, message: FromHelper) {
        self.break_silence();
        self.wire.events.report(LinkEvent::Heard(message));
    }

    /// Moves the pointer.
    pub fn point(&mut self, to: PointerMove) {
        self.break_silence();
        self.wire.events.report(LinkEvent::Pointer(to));
    }

    /// Sends something that is no message.
    pub fn garble(&mut self) {
        self.break_silence();
        self.quirks.garbage += 1;
        self.wire.events.report(LinkEvent::Garbage(self.quirks.garbage));
    }

    /// Makes the link report that nothing was heard for `silence`.
    pub fn fall_silent(&mut self, silence: Duration) {
        self.quirks.silent = true;
        self.wire.events.report(LinkEvent::Silent(silence));
    }

    fn break_silence(&mut self) {
        if std::mem::take(&mut self.quirks.silent) {
            self.wire.events.report(LinkEvent::Silent(Duration::ZERO));
        }
    }

    /// Makes the link report anything else, such as a request for a key frame.
    pub fn report(&self, event: LinkEvent) {
        self.wire.events.report(event);
    }

    /// Negotiates anew with a certificate of this fingerprint.
    pub fn change_certificate(&self, fingerprint: &str) {
        fingerprint
            .clone_into(&mut self.wire.helper.lock().unwrap_or_else(PoisonError::into_inner));
        let sdp = String::new();
        self.wire.events.report(LinkEvent::Negotiate(Negotiation::Answer { sdp }));
    }

    /// Waits for what the agent tells next; `None` once its end is dropped.
    pub async fn told(&mut self) -> Option<ToHelper> {
        self.told.recv().await
    }

    /// Waits for the next step of negotiation that the agent's end was given.
    pub async fn negotiated(&mut self) -> Option<Negotiation> {
        self.steps.recv().await
    }

    /// Waits for the next frame.
    pub async fn shown(&mut self) -> EncodedFrame {
        self.wire.frames.take().await
    }

    /// Can see no video from now on, like a browser without H.264.
    pub fn lack_video(&self) {
        self.wire.no_video.store(true, Ordering::Relaxed);
    }

    /// Takes tiles from now on.
    pub fn open_tiles(&self) {
        self.wire.tiles.open();
    }

    /// Waits for the next tile message.
    pub async fn painted(&mut self) -> Bytes {
        let message = self.wire.tiles.take().await;
        self.wire.tiles.travelling(0);
        message
    }

    /// Takes the link down, as a cut network does.
    pub fn cut(&self) {
        self.wire.end();
    }
}

impl Drop for MockHelper {
    fn drop(&mut self) {
        self.wire.end();
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract;
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn keeps_the_contract_of_links() {
        contract::check(|| async {
            let (link, helper) = pair();
            (Arc::new(link) as Arc<dyn Link>, Box::new(helper) as Box<dyn contract::FarEnd>)
        })
        .await;
    }

    #[tokio::test]
    async fn a_slow_helper_shows_as_dropped_frames() {
        let (link, mut helper) = pair();
        helper.connect();
        for n in 0..FRAMES {
            assert!(link.ready());
            assert_eq!(link.show(&contract::frame(n as u8, n == 0, 9)), Shown::Sent);
        }
        assert!(!link.ready());
        assert_eq!(link.show(&contract::frame(9, false, 9)), Shown::Dropped);
        helper.shown().await;
        assert!(link.ready());
        assert_eq!(link.show(&contract::frame(10, false, 9)), Shown::Dropped, "after a gap");
        assert_eq!(link.show(&contract::frame(11, true, 9)), Shown::Sent);
        assert_eq!(link.next().await, Some(LinkEvent::Up));
        assert_eq!(link.next().await, Some(LinkEvent::KeyFrameWanted));
    }
}
