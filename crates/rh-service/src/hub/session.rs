//! Two connections that met, and what each may say to the other.

use rh_protocol::{Client, EndReason, Negotiation, Refusal, Role, limits};

use super::ConnId;

/// A helper's and an agent's connection in one session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) helper: ConnId,
    pub(super) agent: ConnId,
    /// The role the sharer is being asked for.
    open: Option<Role>,
}

impl Session {
    pub(super) fn new(helper: ConnId, agent: ConnId) -> Self {
        Self { helper, agent, open: None }
    }

    pub(super) fn side(&self, conn: ConnId) -> Client {
        if conn == self.helper { Client::Helper } else { Client::Agent }
    }

    pub(super) fn other(&self, conn: ConnId) -> ConnId {
        if conn == self.helper { self.agent } else { self.helper }
    }

    /// Only the helper asks, and one question at a time.
    pub(super) fn request(&mut self, from: ConnId, role: Role) -> Result<(), Refusal> {
        match (self.side(from), self.open) {
            (Client::Helper, None) => {
                self.open = Some(role);
                Ok(())
            }
            (Client::Helper, Some(_)) | (Client::Agent, _) => Err(Refusal::NotAllowed),
        }
    }

    /// Only the agent answers, and only the question that is open.
    pub(super) fn answer(&mut self, from: ConnId, role: Role) -> Result<(), Refusal> {
        match self.side(from) {
            Client::Agent if self.open == Some(role) => {
                self.open = None;
                Ok(())
            }
            Client::Agent | Client::Helper => Err(Refusal::NotAllowed),
        }
    }

    /// The helper offers, the agent answers, both bring candidates.
    pub(super) fn may_negotiate(&self, from: ConnId, step: &Negotiation) -> Result<(), Refusal> {
        let allowed = match (self.side(from), step) {
            (Client::Helper, Negotiation::Offer { sdp })
            | (Client::Agent, Negotiation::Answer { sdp }) => sdp.len() <= limits::SDP_BYTES,
            (Client::Helper | Client::Agent, Negotiation::Candidate { .. }) => true,
            (Client::Helper, Negotiation::Answer { .. })
            | (Client::Agent, Negotiation::Offer { .. }) => false,
        };
        if allowed { Ok(()) } else { Err(Refusal::NotAllowed) }
    }
}

/// The reason the other side is told when `side` leaves and claims `claimed`: nobody may speak for
/// the other side or for the service.
pub(super) fn honest(side: Client, claimed: EndReason) -> EndReason {
    use EndReason as R;
    match (side, claimed) {
        (Client::Helper, R::HelperEnded | R::HelperLeft)
        | (Client::Agent, R::SharerEnded | R::Declined | R::NoAnswer | R::CaptureFailed)
        | (_, R::Crashed | R::ConnectionLost | R::Version) => claimed,
        (
            Client::Helper,
            R::Declined
            | R::NoAnswer
            | R::SharerEnded
            | R::CaptureFailed
            | R::ServiceEnded
            | R::Other,
        )
        | (Client::Agent, R::HelperEnded | R::HelperLeft | R::ServiceEnded | R::Other) => R::Other,
    }
}
