//! Links over WebRTC (RFC 8825): the helper's browser offers, this side answers.
//!
//! The only module that names the `webrtc` and `rtc` crates. The helper makes the data channels
//! `control` and `tiles` (reliable, ordered), `pointer` and `probe` (unordered, no retransmission); a
//! channel by another name is closed. The picture is one H.264 track of this side, and what is painted
//! beside it.
//!
//! The libraries warn about harmless things at every connection. A program that logs does well to
//! let only their errors through, as `EnvFilter` does with [`LOG_FILTER`].

mod candidates;
mod capacity;
mod channel_data;
mod channels;
mod config;
mod departures;
mod garbage;
mod handler;
mod interfaces;
mod keyframes;
mod narrowing;
mod negotiator;
mod outbox;
mod passing;
mod peer;
mod pulse;
mod resends;
mod room;
mod screen;
mod second_try;
mod shared;
mod silence;
mod sockets;
mod standing;
mod tail;
mod tiles;
mod video;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use rh_protocol::{EncodedFrame, EndReason, IceServer, Negotiation, ToHelper};
use tokio::sync::{Mutex, watch};

pub use self::config::{Config, Unavailable};
use self::negotiator::Negotiator;
use self::outbox::Outbox;
use self::room::Room;
use self::screen::Picture;
use self::shared::Shared;
use super::mailbox::Put;
use super::{Fingerprints, Gone, Link, LinkEvent, Shown};

/// Directives for `tracing_subscriber::EnvFilter` that leave out the libraries' harmless warnings.
pub const LOG_FILTER: &str = "webrtc=error,rtc=error,rtc_dtls=error,rtc_ice=error,rtc_mdns=error,\
    rtc_sctp=error,rtc_interceptor=error,rtc_srtp=error,rtc_stun=error,rtc_turn=error";

/// Longest wait until a goodbye has arrived.
const GOODBYE: Duration = Duration::from_millis(300);
/// Longest wait until the sockets are closed.
const CLOSING: Duration = Duration::from_secs(1);

/// A link to a browser.
pub struct WebrtcLink {
    shared: Arc<Shared>,
    outbox: Outbox,
    negotiator: Mutex<Negotiator>,
    closed: watch::Receiver<bool>,
}

impl std::fmt::Debug for WebrtcLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebrtcLink").finish_non_exhaustive()
    }
}

impl WebrtcLink {
    /// Makes a link that waits for an offer. Its sockets are bound at once, on free ports.
    ///
    /// Runs on the Tokio runtime of the caller and needs its I/O and time drivers.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if no socket can be bound.
    pub async fn new(config: &Config) -> Result<Self, Unavailable> {
        let shared = Arc::new(Shared::default());
        let (outbox, messages) = outbox::new(&shared);
        let peer = peer::build(config, &shared).await?;
        let (negotiator, wire) =
            Negotiator::new(Arc::clone(&peer.connection), peer.sender, Arc::clone(&shared));
        let picture = Picture { track: peer.track, packetizer: peer.packetizer, wire };
        let channels = peer.channels;
        let closed =
            Room { connection: peer.connection, shared: Arc::clone(&shared), channels, messages }
                .open(picture);
        Ok(Self { shared, outbox, negotiator: Mutex::new(negotiator), closed })
    }
}

#[async_trait]
impl Link for WebrtcLink {
    async fn next(&self) -> Option<LinkEvent> {
        self.shared.events.next().await
    }

    async fn negotiate(&self, step: Negotiation) -> Result<(), Gone> {
        let mut negotiator = self.negotiator.lock().await;
        if self.shared.events.ended() {
            return Err(Gone);
        }
        let taken = match step {
            Negotiation::Offer { sdp } => negotiator.answer(sdp).await,
            Negotiation::Candidate { candidate } => {
                negotiator.candidate(candidate).await;
                Ok(())
            }
            // The helper offers; there is nothing that it could answer.
            Negotiation::Answer { .. } => Ok(()),
        };
        taken.map_err(|error| {
            tracing::warn!(%error, "the helper's offer cannot be answered");
            self.shared.end();
            Gone
        })
    }

    async fn relay(&self, servers: Vec<IceServer>) {
        self.negotiator.lock().await.relay(servers).await;
    }

    async fn tell(&self, message: &ToHelper) -> Result<(), Gone> {
        self.outbox.put(message)
    }

    fn ready(&self) -> bool {
        self.shared.screen.has_room() && self.shared.departures.few_wait()
    }

    fn show(&self, frame: &EncodedFrame) -> Shown {
        if !self.shows_video() {
            return Shown::Dropped;
        }
        let put = if self.shared.departures.many_wait() {
            self.shared.screen.leave_out()
        } else {
            self.shared.screen.put(frame)
        };
        match put {
            Put::Taken => Shown::Sent,
            Put::Refused => Shown::Dropped,
            Put::Broke => {
                self.shared.events.report(LinkEvent::KeyFrameWanted);
                Shown::Dropped
            }
        }
    }

    fn shows_video(&self) -> bool {
        self.shared.video.load(Ordering::Relaxed)
    }

    fn backlog(&self) -> Option<usize> {
        self.shared.tiles.backlog()
    }

    fn paint(&self, messages: Vec<Bytes>) -> Shown {
        if self.shared.tiles.put(messages) { Shown::Sent } else { Shown::Dropped }
    }

    fn fingerprints(&self) -> Option<Fingerprints> {
        self.shared.fingerprints()
    }

    async fn close(&self, reason: EndReason) {
        // A helper that cannot be told in time learns it from the closed connection.
        let _ = tokio::time::timeout(GOODBYE, self.outbox.goodbye(reason)).await;
        self.shared.end();
        let mut closed = self.closed.clone();
        let _ = tokio::time::timeout(CLOSING, closed.wait_for(|closed| *closed)).await;
    }
}

impl Drop for WebrtcLink {
    fn drop(&mut self) {
        self.shared.end();
    }
}

#[expect(clippy::disallowed_methods, reason = "the link's tasks are its event loop")]
fn now() -> Instant {
    Instant::now()
}
