//! Hands out what the hub decides: to sockets, to other nodes, to the records.

use std::collections::VecDeque;
use std::time::Instant;

use rh_policy::TenantId;
use rh_protocol::{IceServer, SessionId, ToClient, encode};
use rh_records::{Event as Recorded, Fact, NewMessage, Timestamp};
use rh_relay::server::Credentials;

use super::super::consent;
use super::{Inner, Outgoing};
use crate::clock::{both, wall};
use crate::hub::{ConnId, Effect, Event, Meeting, ToNodes, Written};
use crate::shield::Acquaintance;

fn message(written: Written, at: Timestamp) -> NewMessage {
    let Written { tenant, session, author, text } = written;
    NewMessage { tenant, session, at, author, text }
}

impl Inner {
    pub(super) fn note(&self, tenant: &TenantId, event: Recorded) {
        self.observers.hear(Fact { tenant: tenant.clone(), at: wall(), event });
    }

    pub(super) const fn new_conn(&mut self) -> ConnId {
        let conn = ConnId(self.next);
        self.next += 1;
        conn
    }

    /// What there is to tell two who met at once; nothing if it is looked up first.
    fn acquaint(&self, meeting: Meeting) -> Option<[Effect; 2]> {
        let two = Acquaintance::new(meeting, &self.names);
        let Some(queue) = &self.acquaintances else { return Some(two.effects()) };
        let refused = queue.try_send(two).err()?;
        Some(refused.into_inner().effects())
    }

    pub(super) fn handle(&mut self, now: Instant, event: Event) {
        self.notes.hear(&event);
        let effects = self.hub.handle(now, event);
        self.carry_out(now, effects);
    }

    /// What one side of a session needs to use the relay; the node that has its socket knows how that is
    /// reached.
    fn grant(&self, session: SessionId, side: ConnId) -> Option<Effect> {
        let Some(line) = self.lines.get(&side) else {
            return Some(Effect::Node(side, ToNodes::Agreed(session)));
        };
        let here = line.here.as_ref()?;
        let relay = self.relay.as_ref()?;
        let Credentials { username, password: credential, life } =
            relay.mint(&session.to_string(), both().wall);
        let expires_in = life.as_secs().try_into().unwrap_or(u32::MAX);
        let server = IceServer { urls: relay.urls(here), username, credential };
        Some(Effect::Tell(side, ToClient::Relay { server, expires_in }))
    }

    fn observe(&mut self, effect: &Effect) {
        if let Some(fact) = self.notes.see(wall(), effect) {
            self.observers.hear(fact);
        }
        if let Effect::Keep(written) = effect {
            self.observers.keep(message(Written::clone(written), wall()));
        }
    }

    /// Hands the effects out; a client whose outbox is full is cut off, which has effects too.
    pub(super) fn carry_out(&mut self, now: Instant, effects: impl IntoIterator<Item = Effect>) {
        let mut effects: VecDeque<Effect> = effects.into_iter().collect();
        while let Some(effect) = effects.pop_front() {
            self.observe(&effect);
            let (conn, outgoing) = match effect {
                // A guest, whose socket is at another node, or nobody any more.
                Effect::Tell(conn, message) if !self.lines.contains_key(&conn) => {
                    self.order(conn, ToNodes::Relay(message));
                    continue;
                }
                Effect::Tell(conn, message) | Effect::Node(conn, ToNodes::Relay(message)) => {
                    (conn, Outgoing::Say(encode(&message)))
                }
                Effect::Node(conn, order) => {
                    self.order(conn, order);
                    continue;
                }
                Effect::Close(conn, why) => (conn, Outgoing::Close(why)),
                Effect::Alarm(_) | Effect::Keep(_) => continue,
                Effect::Agreed(session, sides) => {
                    effects.extend(sides.into_iter().filter_map(|it| self.grant(session, it)));
                    continue;
                }
                Effect::Acquaint(meeting) => {
                    effects.extend(self.acquaint(*meeting).into_iter().flatten());
                    continue;
                }
                Effect::Sign(consented) => {
                    for told in consent::recorded(*consented, wall(), &self.key).into_iter().rev() {
                        effects.push_front(told);
                    }
                    continue;
                }
            };
            let Some(line) = self.lines.get(&conn) else { continue };
            if line.outbox.try_send(outgoing).is_err() {
                self.lines.remove(&conn);
                effects.extend(self.hub.handle(now, Event::Broke(conn)));
            }
        }
    }
}
