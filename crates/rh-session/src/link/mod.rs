//! A connection to one helper.
//!
//! Backends: [`mock`] within one process, [`webrtc`] to a browser. [`contract`] holds what every
//! backend keeps.

#[cfg(feature = "mock")]
pub mod contract;
#[cfg(any(feature = "mock", feature = "webrtc"))]
mod events;
mod fingerprints;
#[cfg(any(feature = "mock", feature = "webrtc"))]
mod mailbox;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(any(feature = "mock", feature = "webrtc"))]
mod tray;
#[cfg(feature = "webrtc")]
pub mod webrtc;

pub use fingerprints::Fingerprints;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use rh_protocol::{
    EncodedFrame, EndReason, FromHelper, IceServer, Negotiation, PointerMove, ToHelper,
};

/// A connection to one helper. Shared by reference: the media thread shows while the event loop
/// listens. Dropping the last reference closes it.
///
/// More channels may come beside these (files); each is one more method here and one more
/// [`LinkEvent`].
#[async_trait]
pub trait Link: Send + Sync + 'static {
    /// Waits for what happens next; `None` once the link is closed and everything was reported.
    async fn next(&self) -> Option<LinkEvent>;

    /// Takes in one step of the helper's negotiation: its offer (answered by
    /// [`LinkEvent::Negotiate`]) or a candidate, in whatever order they come. An offer that cannot
    /// be answered ends the link; a candidate that is of no use is ignored.
    async fn negotiate(&self, step: Negotiation) -> Result<(), Gone>;

    /// Keeps relays for where there is no direct path; they count from the helper's next offer on. A
    /// link that needs none ignores it.
    async fn relay(&self, servers: Vec<IceServer>) {
        let _ = servers;
    }

    /// Tells the helper something, reliably and in order; before the link is up it waits for that.
    /// It never waits for the helper: a helper that takes in nothing for long loses the link, and
    /// before that cursor positions are left out.
    async fn tell(&self, message: &ToHelper) -> Result<(), Gone>;

    /// Whether a frame shown now would go out at once. Ask before capturing: a frame that was
    /// never encoded costs nothing, one that is dropped costs a key frame. While `false`, ask again
    /// within a few milliseconds.
    fn ready(&self) -> bool;

    /// Shows the helper a frame without waiting; drops it and says [`Shown::Dropped`] if the link
    /// is not up or cannot keep up.
    ///
    /// After a drop the link asks for a key frame by [`LinkEvent::KeyFrameWanted`] and drops
    /// everything until it comes.
    fn show(&self, frame: &EncodedFrame) -> Shown;

    /// Whether the helper can show video at all; one without H.264 sees what is painted.
    fn shows_video(&self) -> bool;

    /// Bytes that were painted and have not arrived yet; `None` while the helper takes no tiles.
    fn backlog(&self) -> Option<usize>;

    /// Paints beside the video, reliably and in order, without waiting: each of `messages` is an
    /// encoded [`TileMessage`](rh_protocol::tile::TileMessage). [`Shown::Dropped`] if the helper
    /// takes no tiles (any more), who then has to be shown everything by video.
    ///
    /// What is painted waits for what was painted before. So look at the [`backlog`](Self::backlog)
    /// first, and paint what is newest once there is room: a queue is delay.
    fn paint(&self, messages: Vec<Bytes>) -> Shown;

    /// Between which certificates it is; `None` before the offer was answered, and if either side's
    /// description does not name exactly one.
    fn fingerprints(&self) -> Option<Fingerprints>;

    /// Says goodbye with `reason`, waits briefly until it was sent, and closes.
    async fn close(&self, reason: EndReason);
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shown {
    /// It is on its way.
    Sent,
    /// It was left out, and all that refer to it will be.
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
