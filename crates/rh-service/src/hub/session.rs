//! Two connections that met, and what each may say to the other.

use std::time::Instant;

use rh_policy::Action;
use rh_protocol::policy::Warning;
use rh_protocol::{Client, Consent, EndReason, Negotiation, Refusal, Role, limits};

use super::ConnId;

/// Colleagues whom a helper may try to bring in one session.
const INTRODUCTIONS: u32 = 5;

/// A helper's and an agent's connection in one session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) helper: ConnId,
    pub(super) agent: ConnId,
    /// When the two met.
    pub(super) since: Instant,
    /// What both were told of the rules.
    pub(super) terms: Terms,
    /// The role the sharer is being asked for.
    open: Option<Role>,
    /// The role the sharer has allowed.
    granted: Option<Role>,
    /// How many messages the thread has.
    said: u32,
    /// How many colleagues the helper tried to bring.
    introduced: u32,
}

/// What the rules say of a session.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Terms {
    pub(super) warnings: Vec<Warning>,
    pub(super) chat: bool,
}

impl Session {
    pub(super) fn new(helper: ConnId, agent: ConnId, since: Instant) -> Self {
        let terms = Terms { warnings: Vec::new(), chat: true };
        Self { helper, agent, since, terms, open: None, granted: None, said: 0, introduced: 0 }
    }

    pub(super) fn side(&self, conn: ConnId) -> Client {
        if conn == self.helper { Client::Helper } else { Client::Agent }
    }

    pub(super) fn other(&self, conn: ConnId) -> ConnId {
        if conn == self.helper { self.agent } else { self.helper }
    }

    /// What the sharer has allowed.
    pub(super) fn granted(&self) -> Option<Role> {
        self.granted
    }

    /// The most that the helper has or may be given by an answer.
    pub(super) fn most(&self) -> Option<Role> {
        self.granted.max(self.open)
    }

    /// What it is to ask for `role` now.
    pub(super) fn action(&self, role: Role) -> Action {
        match (self.granted, role) {
            (Some(Role::View), Role::Control) => Action::Upgrade,
            (None | Some(Role::View | Role::Control), Role::View)
            | (None | Some(Role::Control), Role::Control) => Action::Ask(role),
        }
    }

    /// Only the helper asks for a relay, of a sharer who agreed.
    pub(super) fn may_be_relayed(&self, from: ConnId) -> bool {
        self.side(from) == Client::Helper && self.granted.is_some()
    }

    /// Only the helper asks, and one question at a time.
    pub(super) fn may_request(&self, from: ConnId) -> Result<(), Refusal> {
        match (self.side(from), self.open) {
            (Client::Helper, None) => Ok(()),
            (Client::Helper, Some(_)) | (Client::Agent, _) => Err(Refusal::NotAllowed),
        }
    }

    /// The sharer is asked.
    pub(super) fn ask(&mut self, role: Role) {
        self.open = Some(role);
    }

    /// Takes full control and a question for it back; returns what is not allowed any more.
    pub(super) fn lower(&mut self) -> Action {
        let action = self.action(Role::Control);
        self.open = self.open.filter(|&role| role < Role::Control);
        self.granted = self.granted.min(Some(Role::View));
        action
    }

    /// Only the helper brings a colleague, to a sharer who agreed to the helper, and not without end: each
    /// code counts against the sharer's limits.
    pub(super) fn introduce(&mut self, from: ConnId) -> Result<(), Refusal> {
        match (self.side(from), self.granted) {
            (Client::Helper, Some(_)) if self.introduced >= INTRODUCTIONS => {
                Err(Refusal::TooManyAttempts)
            }
            (Client::Helper, Some(_)) => {
                self.introduced += 1;
                Ok(())
            }
            (Client::Helper, None) | (Client::Agent, _) => Err(Refusal::NotAllowed),
        }
    }

    /// The place of the next message of the thread.
    pub(super) fn next_place(&mut self) -> Result<u32, Refusal> {
        if self.granted.is_none() {
            return Err(Refusal::NotAllowed);
        }
        if self.said >= limits::CHAT_MESSAGES {
            return Err(Refusal::Busy);
        }
        self.said += 1;
        Ok(self.said)
    }

    /// Only the agent answers, and only the question that is open.
    pub(super) fn answer(
        &mut self,
        from: ConnId,
        role: Role,
        consent: Consent,
    ) -> Result<(), Refusal> {
        match self.side(from) {
            Client::Agent if self.open == Some(role) => {
                self.open = None;
                if consent == Consent::Allow {
                    self.granted = Some(role);
                }
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
        | (
            Client::Agent,
            R::SharerEnded | R::Declined | R::NoAnswer | R::CaptureFailed | R::HandedOver,
        )
        | (_, R::Crashed | R::ConnectionLost | R::Version) => claimed,
        (
            Client::Helper,
            R::Declined
            | R::NoAnswer
            | R::SharerEnded
            | R::CaptureFailed
            | R::ServiceEnded
            | R::HandedOver
            | R::RightRevoked
            | R::AdministratorEnded
            | R::Other,
        )
        | (
            Client::Agent,
            R::HelperEnded
            | R::HelperLeft
            | R::ServiceEnded
            | R::RightRevoked
            | R::AdministratorEnded
            | R::Other,
        ) => R::Other,
    }
}
