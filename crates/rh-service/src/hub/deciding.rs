//! The steps that the rules are asked about first.

use std::collections::BTreeMap;
use std::time::Instant;

use rh_policy::{Action, Decision, Device, DeviceId, Person};
use rh_protocol::{Client, Refusal, Role, SessionId, ToClient};

use super::door::{CODE_LIFE, Denied, Invitation, Verdict};
use super::event::Meeting;
use super::refused::{Refused, whole_seconds};
use super::rules::{Found, Rules, Sharer};
use super::session::Session;
use super::{Conn, ConnId, Effect, Hub, Outcome, Passed, State, random, wire};

impl Hub {
    /// A code in the place of the one that the helper has, for `device` if she names one.
    pub(super) fn new_session(
        &mut self,
        now: Instant,
        helper: ConnId,
        device: Option<String>,
    ) -> Outcome {
        let state = self.conns.get(&helper).map(|known| &known.state);
        if self.draining
            && let Some(State::Idle(Client::Helper) | State::Waiting { .. } | State::Opening { .. }) =
                state
        {
            // A code that there is already stays good.
            return Err(Refused::stopping());
        }
        let Ok(wanted) = device.map(DeviceId::try_from).transpose() else {
            return Err(Refusal::NotAllowed.into());
        };
        let closed = self.cancel_code(helper);
        let made = self.new_code(now, helper, wanted).unwrap_or_else(|no| no.effects(helper));
        Ok(closed.into_iter().chain(made).collect())
    }

    fn new_code(&mut self, now: Instant, helper: ConnId, wanted: Option<DeviceId>) -> Outcome {
        let known = self.conns.get_mut(&helper).ok_or(Refusal::NotAllowed)?;
        let State::Idle(Client::Helper) = known.state else {
            return Err(Refusal::NotAllowed.into());
        };
        let decision = self.rules.may_make_code(&known.caller.person);
        if let Some(no) = objection(Action::MakeCode, decision) {
            return Ok(vec![Effect::Tell(helper, no)]);
        }
        if self.door.open(now) + self.sessions.len() >= self.capacity.sessions {
            return Err(Refusal::Busy.into());
        }
        known.wanted = wanted;
        let session = SessionId(u128::from_le_bytes(random::bytes(&mut *self.random)));
        if self.shared {
            return self.announce(now, helper, session);
        }
        let until = now + CODE_LIFE;
        let invitation = Invitation { helper, session, until };
        let tenant = &known.caller.person.tenant;
        let (digits, code) = self.door.make(tenant, invitation, &mut *self.random);
        known.state = State::Waiting { code, until };
        let (code, expires_in) = (digits.to_string(), whole_seconds(CODE_LIFE));
        Ok(vec![Effect::Tell(helper, ToClient::Session { session, code, expires_in })])
    }

    /// S-46: a right code alone never suffices; the rules are asked about the two it would bring
    /// together.
    pub(super) fn join(&mut self, now: Instant, agent: ConnId, typed: &str) -> Outcome {
        let known = self.conns.get(&agent).ok_or(Refusal::NotAllowed)?;
        let State::Idle(Client::Agent) = known.state else {
            return Err(Refusal::NotAllowed.into());
        };
        if self.shared {
            return self.ask_nodes(agent, typed);
        }
        let sharer = Sharer::new(&known.caller, known.found.as_ref(), now);
        let judge = judge(&self.rules, &self.conns, &sharer);
        let entered = self.door.enter(now, &known.caller, typed, judge);
        self.admit(now, agent, entered)
    }

    /// What becomes of somebody who came to the door.
    pub(super) fn admit(
        &mut self,
        now: Instant,
        agent: ConnId,
        entered: Result<(Invitation, Judged), Denied<Judged>>,
    ) -> Outcome {
        match entered {
            Ok((invitation, (_, decision))) => Ok(self.meet(now, agent, invitation, decision)),
            Err(Denied::Malformed) => Err(Refusal::CodeFormat.into()),
            Err(Denied::Wait(wait)) => Err(Refused::to_wait(wait)),
            Err(Denied::Dead(alarm)) => Err(Refused::code(alarm)),
            Err(Denied::Later((_, later))) => {
                let step_up = objection(Action::Join, later);
                Ok(step_up.map(|told| Effect::Tell(agent, told)).into_iter().collect())
            }
            Err(Denied::Barred((helper, never), alarm)) => {
                Ok(barred(helper, agent, never, Refused::code(alarm)))
            }
        }
    }

    /// Brings the two together.
    fn meet(
        &mut self,
        now: Instant,
        agent: ConnId,
        invitation: Invitation,
        decision: Decision,
    ) -> Vec<Effect> {
        let Invitation { helper, session, until } = invitation;
        self.sessions.insert(session, Session::new(helper, agent, now));
        let meet = |to: ConnId, peer: ConnId| {
            let peer = self.conns[&peer].caller.card.clone();
            Effect::Tell(to, ToClient::Joined { session, peer })
        };
        let mut effects = vec![meet(helper, agent), meet(agent, helper)];
        effects.push(Effect::Acquaint(Box::new(Meeting {
            session,
            conns: [helper, agent],
            callers: [helper, agent].map(|side| self.conns[&side].caller.clone()),
            code_age: CODE_LIFE.saturating_sub(until.saturating_duration_since(now)),
        })));
        for side in [helper, agent] {
            self.set_state(side, State::Met(session));
        }
        if let Decision::Allow { warnings } = decision {
            effects.extend(self.tell_terms(now, session, &warnings));
        }
        effects
    }

    pub(super) fn request(&mut self, now: Instant, conn: ConnId, role: Role) -> Outcome {
        let Some(State::Met(id)) = self.conns.get(&conn).map(|known| &known.state) else {
            return Err(Refusal::NotAllowed.into());
        };
        let session = self.sessions.get_mut(id).ok_or(Refusal::NotAllowed)?;
        session.may_request(conn)?;
        let action = session.action(role);
        let (helper, agent) = (&self.conns[&session.helper], &self.conns[&session.agent]);
        let sharer = Sharer::new(&agent.caller, agent.found.as_ref(), now);
        let decision = self.rules.may(&helper.caller.person, action, &sharer);
        if let Some(no) = objection(action, decision) {
            return Ok(vec![Effect::Tell(conn, no)]);
        }
        session.ask(role);
        Ok(vec![Effect::Tell(session.agent, ToClient::Requested { role })])
    }

    /// Something else is known of the person at the other end of `conn`.
    pub(super) fn know(&mut self, now: Instant, conn: ConnId, person: Person) -> Vec<Effect> {
        let Some(known) = self.conns.get_mut(&conn) else { return Vec::new() };
        let before = &known.caller.person;
        if (&before.tenant, &before.id) != (&person.tenant, &person.id) {
            // Somebody else needs a connection of their own.
            return Vec::new();
        }
        known.caller.person = person.clone();
        let mut effects = self.news_away(conn, Passed::Known(person));
        effects.extend(self.recheck_of(now, conn));
        effects
    }

    /// Something else is known of the device at the other end of `conn`.
    pub(super) fn find(&mut self, now: Instant, conn: ConnId, device: Device) -> Vec<Effect> {
        let Some(known) = self.conns.get_mut(&conn) else { return Vec::new() };
        known.found = Some(Found::new(device.clone(), now));
        let mut effects = self.news_away(conn, Passed::Found(device));
        effects.extend(self.recheck_of(now, conn));
        effects
    }
}

/// The helper who made a code, and what the rules say of her and the sharer.
type Judged = (ConnId, Decision);

/// Asks the rules whether `sharer` may follow an invitation.
pub(super) fn judge<'a>(
    rules: &'a Rules,
    conns: &'a BTreeMap<ConnId, Conn>,
    sharer: &'a Sharer<'a>,
) -> impl FnOnce(&Invitation) -> Verdict<Judged> + use<'a> {
    move |invitation| {
        let helper = invitation.helper;
        match rules.may(&conns[&helper].caller.person, Action::Join, sharer) {
            allow @ Decision::Allow { .. } => Verdict::Enter((helper, allow)),
            later @ Decision::StepUp { .. } => Verdict::Later((helper, later)),
            never @ Decision::Deny { .. } => Verdict::Never((helper, never)),
        }
    }
}

/// What to tell whoever may not, or not yet; nothing if they may.
pub(super) fn objection(action: Action, decision: Decision) -> Option<ToClient> {
    match decision {
        Decision::Allow { .. } => None,
        Decision::StepUp { context, .. } => {
            Some(ToClient::StepUp { action: wire::name(action), context: context.into() })
        }
        Decision::Deny { reasons } => Some(wire::denied(action, &reasons)),
    }
}

/// A right code does not help: the helper hears why, the sharer what a wrong code is told, or what
/// is the matter with the device.
fn barred(helper: ConnId, agent: ConnId, never: Decision, wrong: Refused) -> Vec<Effect> {
    let Decision::Deny { reasons } = never else { return wrong.effects(agent) };
    let mut effects = wrong.effects(agent);
    if let Some(own) = wire::denied_for_the_device(&reasons) {
        effects[0] = Effect::Tell(agent, own);
    }
    effects.push(Effect::Tell(helper, wire::denied(Action::Join, &reasons)));
    effects
}
