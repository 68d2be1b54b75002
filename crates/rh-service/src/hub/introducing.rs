//! A helper brings a colleague (B-20).
//!
//! The hub only passes the colleague's code on to the sharer's agent, which enters it on a connection of
//! its own: so the colleague comes as any helper does, by the same rules, limits and questions.

use rh_protocol::{Refusal, ToClient};

use super::{ConnId, Effect, Hub, Outcome};

impl Hub {
    /// Passes the colleague's code on.
    pub(super) fn introduce(&mut self, conn: ConnId, code: String, stays: bool) -> Outcome {
        let known = self.conns.get(&conn).ok_or(Refusal::NotAllowed)?;
        let well_formed = self.door.key_of(&known.caller, &code).is_some();
        // Of a session that is over, as a late message.
        let Some(session) = self.session_of(conn) else { return Ok(Vec::new()) };
        if !well_formed {
            return Err(Refusal::CodeFormat.into());
        }
        session.introduce(conn)?;
        Ok(vec![Effect::Tell(session.agent, ToClient::Introduced { code, stays })])
    }
}

#[cfg(test)]
mod tests {
    use rh_protocol::{Consent, EndReason, FromClient, Role};

    use super::super::tests::{AGENT, HELPER, World, refused};
    use super::*;

    fn bring(world: &mut World, conn: ConnId, code: &str, stays: bool) -> Vec<Effect> {
        world.say(conn, FromClient::Introduce { code: code.to_owned(), stays })
    }

    fn sharing() -> World {
        let mut world = World::met();
        world.say(HELPER, FromClient::Request { role: Role::View });
        let consent = Consent::Allow;
        world.say(AGENT, FromClient::Answer { role: Role::View, consent, shown: None });
        world
    }

    /// B-20: the agent hears of the colleague, and nobody meets anybody by that.
    #[test]
    fn a_colleague_is_brought_to_a_sharer_who_agreed_to_the_helper() {
        let mut world = World::met();
        assert_eq!(
            bring(&mut world, HELPER, "12345678", true),
            refused(HELPER, Refusal::NotAllowed)
        );
        let mut world = sharing();
        for stays in [true, false] {
            let code = "1234 5678".to_owned();
            let told = ToClient::Introduced { code: code.clone(), stays };
            assert_eq!(bring(&mut world, HELPER, &code, stays), [Effect::Tell(AGENT, told)]);
        }
        assert_eq!(bring(&mut world, AGENT, "12345678", true), refused(AGENT, Refusal::NotAllowed));
    }

    #[test]
    fn what_is_no_code_goes_nowhere_and_costs_nothing() {
        let mut world = sharing();
        for code in ["", "1234567", "123456789", "1234567a"] {
            assert_eq!(bring(&mut world, HELPER, code, true), refused(HELPER, Refusal::CodeFormat));
        }
        assert_eq!(bring(&mut world, HELPER, "12345678", true).len(), 1);
    }

    /// S-46: a helper cannot use up a sharer's attempts, or guess through a sharer.
    #[test]
    fn a_helper_brings_so_many_and_no_more() {
        let mut world = sharing();
        for _ in 0..5 {
            assert_eq!(bring(&mut world, HELPER, "12345678", true).len(), 1);
        }
        let no = refused(HELPER, Refusal::TooManyAttempts);
        assert_eq!(bring(&mut world, HELPER, "12345678", true), no);
    }

    /// The sharer's agent ends the session of a helper who handed over; nobody else may say so.
    #[test]
    fn only_the_agent_says_that_a_sharer_was_handed_over() {
        let reason = EndReason::HandedOver;
        let ended = |conn, reason| vec![Effect::Tell(conn, ToClient::Ended { reason })];
        assert_eq!(sharing().say(AGENT, FromClient::Leave { reason }), ended(HELPER, reason));
        let other = ended(AGENT, EndReason::Other);
        assert_eq!(sharing().say(HELPER, FromClient::Leave { reason }), other);
        let mut late = sharing();
        late.say(AGENT, FromClient::Leave { reason });
        assert_eq!(bring(&mut late, HELPER, "12345678", false), []);
    }
}
