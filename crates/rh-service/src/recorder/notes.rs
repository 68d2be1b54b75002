//! What of the hub's affairs is recorded.

use std::collections::HashMap;

use rh_policy::TenantId;
use rh_protocol::{Client, EndReason, FromClient, SessionId, ToClient};
use rh_records::{Event as Recorded, Fact, Shown, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::devices::LookedUp;
use crate::hub::{Alarm, Caller, ConnId, Effect, Event, FromNodes, ToNodes};

/// Refusals of one connection that are recorded; a client that earns more floods.
const REFUSALS: u32 = 64;

/// Reads along with the hub. No I/O, no clock.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    present: HashMap<ConnId, Present>,
    /// The side that was told first, of a session whose other side is told next.
    meeting: Option<(SessionId, ConnId)>,
    met: HashMap<ConnId, Met>,
    /// The sessions of other nodes in which sharers of this one are.
    away: HashMap<ConnId, SessionId>,
    /// What the client wanted that is being answered.
    action: &'static str,
    /// What an agent states with the answer that is being passed on.
    stated: Option<rh_protocol::Shown>,
}

/// A connection.
#[derive(Debug)]
struct Present {
    caller: Caller,
    client: Option<Client>,
    refusals: u32,
}

/// A connection's session.
#[derive(Clone, Debug)]
struct Met {
    session: SessionId,
    tenant: TenantId,
    other: ConnId,
}

impl Notes {
    /// Reads what the hub is about to be told.
    pub(crate) fn hear(&mut self, event: &Event) {
        match event {
            Event::Connected(conn, caller) => {
                let present = Present { caller: Caller::clone(caller), client: None, refusals: 0 };
                self.present.insert(*conn, present);
                self.action = "connect";
            }
            Event::Said(conn, message) => {
                self.action = action(message);
                if let FromClient::Leave { .. } = message {
                    self.away.remove(conn);
                }
                self.stated = if let FromClient::Answer { shown, .. } = message {
                    shown.clone()
                } else {
                    None
                };
                if let FromClient::Hello { client, .. } = message
                    && let Some(present) = self.present.get_mut(conn)
                {
                    present.client = Some(*client);
                }
            }
            Event::Closed(conn) | Event::Broke(conn) => {
                self.present.remove(conn);
                self.away.remove(conn);
            }
            Event::Found(conn, device) => {
                if let Some(present) = self.present.get_mut(conn) {
                    present.caller.device = Some(device.clone());
                }
            }
            Event::Known(..) | Event::Ruled(_) | Event::Suspended(..) | Event::Reinstated(..) => {
                self.action = "recheck"
            }
            Event::Node(conn, what) => self.hear_nodes(*conn, what),
        }
    }

    /// A guest is recorded here, where the session is, and not where the socket is.
    fn hear_nodes(&mut self, conn: ConnId, what: &FromNodes) {
        match what {
            FromNodes::Arrived(_, caller) => {
                let (caller, client) = (Caller::clone(caller), Some(Client::Agent));
                self.present.insert(conn, Present { caller, client, refusals: 0 });
                self.action = "join";
            }
            FromNodes::Entered(..) => self.action = "join",
            FromNodes::Opened(..) => self.action = "new_session",
            FromNodes::Told(ToClient::Joined { session, .. }) => {
                self.away.insert(conn, *session);
            }
            FromNodes::Told(ToClient::Ended { .. } | ToClient::PeerVanished)
            | FromNodes::Dismissed
            | FromNodes::Stranded => {
                self.away.remove(&conn);
            }
            FromNodes::Told(_) | FromNodes::Agreed(_) => {}
        }
    }

    /// What is to be recorded of one of the hub's effects.
    pub(crate) fn see(&mut self, at: Timestamp, effect: &Effect) -> Option<Fact> {
        match effect {
            Effect::Tell(conn, message) => self.told(at, *conn, message),
            Effect::Alarm(Alarm::GuessedCodes { tenant, failures, accounts }) => {
                let (failures, accounts) = (*failures as u64, *accounts as u64);
                let event = Recorded::GuessedCodes { failures, accounts };
                Some(Fact { tenant: tenant.clone(), at, event })
            }
            Effect::Node(conn, ToNodes::Dismiss) => {
                self.present.remove(conn);
                None
            }
            Effect::Close(..)
            | Effect::Agreed(..)
            | Effect::Sign(_)
            | Effect::Keep(_)
            | Effect::Acquaint(_)
            | Effect::Node(..) => None,
        }
    }

    fn told(&mut self, at: Timestamp, conn: ConnId, message: &ToClient) -> Option<Fact> {
        match message {
            ToClient::Joined { session, .. } => self.joined(at, conn, *session),
            ToClient::Answered { role, consent } => {
                let Met { session, tenant, .. } = self.met.get(&conn)?.clone();
                let (role, consent) = (*role, *consent);
                let shown = self.stated.take().map(Shown::from).unwrap_or_default();
                let event = Recorded::Consented { session, role, consent, shown };
                Some(Fact { tenant, at, event })
            }
            ToClient::Ended { reason } => self.ended(at, conn, *reason),
            ToClient::PeerVanished => self.ended(at, conn, EndReason::ConnectionLost),
            ToClient::Lowered { role } => {
                let Met { session, tenant, .. } = self.met.get(&conn)?.clone();
                Some(Fact { tenant, at, event: Recorded::Lowered { session, role: *role } })
            }
            ToClient::Introduced { stays, .. } => {
                let Met { session, tenant, .. } = self.met.get(&conn)?.clone();
                Some(Fact { tenant, at, event: Recorded::Introduced { session, stays: *stays } })
            }
            ToClient::Refused { refusal, .. } => {
                self.refused(at, conn, self.action.to_owned(), word(refusal))
            }
            ToClient::Denied { action, reasons } => {
                let reasons: Vec<_> = reasons.iter().map(|it| word(&it.code)).collect();
                self.refused(at, conn, word(action), reasons.join(" "))
            }
            ToClient::StepUp { action, .. } => {
                self.refused(at, conn, word(action), "step_up".to_owned())
            }
            ToClient::Welcome { .. }
            | ToClient::Background { .. }
            | ToClient::Recorded { .. }
            | ToClient::Session { .. }
            | ToClient::Challenge { .. }
            | ToClient::Device { .. }
            | ToClient::Requested { .. }
            | ToClient::Negotiate { .. }
            | ToClient::Terms { .. }
            | ToClient::Chat { .. }
            | ToClient::Relay { .. } => None,
        }
    }

    /// What is to be recorded of a directory's answer about the device at the other end of `conn`.
    pub(crate) fn looked_up(&self, at: Timestamp, conn: ConnId, answer: LookedUp) -> Option<Fact> {
        let sharer = &self.present.get(&conn)?.caller;
        let here = self.met.get(&conn).map(|met| met.session);
        let event = answer.event(sharer, here.or_else(|| self.away.get(&conn).copied()));
        Some(Fact { tenant: sharer.person.tenant.clone(), at, event })
    }

    /// Both sides are told, one after the other; it has begun when the second is.
    fn joined(&mut self, at: Timestamp, conn: ConnId, session: SessionId) -> Option<Fact> {
        let Some((_, first)) = self.meeting.take_if(|(met, _)| *met == session) else {
            self.meeting = Some((session, conn));
            return None;
        };
        let (a, b) = (self.present.get(&first)?, self.present.get(&conn)?);
        let (helper, sharer) = if a.client == Some(Client::Helper) { (a, b) } else { (b, a) };
        let tenant = helper.caller.person.tenant.clone();
        let device = sharer.caller.device.as_ref().and_then(|device| device.id.clone());
        let (helper, sharer) = (helper.caller.party(), sharer.caller.party());
        for (side, other) in [(first, conn), (conn, first)] {
            self.met.insert(side, Met { session, tenant: tenant.clone(), other });
        }
        let event = Recorded::SessionStarted { session, helper, sharer, device };
        Some(Fact { tenant, at, event })
    }

    fn ended(&mut self, at: Timestamp, conn: ConnId, reason: EndReason) -> Option<Fact> {
        let Met { session, tenant, other } = self.met.remove(&conn)?;
        self.met.remove(&other);
        Some(Fact { tenant, at, event: Recorded::SessionEnded { session, reason } })
    }

    fn refused(
        &mut self,
        at: Timestamp,
        conn: ConnId,
        action: String,
        reason: String,
    ) -> Option<Fact> {
        let present = self.present.get_mut(&conn)?;
        present.refusals += 1;
        if present.refusals > REFUSALS {
            return None;
        }
        let Caller { person, address, .. } = &present.caller;
        let (tenant, person, address) = (person.tenant.clone(), person.id.clone(), Some(*address));
        Some(Fact { tenant, at, event: Recorded::Refused { person, address, action, reason } })
    }
}

/// The word of the wire for a message.
fn action(message: &FromClient) -> &'static str {
    match message {
        FromClient::Hello { .. } => "hello",
        FromClient::NewSession { .. } => "new_session",
        FromClient::Join { .. } => "join",
        FromClient::Request { .. } => "request",
        FromClient::Answer { .. } => "answer",
        FromClient::Negotiate { .. } => "negotiate",
        FromClient::Relay => "relay",
        FromClient::Chat { .. } => "chat",
        FromClient::Introduce { .. } => "introduce",
        FromClient::Leave { .. } => "leave",
        FromClient::Challenge => "challenge",
        FromClient::Device { .. } => "device",
    }
}

/// The word of the wire for one of its values.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => "other".to_owned(),
    }
}
