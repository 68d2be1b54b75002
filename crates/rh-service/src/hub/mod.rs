//! Who speaks with whom, without I/O.
//!
//! A [`Hub`] is told what happened on the connections and says who must hear what. It holds the
//! door with the codes and the limits on guessing them, and one [`SessionId`] for two connections that met. It reads
//! no clock and opens no socket; randomness comes in through [`Random`]. Sign-in happens before: a
//! connection comes with its [`Caller`].
//!
//! Who may do what is asked of `rh-policy` at every step: when a code is made, when a sharer comes
//! with one, at each question for a role; again every minute, and at once when a person, a device or
//! a tenant's rules change. What is not allowed any more ends, or falls back to viewing.
//!
//! Rules worth knowing:
//! - A connection is in one session at a time; both are free again once it is over.
//! - A code dies when it is used, replaced, left or ten minutes old, and with its helper's socket.
//! - One account may be helper and sharer in turn (S-01), and also at once on two connections, so a
//!   person can try the product alone.
//! - Late messages of a session that is over (a candidate, a leave) are dropped without an answer:
//!   they cross the other side's goodbye on the wire, and nobody did wrong.

mod chatting;
mod conn;
mod consenting;
mod deciding;
mod door;
mod event;
mod introducing;
mod nodes;
mod oversight;
pub(crate) mod random;
mod refused;
mod rules;
mod session;
mod standing;
mod visiting;
mod wire;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rh_protocol::{
    Client, EndReason, FromClient, Negotiation, Refusal, SessionId, ToClient, VERSION,
};

use crate::Close;
use conn::{Conn, State};
pub use door::CODE_LIFE;
use door::Door;
#[cfg(test)]
pub(crate) use door::Limits;
pub use door::{CodeKey, Source};
pub use event::{Alarm, Caller, Capacity, ConnId, Consented, Effect, Event, Meeting, Written};
pub use nodes::{Entered, FromNodes, NodeId, Opened, ParseNodeIdError, Passed, ToNodes};
pub use oversight::{Load, Running};
pub use random::{OsRandom, Random};
use refused::Refused;
use rules::Rules;
use session::Session;
pub use standing::RECHECK_EVERY;
pub(crate) use wire::reason_code;
pub(crate) use wire::unrecognised;

/// How long a connection may stay without a hello.
pub const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// Every connection, code and session of one service.
#[derive(Debug)]
pub struct Hub {
    capacity: Capacity,
    /// The public key of what the service signs, as it is told to clients.
    key: Option<String>,
    random: Box<dyn Random>,
    door: Door,
    rules: Rules,
    /// When every session was last asked about.
    rechecked: Option<Instant>,
    /// Whether no more codes are made.
    draining: bool,
    conns: BTreeMap<ConnId, Conn>,
    sessions: BTreeMap<SessionId, Session>,
    /// Whether this is one of several nodes, which know of each other's codes.
    shared: bool,
    /// Guests who may be in no session any more.
    leaving: Vec<ConnId>,
}

type Outcome = Result<Vec<Effect>, Refused>;

impl Hub {
    /// A hub without connections, whose codes are hashed with a fresh key. No tenant has rules yet,
    /// so nobody may do anything; see [`Event::Ruled`].
    pub fn new(capacity: Capacity, mut random: Box<dyn Random>) -> Self {
        let door = Door::new(random::bytes(&mut *random));
        Self {
            capacity,
            key: None,
            random,
            door,
            rules: Rules::default(),
            rechecked: None,
            draining: false,
            conns: BTreeMap::new(),
            sessions: BTreeMap::new(),
            shared: false,
            leaving: Vec::new(),
        }
    }

    /// Tells every client from now on that the service signs with the secret half of `key`.
    #[must_use]
    pub fn signing_with(self, key: String) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Takes note of what happened at `now`; returns what must be done, in order.
    pub fn handle(&mut self, now: Instant, event: Event) -> Vec<Effect> {
        let mut effects = match event {
            Event::Connected(conn, caller) => self.connect(now, conn, *caller),
            Event::Said(conn, message) => self.hear(now, conn, message),
            Event::Closed(conn) => self.forget(conn, true),
            Event::Broke(conn) => self.forget(conn, false),
            Event::Known(conn, person) => self.know(now, conn, person),
            Event::Found(conn, device) => self.find(now, conn, device),
            Event::Ruled(tenant) => {
                self.rules.set(*tenant);
                self.recheck_all(now)
            }
            Event::Suspended(tenant, person) => {
                self.rules.suspend(tenant, person);
                self.recheck_all(now)
            }
            Event::Reinstated(tenant, person) => {
                self.rules.reinstate(tenant, person);
                Vec::new()
            }
            Event::Node(conn, what) => self.hear_nodes(now, conn, what),
        };
        effects.extend(self.dismiss_guests());
        effects
    }

    /// Lets time pass: codes expire, connections without a hello are closed, and every minute the
    /// rules are asked about every session. Once a second is often enough.
    pub fn tick(&mut self, now: Instant) -> Vec<Effect> {
        self.door.tidy(now);
        let late = |conn: &Conn| matches!(conn.state, State::Stranger { until } if until <= now);
        let late: Vec<ConnId> =
            self.conns.iter().filter(|(_, conn)| late(conn)).map(|(&id, _)| id).collect();
        let mut effects: Vec<Effect> =
            late.into_iter().flat_map(|conn| self.close(conn, Close::NoHello)).collect();
        effects.extend(self.recheck_all_in_time(now));
        effects.extend(self.dismiss_guests());
        effects
    }

    fn connect(&mut self, now: Instant, conn: ConnId, caller: Caller) -> Vec<Effect> {
        let full = self.is_full();
        let state = State::Stranger { until: now + HELLO_WITHIN };
        self.conns.insert(conn, Conn::new(now, caller, state));
        if full { self.turn_away(conn, Refusal::Busy, Close::Busy) } else { Vec::new() }
    }

    fn is_full(&self) -> bool {
        self.conns.len() >= self.capacity.connections
    }

    fn hear(&mut self, now: Instant, conn: ConnId, message: FromClient) -> Vec<Effect> {
        if !self.conns.contains_key(&conn) {
            return Vec::new();
        }
        if let Some(effects) = self.hear_away(conn, &message) {
            return effects;
        }
        let outcome = match message {
            FromClient::Hello { version, client } => self.greet(conn, version, client),
            FromClient::NewSession { device } => self.new_session(now, conn, device),
            FromClient::Join { code } => self.join(now, conn, &code),
            FromClient::Request { role } => self.request(now, conn, role),
            FromClient::Answer { role, consent, shown } => self.answer(conn, role, consent, shown),
            FromClient::Negotiate { step } => self.negotiate(conn, step),
            FromClient::Relay => Ok(self.relay_anew(conn)),
            FromClient::Chat { text } => self.chat(now, conn, &text),
            FromClient::Introduce { code, stays } => self.introduce(conn, code, stays),
            FromClient::Leave { reason } => Ok(self.leave(conn, reason)),
            // Of those the hub hears what came of them: `Event::Found`.
            FromClient::Challenge | FromClient::Device { .. } => Err(Refusal::NotAllowed.into()),
        };
        outcome.unwrap_or_else(|refused| refused.effects(conn))
    }

    fn greet(&mut self, conn: ConnId, version: u16, client: Client) -> Outcome {
        let known = self.conns.get_mut(&conn).ok_or(Refusal::NotAllowed)?;
        let State::Stranger { .. } = known.state else { return Err(Refusal::NotAllowed.into()) };
        if version != VERSION {
            return Ok(self.turn_away(conn, Refusal::Version, Close::Version));
        }
        known.state = State::Idle(client);
        let you = known.caller.card.clone();
        let key = self.key.clone();
        Ok(vec![Effect::Tell(conn, ToClient::Welcome { version: VERSION, you, key })])
    }

    fn negotiate(&mut self, conn: ConnId, step: Negotiation) -> Outcome {
        let Some(session) = self.session_of(conn) else { return Ok(Vec::new()) };
        session.may_negotiate(conn, &step)?;
        Ok(vec![Effect::Tell(session.other(conn), ToClient::Negotiate { step })])
    }

    /// Lets both sides use a relay once more; nobody whose sharer has not agreed.
    fn relay_anew(&self, conn: ConnId) -> Vec<Effect> {
        let Some(&Conn { state: State::Met(id), .. }) = self.conns.get(&conn) else {
            return Vec::new();
        };
        let session = self.sessions.get(&id).filter(|session| session.may_be_relayed(conn));
        session.map(|it| Effect::Agreed(id, vec![it.helper, it.agent])).into_iter().collect()
    }

    fn leave(&mut self, conn: ConnId, claimed: EndReason) -> Vec<Effect> {
        let closed = self.cancel_code(conn);
        if let Some(Conn { state: state @ State::Entering { .. }, .. }) = self.conns.get_mut(&conn)
        {
            *state = State::Idle(Client::Agent);
        }
        let ended = |side| ToClient::Ended { reason: session::honest(side, claimed) };
        closed.into_iter().chain(self.part(conn, ended)).collect()
    }

    /// The connection is gone; `in_order` if the client closed it itself.
    fn forget(&mut self, conn: ConnId, in_order: bool) -> Vec<Effect> {
        let mut effects = self.gone_away(conn, in_order);
        effects.extend(self.cancel_code(conn));
        effects.extend(self.part(conn, |side| match side {
            _ if !in_order => ToClient::PeerVanished,
            Client::Helper => ToClient::Ended { reason: EndReason::HelperLeft },
            Client::Agent => ToClient::Ended { reason: EndReason::SharerEnded },
        }));
        self.conns.remove(&conn);
        effects
    }

    /// Ends the session of `conn`, if any, and tells the other side what `word` makes of the side
    /// that went.
    fn part(&mut self, conn: ConnId, word: impl FnOnce(Client) -> ToClient) -> Vec<Effect> {
        let Some(Conn { state: State::Met(id), .. }) = self.conns.get(&conn) else {
            return Vec::new();
        };
        let Some(session) = self.sessions.remove(id) else { return Vec::new() };
        self.set_state(session.helper, State::Idle(Client::Helper));
        self.set_state(session.agent, State::Idle(Client::Agent));
        vec![Effect::Tell(session.other(conn), word(session.side(conn)))]
    }

    fn turn_away(&mut self, conn: ConnId, refusal: Refusal, why: Close) -> Vec<Effect> {
        let mut effects = vec![Effect::Tell(conn, ToClient::Refused { refusal, retry_in: None })];
        effects.extend(self.close(conn, why));
        effects
    }

    fn close(&mut self, conn: ConnId, why: Close) -> Vec<Effect> {
        let mut effects = self.forget(conn, false);
        effects.push(Effect::Close(conn, why));
        effects
    }

    fn session_of(&mut self, conn: ConnId) -> Option<&mut Session> {
        match self.conns.get(&conn)?.state {
            State::Met(session) => self.sessions.get_mut(&session),
            State::Stranger { .. }
            | State::Idle(_)
            | State::Opening { .. }
            | State::Waiting { .. }
            | State::Entering { .. }
            | State::Away { .. } => None,
        }
    }

    fn set_state(&mut self, conn: ConnId, state: State) {
        if let Some(known) = self.conns.get_mut(&conn) {
            if known.guest {
                self.leaving.push(conn);
            }
            known.state = state;
        }
    }
}

#[cfg(test)]
mod chat_tests;
#[cfg(test)]
mod nodes_tests;
#[cfg(test)]
mod policy_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod threats;
