//! Whatever clients say, in whatever order: a model of who may hear what.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rh_policy::Tenant;
use rh_protocol::{Consent, IceCandidate, Role};

use super::tests::{caller, tenant};
use super::*;
use crate::clock;

/// Connections 0 to 2 are helpers, 3 to 5 are agents.
const CONNS: u64 = 6;

#[derive(Clone, Debug)]
enum Step {
    Connect(ConnId),
    Say(ConnId, FromClient),
    /// Joins with the last code that this helper was given.
    JoinHelper(ConnId, ConnId),
    Close(ConnId),
    Break(ConnId),
    Wait(u64),
}

/// What is known from outside.
#[derive(Default)]
struct Model {
    /// The living code of each helper, and until when.
    codes: BTreeMap<ConnId, (String, Instant)>,
    /// The last code of each helper, alive or not.
    seen: BTreeMap<ConnId, String>,
    pairs: BTreeMap<ConnId, ConnId>,
    /// The sharers who agreed to the session that they are in.
    agreed: BTreeSet<ConnId>,
}

/// Rules that allow everything to everybody.
fn everybody_helps() -> Tenant {
    let mut tenant = tenant("ours");
    for assignment in &mut tenant.assignments {
        assignment.members.people =
            (0..2000).map(|n| format!("person-{n}").parse().unwrap()).collect();
    }
    tenant
}

fn message() -> impl Strategy<Value = FromClient> {
    let candidate =
        || IceCandidate { candidate: String::new(), sdp_mid: None, sdp_m_line_index: None };
    let role = prop_oneof![Just(Role::View), Just(Role::Control)];
    let reason = prop_oneof![Just(EndReason::HelperEnded), Just(EndReason::SharerEnded)];
    prop_oneof![
        4 => Just(FromClient::NewSession { device: None }),
        1 => "[0-9]{8}|\\PC{0,12}".prop_map(|code| FromClient::Join { code }),
        2 => role.clone().prop_map(|role| FromClient::Request { role }),
        2 => role.prop_map(|role| FromClient::Answer { role, consent: Consent::Allow, shown: None }),
        1 => Just(FromClient::Negotiate { step: Negotiation::Offer { sdp: String::new() } }),
        1 => Just(FromClient::Negotiate { step: Negotiation::Answer { sdp: String::new() } }),
        1 => Just(FromClient::Negotiate { step: Negotiation::Candidate { candidate: candidate() } }),
        1 => Just(FromClient::Relay),
        2 => Just(FromClient::Chat { text: "hello".to_owned() }),
        2 => Just(FromClient::Introduce { code: "12345678".to_owned(), stays: true }),
        1 => reason.prop_map(|reason| FromClient::Leave { reason }),
        1 => Just(FromClient::Hello { version: VERSION, client: Client::Helper }),
        1 => Just(FromClient::Hello { version: VERSION + 1, client: Client::Agent }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let conn = || (0..CONNS).prop_map(ConnId);
    let (helper, agent) = ((0..3_u64).prop_map(ConnId), (3..CONNS).prop_map(ConnId));
    prop_oneof![
        3 => conn().prop_map(Step::Connect),
        9 => (conn(), message()).prop_map(|(conn, message)| Step::Say(conn, message)),
        6 => (agent, helper).prop_map(|(agent, helper)| Step::JoinHelper(agent, helper)),
        1 => conn().prop_map(Step::Close),
        1 => conn().prop_map(Step::Break),
        1 => (0..700_u64).prop_map(Step::Wait),
    ]
}

impl Model {
    fn check_chat(&self, actor: ConnId, to: ConnId) {
        let other = self.pairs[&actor];
        assert!(to == actor || to == other, "only the two of a session");
        let agreed = self.agreed.contains(&actor) || self.agreed.contains(&other);
        assert!(agreed, "nobody writes before the sharer allowed something");
    }

    fn check_introduction(&self, actor: ConnId, to: ConnId) {
        assert_eq!(self.pairs.get(&actor), Some(&to), "only to one's own sharer");
        assert!(self.agreed.contains(&to), "who was allowed nothing brings nobody");
    }

    /// Checks what one event of `actor` led to, and learns from it.
    fn check(&mut self, now: Instant, actor: ConnId, joining: Option<&str>, effects: &[Effect]) {
        for effect in effects {
            let (to, message) = match effect {
                Effect::Close(conn, _) => {
                    assert_eq!(*conn, actor, "only the actor is closed");
                    continue;
                }
                Effect::Alarm(_) | Effect::Sign(_) | Effect::Keep(_) | Effect::Acquaint(_) => {
                    continue;
                }
                Effect::Agreed(_, sides) => {
                    let [helper, agent] = &sides[..] else { panic!("both are here: {sides:?}") };
                    assert_eq!(self.pairs.get(agent), Some(helper), "to the own session");
                    assert!(actor == *agent || self.agreed.contains(agent), "only a sharer agrees");
                    self.agreed.insert(*agent);
                    continue;
                }
                Effect::Node(..) => panic!("a lone hub asks nobody"),
                Effect::Tell(to, message) => (*to, message),
            };
            match message {
                ToClient::Welcome { .. } | ToClient::Refused { .. } => assert_eq!(to, actor),
                ToClient::Denied { .. }
                | ToClient::StepUp { .. }
                | ToClient::Challenge { .. }
                | ToClient::Device { .. }
                | ToClient::Lowered { .. }
                | ToClient::Background { .. }
                | ToClient::Terms { .. }
                | ToClient::Relay { .. } => panic!("nobody says that: {message:?}"),
                ToClient::Session { code, .. } => {
                    assert_eq!(to, actor);
                    self.codes.insert(to, (code.clone(), now + CODE_LIFE));
                    self.seen.insert(to, code.clone());
                }
                ToClient::Joined { .. } if to == actor => {}
                ToClient::Joined { .. } => {
                    let (code, until) = self.codes.remove(&to).expect("a living code");
                    assert_eq!(joining, Some(code.as_str()), "nobody joins without a right code");
                    assert!(now < until, "an expired code");
                    assert_eq!(effects.len(), 3, "both hear of it, and of one another");
                    assert!(!self.pairs.contains_key(&to) && !self.pairs.contains_key(&actor));
                    self.pairs.extend([(to, actor), (actor, to)]);
                }
                ToClient::Requested { .. }
                | ToClient::Answered { .. }
                | ToClient::Recorded { .. }
                | ToClient::Negotiate { .. } => {
                    assert_eq!(self.pairs.get(&actor), Some(&to), "only one's own other side");
                }
                ToClient::Chat { .. } => self.check_chat(actor, to),
                ToClient::Introduced { .. } => self.check_introduction(actor, to),
                ToClient::Ended { .. } | ToClient::PeerVanished => {
                    assert_eq!(self.pairs.remove(&actor), Some(to));
                    assert_eq!(self.pairs.remove(&to), Some(actor));
                    self.agreed.retain(|agent| *agent != actor && *agent != to);
                }
            }
        }
    }
}

proptest! {
    /// S-18, S-46, B-06: messages reach the session's own two parties only, and nobody gets in
    /// without the living code of a helper who waits.
    #[test]
    fn messages_reach_only_the_two_of_a_session(steps in prop::collection::vec(step(), 1..120)) {
        let mut hub = Hub::new(Capacity::default(), Box::new(OsRandom));
        let (mut model, mut now) = (Model::default(), clock::now());
        hub.handle(now, Event::Ruled(Box::new(everybody_helps())));
        // Numbers are not used again, so each slot names its newest connection.
        let mut slots: Vec<ConnId> = (0..CONNS).map(ConnId).collect();
        for step in steps {
            let slot = |slots: &[ConnId], conn: ConnId| slots[conn.0 as usize];
            let (actor, joining, effects) = match step {
                Step::Connect(conn) => {
                    let client = if conn.0 < 3 { Client::Helper } else { Client::Agent };
                    let old = slot(&slots, conn);
                    let effects = hub.handle(now, Event::Broke(old));
                    model.codes.remove(&old);
                    model.check(now, old, None, &effects);
                    let new = ConnId(old.0 + CONNS);
                    slots[conn.0 as usize] = new;
                    hub.handle(now, Event::Connected(new, Box::new(caller(new))));
                    let hello = FromClient::Hello { version: VERSION, client };
                    (new, None, hub.handle(now, Event::Said(new, hello)))
                }
                Step::Say(conn, message) => {
                    let conn = slot(&slots, conn);
                    if matches!(message, FromClient::NewSession { .. } | FromClient::Leave { .. }) && !model.pairs.contains_key(&conn) {
                        model.codes.remove(&conn);
                    }
                    let joining = if let FromClient::Join { code } = &message {
                        Some(code.clone())
                    } else {
                        None
                    };
                    (conn, joining, hub.handle(now, Event::Said(conn, message)))
                }
                Step::JoinHelper(agent, helper) => {
                    let (agent, helper) = (slot(&slots, agent), slot(&slots, helper));
                    let Some(code) = model.seen.get(&helper).cloned() else { continue };
                    let join = FromClient::Join { code: code.clone() };
                    (agent, Some(code), hub.handle(now, Event::Said(agent, join)))
                }
                Step::Close(conn) | Step::Break(conn) if slot(&slots, conn).0 < CONNS => continue,
                Step::Close(conn) => {
                    let conn = slot(&slots, conn);
                    model.codes.remove(&conn);
                    (conn, None, hub.handle(now, Event::Closed(conn)))
                }
                Step::Break(conn) => {
                    let conn = slot(&slots, conn);
                    model.codes.remove(&conn);
                    (conn, None, hub.handle(now, Event::Broke(conn)))
                }
                Step::Wait(seconds) => {
                    now += Duration::from_secs(seconds);
                    prop_assert_eq!(hub.tick(now), []);
                    continue;
                }
            };
            model.check(now, actor, joining.as_deref(), &effects);
        }
    }
}
