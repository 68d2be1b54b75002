//! One connection, as the hub knows it.

use std::time::Instant;

use rh_policy::DeviceId;
use rh_protocol::{Client, SessionId};

use super::door::Code;
use super::rules::Found;
use super::{Caller, CodeKey};

#[derive(Debug)]
pub(super) struct Conn {
    pub(super) caller: Caller,
    /// What is known of the device at the other end.
    pub(super) found: Option<Found>,
    pub(super) state: State,
    /// The device that a helper's code is for.
    pub(super) wanted: Option<DeviceId>,
    /// Whether the socket is at another node.
    pub(super) guest: bool,
}

impl Conn {
    /// One whose socket is here.
    pub(super) fn new(now: Instant, mut caller: Caller, state: State) -> Self {
        caller.card = caller.card.cleaned();
        let found = caller.device.take().map(|device| Found::new(device, now));
        Self { caller, found, state, wanted: None, guest: false }
    }
}

#[derive(Debug)]
pub(super) enum State {
    /// Has not said hello.
    Stranger { until: Instant },
    /// In no session.
    Idle(Client),
    /// A helper whose code the other nodes do not know yet.
    Opening { code: CodeKey, digits: Code, session: SessionId, until: Instant },
    /// A helper whose code nobody entered yet.
    Waiting { code: CodeKey, until: Instant },
    /// A sharer about whose code the nodes are asked.
    Entering { code: CodeKey },
    /// A sharer at another node's door, or in one of its sessions.
    Away { met: bool },
    /// In a session.
    Met(SessionId),
}
