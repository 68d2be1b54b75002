//! What the library calls when something happens. Runs on its driver, so nothing here waits.

use std::sync::Arc;

use ::webrtc::data_channel::DataChannel;
use ::webrtc::peer_connection::{
    PeerConnectionEventHandler, RTCIceGatheringState, RTCPeerConnectionIceEvent,
    RTCPeerConnectionState,
};
use async_trait::async_trait;
use rh_protocol::Negotiation;
use tokio::sync::mpsc;

use super::super::LinkEvent;
use super::candidates;
use super::shared::Shared;

pub(super) struct Handler {
    pub(super) shared: Arc<Shared>,
    pub(super) channels: mpsc::UnboundedSender<Arc<dyn DataChannel>>,
}

#[async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        if let Some(candidate) = candidates::ours(&event.candidate) {
            self.shared.events.report(LinkEvent::Negotiate(Negotiation::Candidate { candidate }));
        }
    }

    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            let candidate = candidates::no_more();
            self.shared.events.report(LinkEvent::Negotiate(Negotiation::Candidate { candidate }));
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        // One that was never up may come up yet, over a relay: there is none before the sharer agreed.
        let lost = state == RTCPeerConnectionState::Failed && self.shared.was_up();
        if lost || state == RTCPeerConnectionState::Closed {
            self.shared.end();
        }
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        // Without a receiver the link is closing, and its channels with it.
        let _ = self.channels.send(channel);
    }
}
