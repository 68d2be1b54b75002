//! What the two of a session write to one another (S-16).
//!
//! Every message takes its place in the session's one thread here, whichever side wrote it, and both
//! sides hear it with that place: so both have the same messages in the same order.

use std::time::Instant;

use rh_policy::Action;
use rh_protocol::{Client, Refusal, ToClient, chat_text};

use super::deciding::objection;
use super::event::Written;
use super::rules::Sharer;
use super::{ConnId, Effect, Hub, Outcome, State};

impl Hub {
    /// Puts a message into the thread. Nobody writes before the sharer has allowed something: whoever
    /// guesses a code is not yet somebody to talk to.
    pub(super) fn chat(&mut self, now: Instant, conn: ConnId, text: &str) -> Outcome {
        let Some(&State::Met(id)) = self.conns.get(&conn).map(|known| &known.state) else {
            return Ok(Vec::new());
        };
        let session = self.sessions.get_mut(&id).ok_or(Refusal::NotAllowed)?;
        let (text, from) = (chat_text(text).ok_or(Refusal::NotAllowed)?, session.side(conn));
        let (helper, agent) = (&self.conns[&session.helper], &self.conns[&session.agent]);
        let sharer = Sharer::new(&agent.caller, agent.found.as_ref(), now);
        let decision = self.rules.may(&helper.caller.person, Action::Chat, &sharer);
        match (objection(Action::Chat, decision), from) {
            (None, _) => {}
            (Some(no), Client::Helper) => return Ok(vec![Effect::Tell(conn, no)]),
            // The rules speak of the helper, who has to do something about it.
            (Some(_), Client::Agent) => return Err(Refusal::NotAllowed.into()),
        }
        let place = session.next_place()?;
        let told = |side| Effect::Tell(side, ToClient::Chat { place, from, text: text.clone() });
        let (both, by) =
            ([session.helper, session.agent].map(told), &self.conns[&conn].caller.person);
        let (tenant, author) = (by.tenant.clone(), by.id.clone());
        let kept = Effect::Keep(Box::new(Written { tenant, session: id, author, text }));
        Ok([kept].into_iter().chain(both).collect())
    }
}
