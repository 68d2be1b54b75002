//! What sessions may still do: asked again every minute, and at once when something changes.

use std::time::{Duration, Instant};

use rh_policy::{Action, Decision, Reason, Standing, Warning};
use rh_protocol::{Client, EndReason, Role, SessionId, ToClient};

use super::rules::{Found, Sharer};
use super::session::{Session, Terms};
use super::{ConnId, Effect, Hub, State, wire};

/// How often every session is asked about, whatever changes.
pub const RECHECK_EVERY: Duration = Duration::from_secs(60);

impl Hub {
    /// Asks about every session, if it is time to.
    pub(super) fn recheck_all_in_time(&mut self, now: Instant) -> Vec<Effect> {
        if self.rechecked.is_some_and(|last| now < last + RECHECK_EVERY) {
            return Vec::new();
        }
        self.recheck_all(now)
    }

    /// Asks about every session and code at once.
    pub(super) fn recheck_all(&mut self, now: Instant) -> Vec<Effect> {
        self.rechecked = Some(now);
        let waiting: Vec<ConnId> = self.conns.keys().copied().collect();
        let mut effects: Vec<Effect> =
            waiting.into_iter().flat_map(|conn| self.recheck_code(conn)).collect();
        let all: Vec<SessionId> = self.sessions.keys().copied().collect();
        effects.extend(all.into_iter().flat_map(|session| self.recheck(now, session)));
        effects
    }

    /// Cancels the code of a helper who could not make it any more, and says why.
    fn recheck_code(&mut self, helper: ConnId) -> Vec<Effect> {
        let Some(known) = self.conns.get(&helper) else { return Vec::new() };
        if !matches!(known.state, State::Waiting { .. } | State::Opening { .. }) {
            return Vec::new();
        }
        let Decision::Deny { reasons } = self.rules.may_make_code(&known.caller.person) else {
            return Vec::new();
        };
        let denied = Effect::Tell(helper, wire::denied(Action::MakeCode, &reasons));
        self.cancel_code(helper).into_iter().chain([denied]).collect()
    }

    /// Asks about the session of `conn`, if it is in one, or about its code.
    pub(super) fn recheck_of(&mut self, now: Instant, conn: ConnId) -> Vec<Effect> {
        match self.conns.get(&conn).map(|known| &known.state) {
            Some(&State::Met(session)) => self.recheck(now, session),
            Some(State::Waiting { .. } | State::Opening { .. }) => self.recheck_code(conn),
            Some(
                State::Stranger { .. }
                | State::Idle(_)
                | State::Entering { .. }
                | State::Away { .. },
            )
            | None => Vec::new(),
        }
    }

    fn recheck(&mut self, now: Instant, id: SessionId) -> Vec<Effect> {
        let Some(session) = self.sessions.get(&id) else { return Vec::new() };
        let role = session.most();
        let (helper, agent) = (&self.conns[&session.helper], &self.conns[&session.agent]);
        let sharer = Sharer::new(&agent.caller, agent.found.as_ref(), now);
        match self.rules.standing(&helper.caller.person, role, &sharer) {
            Standing::Continues { warnings } => self.tell_terms(now, id, &warnings),
            Standing::ViewOnly { reasons } => {
                let mut effects = self.lower(id, &reasons);
                effects.extend(self.recheck(now, id));
                effects
            }
            Standing::Ends { reasons } => {
                self.revoke(id, role.map_or(Action::Join, Action::Ask), &reasons)
            }
        }
    }

    /// Tells both sides what the rules say of their session, as far as they have not heard it.
    /// A session of which nothing was told has no warnings, and a chat.
    pub(super) fn tell_terms(
        &mut self,
        now: Instant,
        id: SessionId,
        warnings: &[Warning],
    ) -> Vec<Effect> {
        let Some(session) = self.sessions.get_mut(&id) else { return Vec::new() };
        let (helper, agent) = (&self.conns[&session.helper], &self.conns[&session.agent]);
        let sharer = Sharer::new(&agent.caller, agent.found.as_ref(), now);
        let chat = self.rules.may(&helper.caller.person, Action::Chat, &sharer);
        // Where it asks for a stronger sign-in, the helper makes that when she writes.
        let chat = !matches!(chat, Decision::Deny { .. });
        let mut warnings: Vec<_> = warnings.iter().map(wire::warning).collect();
        let shared = agent.found.as_ref().and_then(Found::device);
        if helper.wanted.is_some() && shared != helper.wanted.as_ref() {
            warnings.push(wire::other_device());
        }
        let (helper, agent) = (session.helper, session.agent);
        let before = std::mem::replace(&mut session.terms, Terms { warnings, chat });
        let mut effects = Vec::new();
        if before != session.terms {
            let warnings = session.terms.warnings.clone();
            effects.push(Effect::Tell(helper, ToClient::Terms { warnings, chat }));
        }
        if before.chat != chat {
            let warnings = Vec::new();
            effects.push(Effect::Tell(agent, ToClient::Terms { warnings, chat }));
        }
        effects
    }

    /// Full control is no longer allowed, nor to be asked for; viewing goes on.
    fn lower(&mut self, id: SessionId, reasons: &[Reason]) -> Vec<Effect> {
        let Some(session) = self.sessions.get_mut(&id) else { return Vec::new() };
        let action = session.lower();
        vec![
            Effect::Tell(session.helper, wire::denied(action, reasons)),
            Effect::Tell(session.agent, ToClient::Lowered { role: Role::View }),
        ]
    }

    /// Ends a session that is not allowed any more; both hear that, and the helper why.
    fn revoke(&mut self, id: SessionId, action: Action, reasons: &[Reason]) -> Vec<Effect> {
        let Some(Session { helper, agent, .. }) = self.sessions.remove(&id) else {
            return Vec::new();
        };
        self.set_state(helper, State::Idle(Client::Helper));
        self.set_state(agent, State::Idle(Client::Agent));
        let ended = || ToClient::Ended { reason: EndReason::RightRevoked };
        let own = wire::denied_for_the_device(reasons).map(|own| Effect::Tell(agent, own));
        let helpers =
            [Effect::Tell(helper, wire::denied(action, reasons)), Effect::Tell(helper, ended())];
        helpers.into_iter().chain(own).chain([Effect::Tell(agent, ended())]).collect()
    }
}
