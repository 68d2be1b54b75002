//! Several hubs and what lies between them, with everything that may go wrong there.

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;
use rh_policy::Tenant;
use rh_protocol::{Consent, Role, SessionId};

use super::tests::{caller, refused, tenant};
use super::*;
use crate::clock;

/// Nodes; connection `n` has its socket at node `n % NODES`.
const NODES: u64 = 3;

/// Connections 0 to 5 are helpers, 6 to 11 are agents.
const HELPERS: u64 = 6;
const CONNS: u64 = 12;

/// Guests have numbers above these.
const GUESTS: u64 = 1000;

/// Three hubs, one directory, and the ways between them.
struct Net {
    hubs: Vec<Hub>,
    now: Instant,
    directory: BTreeMap<CodeKey, NodeId>,
    /// Questions to the directory, which may be answered in any order.
    asked: Vec<(usize, ConnId, ToNodes)>,
    /// Letters, in order.
    letters: VecDeque<Letter>,
    guests: BTreeMap<ConnId, ConnId>,
    stays: BTreeMap<ConnId, (usize, ConnId)>,
    next: u64,
    told: BTreeMap<ConnId, Vec<ToClient>>,
    /// Who may use its node's relay, and for which session.
    relayed: Vec<(ConnId, SessionId)>,
}

#[derive(Clone)]
enum Letter {
    Visit(ConnId, usize, CodeKey, Box<Caller>),
    Pass(usize, ConnId, Passed),
    Back(ConnId, FromNodes),
}

fn everybody_helps() -> Tenant {
    let mut tenant = tenant("ours");
    let people = &mut tenant.assignments[0].members.people;
    people.extend((0..CONNS).map(|n| format!("person-{n}").parse().unwrap()));
    tenant
}

fn id(node: usize) -> NodeId {
    format!("node-{node}").parse().unwrap()
}

fn home(conn: ConnId) -> usize {
    usize::try_from(conn.0 % NODES).unwrap()
}

impl Net {
    fn new() -> Self {
        let hub = |_| Hub::new(Capacity::default(), Box::new(OsRandom)).among_nodes([7; 32]);
        let mut net = Self {
            hubs: (0..NODES).map(hub).collect(),
            now: clock::now(),
            directory: BTreeMap::new(),
            asked: Vec::new(),
            letters: VecDeque::new(),
            guests: BTreeMap::new(),
            stays: BTreeMap::new(),
            next: GUESTS,
            relayed: Vec::new(),
            told: BTreeMap::new(),
        };
        for node in 0..net.hubs.len() {
            net.happen(node, Event::Ruled(Box::new(everybody_helps())));
        }
        for conn in (0..CONNS).map(ConnId) {
            net.connect(conn);
        }
        net
    }

    fn connect(&mut self, conn: ConnId) {
        let client = if conn.0 < HELPERS { Client::Helper } else { Client::Agent };
        self.happen(home(conn), Event::Connected(conn, Box::new(caller(conn))));
        self.say(conn, FromClient::Hello { version: VERSION, client });
    }

    fn say(&mut self, conn: ConnId, message: FromClient) {
        self.happen(home(conn), Event::Said(conn, message));
    }

    fn happen(&mut self, node: usize, event: Event) {
        let effects = self.hubs[node].handle(self.now, event);
        for effect in effects {
            self.carry_out(node, effect);
        }
    }

    fn carry_out(&mut self, node: usize, effect: Effect) {
        match effect {
            Effect::Tell(conn, message) if conn.0 >= GUESTS => {
                self.back(conn, FromNodes::Told(message));
            }
            Effect::Tell(conn, message) | Effect::Node(conn, ToNodes::Relay(message)) => {
                self.told.entry(conn).or_default().push(message);
            }
            Effect::Node(conn, ToNodes::Visit(owner, key, caller)) => {
                let owner = (0..self.hubs.len()).find(|&node| id(node) == owner).unwrap();
                self.letters.push_back(Letter::Visit(conn, owner, key, caller));
            }
            Effect::Node(conn, ToNodes::Pass(passed)) => {
                if let Some(&(owner, guest)) = self.stays.get(&conn) {
                    self.letters.push_back(Letter::Pass(owner, guest, passed));
                }
            }
            Effect::Node(conn, ToNodes::Return) => drop(self.stays.remove(&conn)),
            Effect::Node(guest, ToNodes::Dismiss) => self.back(guest, FromNodes::Dismissed),
            Effect::Node(conn, question) => self.asked.push((node, conn, question)),
            Effect::Agreed(session, sides) => {
                for side in sides {
                    if side.0 >= GUESTS {
                        self.back(side, FromNodes::Agreed(session));
                    } else {
                        self.relayed.push((side, session));
                    }
                }
            }
            Effect::Close(..)
            | Effect::Alarm(_)
            | Effect::Sign(_)
            | Effect::Keep(_)
            | Effect::Acquaint(_) => {}
        }
    }

    fn back(&mut self, guest: ConnId, word: FromNodes) {
        self.letters.push_back(Letter::Back(guest, word));
    }

    /// Answers one question of those that are open.
    fn answer(&mut self, nth: usize) {
        if self.asked.is_empty() {
            return;
        }
        let (node, conn, question) = self.asked.remove(nth % self.asked.len());
        let answer = match question.clone() {
            ToNodes::Open(key, _) => {
                let owner = self.directory.entry(key).or_insert_with(|| id(node));
                let opened = if *owner == id(node) { Opened::Ours } else { Opened::Taken };
                FromNodes::Opened(key, opened)
            }
            ToNodes::Close(key) => {
                self.directory.remove(&key);
                return;
            }
            ToNodes::Enter(key, _) => {
                let entered = match self.directory.get(&key) {
                    None => Entered::Dead(None),
                    Some(owner) if *owner == id(node) => Entered::Here,
                    Some(owner) => Entered::At(owner.clone()),
                };
                FromNodes::Entered(key, entered)
            }
            ToNodes::Failed(_) => return,
            ToNodes::Visit(..)
            | ToNodes::Pass(_)
            | ToNodes::Return
            | ToNodes::Dismiss
            | ToNodes::Agreed(_)
            | ToNodes::Relay(_) => panic!("no question: {question:?}"),
        };
        self.happen(node, Event::Node(conn, answer));
    }

    /// Brings the next letter, `copies` times.
    fn deliver(&mut self, copies: usize) {
        let Some(letter) = self.letters.pop_front() else { return };
        match letter {
            Letter::Visit(conn, owner, key, caller) => {
                for copy in 0..copies {
                    let guest = ConnId(self.next);
                    self.next += 1;
                    // Words to the copy of a guest go nowhere.
                    if copy == 0 {
                        self.guests.insert(guest, conn);
                        self.stays.insert(conn, (owner, guest));
                    }
                    let arrived = FromNodes::Arrived(key, caller.clone());
                    self.happen(owner, Event::Node(guest, arrived));
                }
            }
            Letter::Pass(owner, guest, passed) => {
                let event = match passed {
                    Passed::Said(message) => Event::Said(guest, message),
                    Passed::Known(person) => Event::Known(guest, person),
                    Passed::Found(device) => Event::Found(guest, device),
                    Passed::Closed => Event::Closed(guest),
                    Passed::Broke => Event::Broke(guest),
                };
                self.happen(owner, event);
            }
            Letter::Back(guest, word) => {
                // Word of an earlier stay is not heard.
                let Some(&conn) = self.guests.get(&guest) else { return };
                if self.stays.get(&conn).is_some_and(|(_, stay)| *stay == guest) {
                    self.happen(home(conn), Event::Node(conn, word));
                }
            }
        }
    }

    fn settle(&mut self) {
        while !self.asked.is_empty() || !self.letters.is_empty() {
            self.answer(0);
            self.deliver(1);
        }
    }

    /// The last code that a helper was told.
    fn code(&self, helper: ConnId) -> Option<String> {
        let told = self.told.get(&helper)?.iter().rev();
        told.clone().find_map(|it| {
            let ToClient::Session { code, .. } = it else { return None };
            Some(code.clone())
        })
    }

    /// A session between a helper at one node and a sharer at another.
    fn met() -> (Self, ConnId, ConnId) {
        let (mut net, helper, agent) = (Self::new(), ConnId(0), ConnId(7));
        net.say(helper, FromClient::NewSession { device: None });
        net.settle();
        let code = net.code(helper).expect("a code");
        net.say(agent, FromClient::Join { code });
        net.settle();
        (net, helper, agent)
    }

    fn last(&self, conn: ConnId) -> &ToClient {
        self.told[&conn].last().unwrap()
    }
}

/// The helper at one node and the sharer at another hear of each other, ask, answer, negotiate and
/// end, as at one node; afterwards both are free.
#[test]
fn a_session_spans_two_nodes() {
    let (mut net, helper, agent) = Net::met();
    assert_ne!(home(helper), home(agent));
    for (side, other) in [(helper, agent), (agent, helper)] {
        let joined =
            matches!(net.last(side), ToClient::Joined { peer, .. } if *peer == caller(other).card);
        assert!(joined, "{:?}", net.told[&side]);
    }
    let role = Role::View;
    net.say(helper, FromClient::Request { role });
    net.settle();
    assert_eq!(*net.last(agent), ToClient::Requested { role });
    let consent = Consent::Allow;
    net.say(agent, FromClient::Answer { role, consent, shown: None });
    net.settle();
    assert_eq!(*net.last(helper), ToClient::Answered { role, consent });
    let [(one, session), (other, same)] = net.relayed[..] else { panic!("{:?}", net.relayed) };
    assert_eq!([one, other], [helper, agent]);
    assert_eq!(session, same, "B-17: each is let to its own node's relay, for the one session");
    let step = Negotiation::Offer { sdp: "offer".into() };
    net.say(helper, FromClient::Negotiate { step: step.clone() });
    net.settle();
    assert_eq!(*net.last(agent), ToClient::Negotiate { step });
    for (place, writes, from) in [(1, agent, Client::Agent), (2, helper, Client::Helper)] {
        let text = "你好".to_owned();
        net.say(writes, FromClient::Chat { text: text.clone() });
        net.settle();
        let heard = ToClient::Chat { place, from, text };
        assert_eq!([net.last(helper), net.last(agent)], [&heard, &heard]);
    }
    let reason = EndReason::HelperEnded;
    net.say(helper, FromClient::Leave { reason });
    net.deliver(1);
    assert_eq!(*net.last(agent), ToClient::Ended { reason });
    net.say(helper, FromClient::NewSession { device: None });
    net.answer(0);
    let code = net.code(helper).unwrap();
    // At once, before the dismissal is here.
    assert!(!net.letters.is_empty());
    net.say(agent, FromClient::Join { code });
    net.settle();
    assert!(matches!(net.last(agent), ToClient::Joined { .. }), "{:?}", net.last(agent));
}

/// A sharer's leave, and a socket that breaks, are heard across nodes.
#[test]
fn an_end_at_the_visitors_side_is_heard_at_the_owner() {
    let (mut net, helper, agent) = Net::met();
    net.say(agent, FromClient::Leave { reason: EndReason::SharerEnded });
    net.settle();
    assert_eq!(*net.last(helper), ToClient::Ended { reason: EndReason::SharerEnded });
    let (mut net, helper, agent) = Net::met();
    net.happen(home(agent), Event::Broke(agent));
    net.settle();
    assert_eq!(*net.last(helper), ToClient::PeerVanished);
}

/// A code whose owner has forgotten it is answered as a wrong one.
#[test]
fn a_code_that_its_owner_does_not_know_is_dead() {
    let (mut net, helper, agent) = (Net::new(), ConnId(0), ConnId(7));
    net.say(helper, FromClient::NewSession { device: None });
    net.settle();
    let code = net.code(helper).unwrap();
    // The helper leaves, and the directory does not hear of it.
    net.happen(home(helper), Event::Broke(helper));
    net.asked.clear();
    net.say(agent, FromClient::Join { code });
    net.settle();
    let told = [Effect::Tell(agent, net.last(agent).clone())];
    assert_eq!(told.to_vec(), refused(agent, Refusal::Code));
}

/// What waited says so when the owner is gone, and what was met goes on alone.
#[test]
fn a_lost_owner_is_told() {
    let (mut net, _, agent) = Net::met();
    net.happen(home(agent), Event::Node(agent, FromNodes::Stranded));
    assert_eq!(*net.last(agent), ToClient::PeerVanished);
    let (mut net, helper, agent) = (Net::new(), ConnId(0), ConnId(7));
    net.say(helper, FromClient::NewSession { device: None });
    net.settle();
    let code = net.code(helper).unwrap();
    net.say(agent, FromClient::Join { code });
    net.answer(0);
    net.happen(home(agent), Event::Node(agent, FromNodes::Stranded));
    let told = [Effect::Tell(agent, net.last(agent).clone())];
    assert_eq!(told.to_vec(), refused(agent, Refusal::Busy));
}

/// While the nodes cannot be asked there are no codes, and everybody hears that.
#[test]
fn without_the_directory_nobody_meets() {
    let mut net = Net::new();
    let (helper, agent) = (ConnId(0), ConnId(7));
    net.say(helper, FromClient::NewSession { device: None });
    net.say(agent, FromClient::Join { code: "12345678".into() });
    for (node, conn, question) in std::mem::take(&mut net.asked) {
        let unreachable = if let ToNodes::Open(key, _) = question {
            FromNodes::Opened(key, Opened::Unreachable)
        } else if let ToNodes::Enter(key, _) = question {
            FromNodes::Entered(key, Entered::Unreachable)
        } else {
            panic!("{question:?}")
        };
        net.happen(node, Event::Node(conn, unreachable));
        let told = [Effect::Tell(conn, net.last(conn).clone())];
        assert_eq!(told.to_vec(), refused(conn, Refusal::Busy));
    }
}

/// A code that another node took after a loss of the directory is withdrawn, and its helper told.
#[test]
fn a_code_that_became_anothers_is_withdrawn() {
    let (mut net, helper) = (Net::new(), ConnId(0));
    net.say(helper, FromClient::NewSession { device: None });
    net.settle();
    let [(_, key, _)] = net.hubs[0].open_codes()[..] else { panic!("one code") };
    net.happen(0, Event::Node(helper, FromNodes::Opened(key, Opened::Taken)));
    let told = [Effect::Tell(helper, net.last(helper).clone())];
    assert_eq!(told.to_vec(), refused(helper, Refusal::Busy));
    assert!(net.hubs[0].open_codes().is_empty());
}

#[derive(Clone, Debug)]
enum Step {
    NewSession(u64),
    Join(u64, u64),
    Leave(u64),
    Break(u64),
    Answer(usize),
    Deliver(usize),
    /// The directory forgets everything, and hears again of what is open.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let (helper, agent) = (0..HELPERS, HELPERS..CONNS);
    prop_oneof![
        3 => helper.clone().prop_map(Step::NewSession),
        6 => (agent, helper).prop_map(|(agent, helper)| Step::Join(agent, helper)),
        1 => (0..CONNS).prop_map(Step::Leave),
        1 => (0..CONNS).prop_map(Step::Break),
        8 => any::<usize>().prop_map(Step::Answer),
        8 => (1..3_usize).prop_map(Step::Deliver),
        1 => Just(Step::Restart),
    ]
}

impl Net {
    fn step(&mut self, step: Step) {
        match step {
            Step::NewSession(n) => self.say(ConnId(n), FromClient::NewSession { device: None }),
            Step::Join(agent, helper) => {
                let code = self.code(ConnId(helper)).unwrap_or_else(|| "00000000".into());
                self.say(ConnId(agent), FromClient::Join { code });
            }
            Step::Leave(n) => {
                self.say(ConnId(n), FromClient::Leave { reason: EndReason::ConnectionLost });
            }
            Step::Break(n) => {
                self.happen(home(ConnId(n)), Event::Broke(ConnId(n)));
                self.connect(ConnId(n));
            }
            Step::Answer(nth) => self.answer(nth),
            Step::Deliver(copies) => self.deliver(copies),
            Step::Restart => {
                self.directory.clear();
                for node in 0..self.hubs.len() {
                    let open = self.hubs[node].open_codes().into_iter();
                    let open = open.map(|(conn, key, until)| (conn, ToNodes::Open(key, until)));
                    self.asked.extend(open.map(|(conn, order)| (node, conn, order)));
                }
            }
        }
    }
}

proptest! {
    /// B-06: whatever order things come in, with letters that come twice and a directory that
    /// forgets, no code is redeemed twice: a session's helper hears of one sharer at most, and one
    /// sharer at most hears of her.
    #[test]
    fn no_code_is_redeemed_twice(steps in prop::collection::vec(step(), 1..120)) {
        let mut net = Net::new();
        for step in steps {
            net.step(step);
        }
        net.settle();
        let mut joined: BTreeMap<(SessionId, bool), usize> = BTreeMap::new();
        for (conn, told) in &net.told {
            for message in told {
                if let ToClient::Joined { session, .. } = message {
                    *joined.entry((*session, conn.0 < HELPERS)).or_default() += 1;
                }
            }
        }
        prop_assert!(joined.values().all(|&times| times == 1), "{joined:?}");
    }
}
