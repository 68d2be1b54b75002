//! A connection to one helper.

use std::time::Duration;

use async_trait::async_trait;
use rh_protocol::{EncodedFrame, EndReason, FromHelper, Negotiation, PointerMove, ToHelper};

/// A connection to one helper. Shared by reference: the media thread shows while the event loop
/// listens. Dropping the last reference closes it.
///
/// More channels will come beside these (picture tiles, files); each is one more method here and
/// one more [`LinkEvent`].
#[async_trait]
pub trait Link: Send + Sync + 'static {
    /// Waits for what happens next; `None` once the link is closed and everything was reported.
    async fn next(&self) -> Option<LinkEvent>;

    /// Takes in one step of the helper's negotiation: its offer (answered by
    /// [`LinkEvent::Negotiate`]) or a candidate.
    async fn negotiate(&self, step: Negotiation) -> Result<(), Gone>;

    /// Tells the helper something, reliably and in order.
    async fn tell(&self, message: &ToHelper) -> Result<(), Gone>;

    /// Shows the helper a frame; drops it and says [`Shown::Dropped`] if the link is not up or
    /// cannot keep up.
    fn show(&self, frame: &EncodedFrame) -> Shown;

    /// Says goodbye with `reason`, waits briefly until it was sent, and closes.
    async fn close(&self, reason: EndReason);
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shown {
    /// It is on its way.
    Sent,
    /// It was left out; the helper needs a key frame or the next refresh.
    Dropped,
}

/// Something a link reports.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkEvent {
    /// A step of the agent's side of the negotiation, for the helper.
    Negotiate(Negotiation),
    /// The link is up.
    Up,
    /// The helper said something.
    Heard(FromHelper),
    /// The helper's pointer moved.
    Pointer(PointerMove),
    /// The helper sent something that is no message; so many such so far.
    Garbage(u64),
    /// The helper cannot decode on; it needs a key frame.
    KeyFrameWanted,
    /// What the network can carry, in bits per second.
    Capacity(u32),
    /// Nothing was heard from the helper for this long; reported again as it grows, and once with
    /// zero when the helper is heard again.
    Silent(Duration),
    /// The link is down for good.
    Down,
}

/// The link is gone.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the link is gone")]
pub struct Gone;
