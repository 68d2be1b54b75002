//! The helper's data channels (RFC 8831).

use std::sync::Arc;

use ::webrtc::data_channel::{DataChannel, DataChannelEvent};
use rh_protocol::{decode, limits, tile};

use super::super::LinkEvent;
use super::now;
use super::shared::Shared;

/// What a channel is for, by its label.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Purpose {
    /// Messages in both directions.
    Control,
    /// Positions of the helper's pointer.
    Pointer,
    /// Lossless parts of the picture, to the helper.
    Tiles,
    /// Messages of no worth, by which the helper's SCTP learns what did not arrive.
    Probe,
    /// Nothing that this version knows.
    Unknown,
}

impl Purpose {
    /// What `channel` is for.
    pub(super) async fn of(channel: &dyn DataChannel) -> Self {
        match channel.label().await.as_deref() {
            Ok("control") => Self::Control,
            Ok("pointer") => Self::Pointer,
            Ok(tile::LABEL) => Self::Tiles,
            Ok("probe") => Self::Probe,
            Ok(_) | Err(_) => Self::Unknown,
        }
    }
}

/// Reads messages until the channel closes. A helper that sends more than is taken in has to wait:
/// the library stops reading (RFC 9260, section 6.2).
pub(super) async fn read(channel: Arc<dyn DataChannel>, purpose: Purpose, shared: &Shared) {
    while let Some(event) = channel.poll().await {
        match event {
            DataChannelEvent::OnMessage(message) => take_in(&message.data, purpose, shared).await,
            DataChannelEvent::OnOpen
            | DataChannelEvent::OnBufferedAmountLow
            | DataChannelEvent::OnBufferedAmountHigh => {}
            // It closes, or does what this version of the library does not do.
            DataChannelEvent::OnClosing
            | DataChannelEvent::OnClose
            | DataChannelEvent::OnError
            | _ => return,
        }
    }
}

async fn take_in(bytes: &[u8], purpose: Purpose, shared: &Shared) {
    shared.heard(now());
    let event = match purpose {
        Purpose::Control => decode(bytes).map(LinkEvent::Heard),
        Purpose::Pointer => decode(bytes).map(LinkEvent::Pointer),
        // A helper has nothing to say there.
        Purpose::Tiles | Purpose::Probe | Purpose::Unknown => return,
    };
    match event {
        Ok(event @ LinkEvent::Pointer(_)) => shared.events.report(event),
        Ok(event) => shared.events.report_in_turn(event).await,
        Err(error) => {
            tracing::debug!(%error, most = limits::MESSAGE_BYTES, "the helper sent garbage");
            shared.garbage(now());
        }
    }
}
