//! What those who run the service and those who run a tenant see of it, and may end.

use std::time::Instant;

use rh_policy::{DeviceId, PersonId, TenantId};
use rh_protocol::{Client, EndReason, Role, SessionId, ToClient};

use super::session::Session;
use super::{Caller, Effect, Hub, State};

/// How much one hub holds at a moment.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Load {
    /// Connections.
    pub connections: usize,
    /// Sessions.
    pub sessions: usize,
    /// Codes that nobody entered yet.
    pub codes: usize,
}

impl Load {
    /// Whether somebody would lose something if the service stopped now.
    pub fn is_busy(self) -> bool {
        self.sessions + self.codes > 0
    }
}

/// A session that runs.
#[derive(Clone, Copy, Debug)]
pub struct Running<'a> {
    /// Which.
    pub session: SessionId,
    /// When the two met.
    pub since: Instant,
    /// Who helps.
    pub helper: &'a Caller,
    /// Who is helped.
    pub sharer: &'a Caller,
    /// The sharer's device, if a directory knows it.
    pub device: Option<&'a DeviceId>,
    /// What the helper holds, once the sharer has allowed anything.
    pub role: Option<Role>,
}

impl Hub {
    /// The sessions of a tenant, in the order of their ids.
    pub fn running<'a>(&'a self, tenant: &'a TenantId) -> impl Iterator<Item = Running<'a>> {
        let all = self.sessions.iter().map(|(id, session)| self.seen(*id, session));
        all.filter(|running| running.helper.person.tenant == *tenant)
    }

    /// Whom `sharer` is being helped by in a session that runs.
    pub fn helper_in(
        &self,
        session: SessionId,
        tenant: &TenantId,
        sharer: &PersonId,
    ) -> Option<PersonId> {
        let session = self.sessions.get(&session)?;
        let person = |conn| &self.conns[&conn].caller.person;
        let (helper, agent) = (person(session.helper), person(session.agent));
        let own = (&agent.tenant, &agent.id) == (tenant, sharer);
        own.then(|| helper.id.clone())
    }

    fn seen(&self, id: SessionId, session: &Session) -> Running<'_> {
        let (helper, agent) = (&self.conns[&session.helper], &self.conns[&session.agent]);
        let device = agent.found.as_ref().and_then(|found| found.device());
        let (since, role) = (session.since, session.granted());
        let (helper, sharer) = (&helper.caller, &agent.caller);
        Running { session: id, since, helper, sharer, device, role }
    }

    /// Ends a session of `tenant` for an administrator; both sides hear that. Nothing if the tenant
    /// has no such session.
    pub fn end(&mut self, tenant: &TenantId, id: SessionId) -> Option<Vec<Effect>> {
        let session = self.sessions.get(&id)?;
        if self.seen(id, session).helper.person.tenant != *tenant {
            return None;
        }
        let Session { helper, agent, .. } = self.sessions.remove(&id)?;
        self.set_state(helper, State::Idle(Client::Helper));
        self.set_state(agent, State::Idle(Client::Agent));
        let ended =
            |conn| Effect::Tell(conn, ToClient::Ended { reason: EndReason::AdministratorEnded });
        Some(vec![ended(helper), ended(agent)])
    }

    /// How much there is at `now`.
    pub fn load(&mut self, now: Instant) -> Load {
        let (connections, sessions) = (self.conns.len(), self.sessions.len());
        Load { connections, sessions, codes: self.door.open(now) }
    }

    /// From now on no code is made. Those that were made can still be entered, and what runs goes
    /// on.
    pub fn drain(&mut self) {
        self.draining = true;
    }
}
