//! Sessions whose two sides are at two nodes, and codes that all nodes know.
//!
//! The code's owner decides, as if the sharer were connected here: of all nodes, it alone has the
//! invitation, and takes it out under its own lock, so however often a code comes in, and by
//! whichever ways, one sharer is let in. What the nodes share only says where to go.

use std::time::Instant;

use rh_protocol::{Client, FromClient, Refusal, SessionId, ToClient};

use super::deciding::judge;
use super::door::{CODE_LIFE, CodeKey, Denied, Invitation, Source};
use super::nodes::{Entered, FromNodes, Opened, Passed, ToNodes};
use super::refused::{Refused, whole_seconds};
use super::rules::Sharer;
use super::{Caller, Conn, ConnId, Effect, Hub, Outcome, State};

impl Hub {
    /// One hub of several: codes are hashed with the key that all of them have, and announced to the
    /// others ([`Effect::Node`]).
    pub fn among_nodes(self, key: [u8; 32]) -> Self {
        Self { door: super::Door::new(key), shared: true, ..self }
    }

    /// The codes that wait for a sharer, and until when.
    pub fn open_codes(&self) -> Vec<(ConnId, CodeKey, Instant)> {
        let waiting = |(&conn, known): (&ConnId, &Conn)| {
            let State::Waiting { code, until } = known.state else { return None };
            Some((conn, code, until))
        };
        self.conns.iter().filter_map(waiting).collect()
    }

    pub(super) fn hear_nodes(
        &mut self,
        now: Instant,
        conn: ConnId,
        what: FromNodes,
    ) -> Vec<Effect> {
        match what {
            FromNodes::Opened(key, opened) => self.opened(now, conn, key, opened),
            FromNodes::Entered(key, entered) => self.entered(now, conn, key, entered),
            FromNodes::Arrived(key, caller) => self.arrive(now, conn, key, *caller),
            FromNodes::Told(message) => self.relay(conn, message),
            FromNodes::Agreed(session) => self.agreed_away(conn, session),
            FromNodes::Dismissed => {
                if self.is_away(conn) {
                    self.set_state(conn, State::Idle(Client::Agent));
                }
                Vec::new()
            }
            FromNodes::Stranded => self.strand(conn),
        }
    }

    /// Makes a code, and tells it once all nodes know where it leads.
    pub(super) fn announce(&mut self, now: Instant, helper: ConnId, session: SessionId) -> Outcome {
        let known = self.conns.get_mut(&helper).ok_or(Refusal::NotAllowed)?;
        let until = now + CODE_LIFE;
        let invitation = Invitation { helper, session, until };
        let tenant = &known.caller.person.tenant;
        let (digits, code) = self.door.make(tenant, invitation, &mut *self.random);
        known.state = State::Opening { code, digits, session, until };
        Ok(vec![Effect::Node(helper, ToNodes::Open(code, until))])
    }

    fn opened(&mut self, now: Instant, conn: ConnId, key: CodeKey, opened: Opened) -> Vec<Effect> {
        let Some(known) = self.conns.get_mut(&conn) else { return Vec::new() };
        match (&known.state, opened) {
            // Another code has taken its place.
            (State::Opening { code, .. } | State::Waiting { code, .. }, _) if *code != key => {}
            (&State::Opening { digits, session, until, .. }, Opened::Ours) => {
                known.state = State::Waiting { code: key, until };
                let expires_in = whole_seconds(until.saturating_duration_since(now));
                let code = digits.to_string();
                let told = ToClient::Session { session, code, expires_in };
                return vec![Effect::Tell(conn, told)];
            }
            (&State::Opening { session, .. }, Opened::Taken) => {
                self.door.cancel(&key);
                return self.announce(now, conn, session).unwrap_or_default();
            }
            // When what the nodes share was lost, another node may have come first.
            (State::Opening { .. }, Opened::Unreachable)
            | (State::Waiting { .. }, Opened::Taken) => return self.withdraw(conn, key),
            (State::Waiting { .. }, Opened::Ours | Opened::Unreachable)
            | (
                State::Stranger { .. }
                | State::Idle(_)
                | State::Entering { .. }
                | State::Away { .. }
                | State::Met(_),
                _,
            ) => {}
        }
        Vec::new()
    }

    /// Cancels the code that `helper` waits with, if any; she is in no session then.
    pub(super) fn cancel_code(&mut self, helper: ConnId) -> Option<Effect> {
        let known = self.conns.get_mut(&helper)?;
        let (State::Waiting { code, .. } | State::Opening { code, .. }) = known.state else {
            return None;
        };
        known.state = State::Idle(Client::Helper);
        self.door.cancel(&code);
        self.shared.then_some(Effect::Node(helper, ToNodes::Close(code)))
    }

    /// A helper's code cannot stay; she hears that.
    fn withdraw(&mut self, conn: ConnId, key: CodeKey) -> Vec<Effect> {
        self.door.cancel(&key);
        self.set_state(conn, State::Idle(Client::Helper));
        Refused::from(Refusal::Busy).effects(conn)
    }

    /// Asks the nodes about a code that was typed here.
    pub(super) fn ask_nodes(&mut self, agent: ConnId, typed: &str) -> Outcome {
        let known = self.conns.get_mut(&agent).ok_or(Refusal::NotAllowed)?;
        let key = self.door.key_of(&known.caller, typed).ok_or(Refusal::CodeFormat)?;
        known.state = State::Entering { code: key };
        Ok(vec![Effect::Node(agent, ToNodes::Enter(key, Source::new(&known.caller)))])
    }

    fn entered(
        &mut self,
        now: Instant,
        conn: ConnId,
        key: CodeKey,
        entered: Entered,
    ) -> Vec<Effect> {
        let Some(known) = self.conns.get_mut(&conn) else { return Vec::new() };
        if !matches!(known.state, State::Entering { code } if code == key) {
            return Vec::new();
        }
        known.state = State::Idle(Client::Agent);
        let refused = match entered {
            Entered::Here => return self.follow(now, conn, key),
            Entered::At(owner) => {
                let device = known.found.as_ref().map(|found| found.at(now));
                let caller = Box::new(Caller { device, ..known.caller.clone() });
                known.state = State::Away { met: false };
                return vec![Effect::Node(conn, ToNodes::Visit(owner, key, caller))];
            }
            Entered::Wait(wait) => Refused::to_wait(wait),
            Entered::Dead(alarm) => Refused::code(alarm),
            Entered::Unreachable => Refusal::Busy.into(),
        };
        refused.effects(conn)
    }

    /// A guest comes with a code.
    fn arrive(&mut self, now: Instant, conn: ConnId, key: CodeKey, caller: Caller) -> Vec<Effect> {
        let full = self.is_full();
        let known = Conn::new(now, caller, State::Idle(Client::Agent));
        self.conns.insert(conn, Conn { guest: true, ..known });
        self.leaving.push(conn);
        if full {
            return Refused::from(Refusal::Busy).effects(conn);
        }
        self.follow(now, conn, key)
    }

    /// Lets a sharer follow a code of this node, whose attempt was counted by the nodes.
    fn follow(&mut self, now: Instant, agent: ConnId, key: CodeKey) -> Vec<Effect> {
        let known = &self.conns[&agent];
        let from = Source::new(&known.caller);
        let sharer = Sharer::new(&known.caller, known.found.as_ref(), now);
        let judge = judge(&self.rules, &self.conns, &sharer);
        let followed = self.door.follow(now, &key, judge);
        let news = match followed {
            Ok(_) => Some(ToNodes::Close(key)),
            Err(Denied::Barred(..)) => Some(ToNodes::Failed(from)),
            Err(_) => None,
        };
        let admitted = self.admit(now, agent, followed);
        let mut effects = admitted.unwrap_or_else(|no| no.effects(agent));
        effects.extend(news.map(|news| Effect::Node(agent, news)));
        effects
    }

    /// What the client of a connection that is away says goes to the owner; nothing if it is not
    /// away.
    pub(super) fn hear_away(&mut self, conn: ConnId, message: &FromClient) -> Option<Vec<Effect>> {
        if !self.is_away(conn) {
            return None;
        }
        let pass =
            |message: &FromClient| Effect::Node(conn, ToNodes::Pass(Passed::Said(message.clone())));
        Some(match message {
            FromClient::Leave { .. } => {
                self.set_state(conn, State::Idle(Client::Agent));
                vec![pass(message), Effect::Node(conn, ToNodes::Return)]
            }
            FromClient::Hello { .. }
            | FromClient::NewSession { .. }
            | FromClient::Join { .. }
            | FromClient::Introduce { .. }
            | FromClient::Challenge
            | FromClient::Device { .. } => Refused::from(Refusal::NotAllowed).effects(conn),
            FromClient::Request { .. }
            | FromClient::Answer { .. }
            | FromClient::Negotiate { .. }
            | FromClient::Relay
            | FromClient::Chat { .. } => vec![pass(message)],
        })
    }

    /// A connection that is away is gone.
    pub(super) fn gone_away(&self, conn: ConnId, in_order: bool) -> Vec<Effect> {
        if !self.is_away(conn) {
            return Vec::new();
        }
        let how = if in_order { Passed::Closed } else { Passed::Broke };
        vec![Effect::Node(conn, ToNodes::Pass(how)), Effect::Node(conn, ToNodes::Return)]
    }

    /// News of somebody who is away.
    pub(super) fn news_away(&self, conn: ConnId, news: Passed) -> Vec<Effect> {
        let news = self.is_away(conn).then_some(Effect::Node(conn, ToNodes::Pass(news)));
        news.into_iter().collect()
    }

    fn relay(&mut self, conn: ConnId, message: ToClient) -> Vec<Effect> {
        let Some(Conn { state: State::Away { met }, .. }) = self.conns.get_mut(&conn) else {
            return Vec::new();
        };
        *met |= matches!(message, ToClient::Joined { .. });
        // Who hears the last word may enter a code at once, before the owner's dismissal is here.
        let over = matches!(message, ToClient::Ended { .. } | ToClient::PeerVanished);
        let last = over || (!*met && matches!(message, ToClient::Refused { .. }));
        let told = Effect::Node(conn, ToNodes::Relay(message));
        if !last {
            return vec![told];
        }
        self.set_state(conn, State::Idle(Client::Agent));
        vec![told, Effect::Node(conn, ToNodes::Return)]
    }

    /// A sharer who is in a session at its owner's node may use a relay of this one.
    fn agreed_away(&self, conn: ConnId, session: SessionId) -> Vec<Effect> {
        let met =
            matches!(self.conns.get(&conn), Some(Conn { state: State::Away { met: true }, .. }));
        met.then(|| Effect::Agreed(session, vec![conn])).into_iter().collect()
    }

    /// The session goes on over its own link; a sharer who was still waiting may try again.
    fn strand(&mut self, conn: ConnId) -> Vec<Effect> {
        let Some(Conn { state: State::Away { met }, .. }) = self.conns.get(&conn) else {
            return Vec::new();
        };
        let word = if *met {
            ToClient::PeerVanished
        } else {
            ToClient::Refused { refusal: Refusal::Busy, retry_in: None }
        };
        self.set_state(conn, State::Idle(Client::Agent));
        let told = Effect::Node(conn, ToNodes::Relay(word));
        vec![told, Effect::Node(conn, ToNodes::Return)]
    }

    /// Forgets the guests who are in no session any more.
    pub(super) fn dismiss_guests(&mut self) -> Vec<Effect> {
        let leaving = std::mem::take(&mut self.leaving);
        let free = |conn: &ConnId| {
            let known = self.conns.get(conn);
            known.is_some_and(|it| it.guest && matches!(it.state, State::Idle(_)))
        };
        let leaving: Vec<_> = leaving.into_iter().filter(free).collect();
        let dismissed = leaving.into_iter().filter(|conn| self.conns.remove(conn).is_some());
        dismissed.map(|conn| Effect::Node(conn, ToNodes::Dismiss)).collect()
    }

    fn is_away(&self, conn: ConnId) -> bool {
        matches!(self.conns.get(&conn), Some(Conn { state: State::Away { .. }, .. }))
    }
}
