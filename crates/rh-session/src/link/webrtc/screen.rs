//! The picture's way to the helper, and its requests back.

use std::sync::Arc;

use ::webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use ::webrtc::media_stream::track_local::{TrackLocal, TrackLocalEvent};
use tokio::sync::watch;

use super::super::LinkEvent;
use super::keyframes;
use super::shared::Shared;
use super::video::{Packetizer, Wire};

/// Where frames go.
pub(super) struct Picture {
    pub(super) track: Arc<TrackLocalStaticRTP>,
    pub(super) packetizer: Packetizer,
    /// `None` before negotiation, and for a helper without H.264, which sees nothing.
    pub(super) wire: watch::Receiver<Option<Wire>>,
}

impl Picture {
    /// Sends every frame that is shown, for as long as it is polled.
    pub(super) async fn send(mut self, shared: Arc<Shared>) {
        loop {
            let frame = shared.screen.take().await;
            let Some(wire) = *self.wire.borrow() else { continue };
            let packets = match self.packetizer.packets(&frame, wire) {
                Ok(packets) => packets,
                Err(error) => {
                    tracing::error!(%error, "a frame is no H.264 access unit");
                    continue;
                }
            };
            for packet in packets {
                shared.departures.write();
                if self.track.write_rtp(packet).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Reports every request for a key frame, for as long as it is polled.
pub(super) async fn listen(track: Arc<TrackLocalStaticRTP>, shared: Arc<Shared>) {
    while let Some(TrackLocalEvent::OnRtcpPacket(packets)) = track.poll().await {
        if packets.iter().any(|one| keyframes::is_request(one.as_ref())) {
            shared.events.report(LinkEvent::KeyFrameWanted);
        }
    }
}
