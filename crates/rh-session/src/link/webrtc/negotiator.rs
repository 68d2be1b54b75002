//! The answering side of offer and answer (RFC 3264, RFC 8829), with trickled candidates.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ::webrtc::error::Error;
use ::webrtc::peer_connection::PeerConnection;
use ::webrtc::rtp_transceiver::RtpSender;
use rh_protocol::{IceCandidate, IceServer, Negotiation, limits};
use rtc::peer_connection::configuration::media_engine::MIME_TYPE_H264;
use rtc::peer_connection::configuration::{RTCConfigurationBuilder, RTCIceServer};
use rtc::peer_connection::sdp::RTCSessionDescription;
use tokio::sync::watch;

use super::super::{Fingerprints, LinkEvent};
use super::candidates;
use super::now;
use super::shared::Shared;
use super::video::{PLAYOUT_DELAY_URI, Wire};

/// Most candidates that are looked into after one offer.
const CANDIDATES: usize = 64;

/// While the helper was heard within this time, the path is well.
const SILENT: Duration = Duration::from_millis(1500);
/// How long a helper who offers anew may still be heard: an outage may end for the service's line and
/// for the path at once, and the path that there is serves at once.
const SECOND_THOUGHT: Duration = Duration::from_millis(300);

/// Answers offers. A later one on the same link restarts ICE, if the path that there was broke.
pub(super) struct Negotiator {
    connection: Arc<dyn PeerConnection>,
    /// Of the video; `None` for a helper without H.264.
    sender: Option<Arc<dyn RtpSender>>,
    shared: Arc<Shared>,
    wire: watch::Sender<Option<Wire>>,
    offered: bool,
    /// Whether the last offer was left alone, and its candidates with it.
    left_alone: bool,
    /// Candidates that came before the offer.
    early: Vec<IceCandidate>,
    /// Candidates looked into since the offer.
    seen: usize,
}

/// Why an offer cannot be answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswerable {
    #[error("{0} bytes are too long for an offer")]
    TooLong(usize),
    #[error(transparent)]
    Refused(#[from] Error),
}

impl Negotiator {
    pub(super) fn new(
        connection: Arc<dyn PeerConnection>,
        sender: Arc<dyn RtpSender>,
        shared: Arc<Shared>,
    ) -> (Self, watch::Receiver<Option<Wire>>) {
        let (wire, is_wire) = watch::channel(None);
        let early = Vec::new();
        let sender = Some(sender);
        let (offered, left_alone) = (false, false);
        let seen = 0;
        (Self { connection, sender, shared, wire, offered, left_alone, early, seen }, is_wire)
    }

    /// Answers an offer; our candidates follow as they are found. One that a link which is up has no
    /// use for is left alone, and changes nothing.
    pub(super) async fn answer(&mut self, sdp: String) -> Result<(), Unanswerable> {
        if sdp.len() > limits::SDP_BYTES {
            return Err(Unanswerable::TooLong(sdp.len()));
        }
        self.left_alone = self.shared.was_up() && !self.begins_anew(&sdp).await;
        if self.left_alone {
            return Ok(());
        }
        if !offers_h264(&sdp)
            && let Some(sender) = self.sender.take()
        {
            // The library answers no other codec as long as there is something to send.
            self.connection.remove_track(&sender).await?;
        }
        let offer = RTCSessionDescription::offer(sdp.clone())?;
        self.connection.set_remote_description(offer).await?;
        let answer = self.connection.create_answer(None).await?;
        self.shared.is_between(Fingerprints::of(&sdp, &answer.sdp));
        // Before candidates are gathered, which are of no use to a browser without the answer.
        let sdp = answer.sdp.clone();
        self.shared.events.report(LinkEvent::Negotiate(Negotiation::Answer { sdp }));
        self.connection.set_local_description(answer).await?;
        let wire = self.negotiated().await?;
        self.shared.video.store(wire.is_some(), Ordering::Relaxed);
        self.wire.send_replace(wire);
        self.shared.departures.reset();
        self.offered = true;
        self.seen = 0;
        for candidate in std::mem::take(&mut self.early) {
            self.candidate(candidate).await;
        }
        Ok(())
    }

    /// Whether a link that was up takes an offer: never with another certificate (S-46), and only while
    /// the helper is silent, since the path that there was is given up for it.
    async fn begins_anew(&self, offer: &str) -> bool {
        if !self.shared.fingerprints().is_some_and(|ends| ends.are_of(offer)) {
            tracing::warn!("an offer of another certificate is refused");
            return false;
        }
        let silent = || self.shared.silence(now()).is_some_and(|silence| silence >= SILENT);
        if silent() {
            tokio::time::sleep(SECOND_THOUGHT).await;
        }
        let begins = silent();
        if begins {
            self.shared.seek(now());
        }
        begins
    }

    /// Takes in relays; candidates are gathered from them after the next offer that restarts ICE.
    pub(super) async fn relay(&self, servers: Vec<IceServer>) {
        let servers = servers.into_iter().map(|IceServer { urls, username, credential }| {
            RTCIceServer { urls, username, credential }
        });
        let servers = RTCConfigurationBuilder::new().with_ice_servers(servers.collect()).build();
        if let Err(error) = self.connection.set_configuration(servers).await {
            tracing::warn!(%error, "the relay cannot be used");
        }
    }

    /// Takes in a candidate; one that is of no use is ignored.
    pub(super) async fn candidate(&mut self, candidate: IceCandidate) {
        if self.left_alone || self.seen >= CANDIDATES {
            return;
        }
        self.seen += 1;
        if !self.offered {
            self.early.push(candidate);
            return;
        }
        let Some(candidate) = candidates::theirs(candidate) else { return };
        if let Err(error) = self.connection.add_ice_candidate(candidate).await {
            tracing::debug!(%error, "a candidate of the helper is of no use");
        }
    }

    /// How packets are marked; `None` for a helper without H.264.
    async fn negotiated(&self) -> Result<Option<Wire>, Error> {
        let Some(sender) = &self.sender else { return Ok(None) };
        let parameters = sender.get_parameters().await?.rtp_parameters;
        let mut codecs = parameters.codecs.iter();
        let h264 = codecs.find(|c| c.rtp_codec.mime_type.eq_ignore_ascii_case(MIME_TYPE_H264));
        let mut extensions = parameters.header_extensions.iter();
        let delay = extensions.find(|e| e.uri == PLAYOUT_DELAY_URI);
        Ok(h264.map(|codec| Wire {
            payload_type: codec.payload_type,
            playout_delay: delay.and_then(|extension| u8::try_from(extension.id).ok()),
        }))
    }
}

/// Whether an offer lists H.264 (RFC 6184, section 8.2.1). The library's sender has its parameters
/// even if no one asked for video.
fn offers_h264(sdp: &str) -> bool {
    let mut maps = sdp.lines().filter_map(|line| line.strip_prefix("a=rtpmap:"));
    maps.any(|map| map.to_ascii_lowercase().contains(" h264/"))
}
