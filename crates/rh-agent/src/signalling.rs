//! The agent's line to the service, as two channels; who drives the far ends is another's concern.

use rh_protocol::{FromClient, ToClient};
use rh_signed::PublicKey;
use tokio::sync::mpsc;

/// How many messages may wait; a session exchanges a few dozen in all.
const WAITING: usize = 256;

/// The agent's ends.
#[derive(Debug)]
pub struct Signalling {
    /// To the service.
    pub outgoing: mpsc::Sender<FromClient>,
    /// From the service; closed when the line is lost.
    pub incoming: mpsc::Receiver<ToClient>,
    /// What the service signs with, as it said when the line was opened. Without it no record of a
    /// consent counts, so nobody gets to control anything.
    pub key: Option<PublicKey>,
}

/// The service's ends, in the hands of whoever carries the messages.
#[derive(Debug)]
pub struct SignallingPeer {
    /// From the agent; closed when the agent is done.
    pub outgoing: mpsc::Receiver<FromClient>,
    /// To the agent.
    pub incoming: mpsc::Sender<ToClient>,
}

impl Signalling {
    /// Both ends of a new line.
    pub fn pair() -> (Self, SignallingPeer) {
        let (to_service, outgoing) = mpsc::channel(WAITING);
        let (incoming, from_service) = mpsc::channel(WAITING);
        (
            Self { outgoing: to_service, incoming: from_service, key: None },
            SignallingPeer { outgoing, incoming },
        )
    }
}
