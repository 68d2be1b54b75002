//! What a sharer answers.

use rh_protocol::{Consent, Refusal, Role, Shown, ToClient};

use super::event::Consented;
use super::{ConnId, Effect, Hub, Outcome, State};

impl Hub {
    /// Passes an answer on. A yes that the agent states what was shown for is signed (S-46).
    pub(super) fn answer(
        &mut self,
        conn: ConnId,
        role: Role,
        consent: Consent,
        shown: Option<Shown>,
    ) -> Outcome {
        let Some(&State::Met(id)) = self.conns.get(&conn).map(|known| &known.state) else {
            return Err(Refusal::NotAllowed.into());
        };
        let session = self.sessions.get_mut(&id).ok_or(Refusal::NotAllowed)?;
        if shown.as_ref().is_some_and(|shown| !shown.is_sound()) {
            return Err(Refusal::NotAllowed.into());
        }
        session.answer(conn, role, consent)?;
        let (helper, agent) = (session.helper, session.agent);
        let mut effects = vec![Effect::Tell(helper, ToClient::Answered { role, consent })];
        if consent == Consent::Allow {
            effects.push(Effect::Agreed(id, vec![helper, agent]));
        }
        if let (Consent::Allow, Some(shown)) = (consent, shown) {
            let parties = [helper, agent].map(|side| self.conns[&side].caller.party());
            let tenant = self.conns[&helper].caller.person.tenant.clone();
            let consented = Consented { helper, agent, session: id, tenant, parties, role, shown };
            effects.push(Effect::Sign(Box::new(consented)));
        }
        Ok(effects)
    }
}
