//! Nodes between which letters come twice, are lost, or are made up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use rh_protocol::{
    Client, Consent, FromClient, IceCandidate, Negotiation, Role, SessionId, ToClient, VERSION,
};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::letter::{ClusterKey, Letter, What};
use super::memory::Memory;
use super::{Directory, Found, OtherNodes, Post, Unreachable, router};
use crate::clock;
use crate::hub::tests::{caller, tenant};
use crate::hub::{Alarm, Capacity, CodeKey, ConnId, Event, NodeId, OsRandom, Source};
use crate::people::People;
use crate::sign_in::{Life, SignInId, SignIns, Who};
use crate::socket::{Outgoing, Switchboard};

/// What nodes share, and who meddles with their letters.
#[derive(Debug, Default)]
pub(super) struct Hostile {
    pub(super) memory: Memory,
    /// How often each letter is sent again.
    pub(super) again: AtomicUsize,
    /// Whether the next letter with a candidate is lost.
    lose: AtomicBool,
}

#[async_trait]
impl Post for Hostile {
    async fn send(&self, to: &NodeId, letters: &[String]) -> Result<(), Unreachable> {
        for letter in letters {
            if letter.contains("candidate") && self.lose.swap(false, Ordering::Relaxed) {
                continue;
            }
            let copies = vec![letter.clone(); 1 + self.again.load(Ordering::Relaxed)];
            self.memory.send(to, &copies).await?;
        }
        // As when a hand-in works and nobody says so.
        if self.again.load(Ordering::Relaxed) > 0 {
            self.memory.send(to, letters).await?;
        }
        Ok(())
    }

    async fn receive(&self, me: &NodeId) -> Result<Vec<String>, Unreachable> {
        self.memory.receive(me).await
    }
}

#[async_trait]
impl Directory for Hostile {
    async fn open(
        &self,
        key: &CodeKey,
        owner: &NodeId,
        life: Duration,
    ) -> Result<bool, Unreachable> {
        self.memory.open(key, owner, life).await
    }

    async fn close(&self, key: &CodeKey, owner: &NodeId) -> Result<(), Unreachable> {
        self.memory.close(key, owner).await
    }

    async fn enter(&self, key: &CodeKey, from: &Source) -> Result<Found, Unreachable> {
        self.memory.enter(key, from).await
    }

    async fn failed(&self, from: &Source) -> Result<Option<Alarm>, Unreachable> {
        self.memory.failed(from).await
    }

    async fn beat(&self, node: &NodeId) -> Result<bool, Unreachable> {
        self.memory.beat(node).await
    }

    async fn absent(&self, nodes: Vec<NodeId>) -> Result<Vec<NodeId>, Unreachable> {
        self.memory.absent(nodes).await
    }

    async fn living(&self) -> Result<Vec<NodeId>, Unreachable> {
        self.memory.living().await
    }

    async fn leave(&self, node: &NodeId) -> Result<(), Unreachable> {
        self.memory.leave(node).await
    }
}

/// A helper at node `a` and a sharer at node `b`.
struct World {
    between: Arc<Hostile>,
    helper: Socket,
    agent: Socket,
    _stop: watch::Sender<bool>,
}

/// A node without a port, which knows the rules of one tenant.
pub(super) struct Node {
    pub(super) board: Arc<Switchboard>,
    pub(super) others: OtherNodes,
}

/// A client without a socket.
pub(super) struct Socket {
    board: Arc<Switchboard>,
    conn: ConnId,
    inbox: mpsc::Receiver<Outgoing>,
}

pub(super) fn node<B: Directory + Post + 'static>(
    id: &str,
    between: &Arc<B>,
    stopped: watch::Receiver<bool>,
) -> Node {
    let (key, (orders, wanted)) = (ClusterKey::new("a secret"), mpsc::unbounded_channel());
    let board = Switchboard::new(Capacity::default(), Arc::new(key.consents()))
        .among_nodes(key.codes(), orders);
    let board = Arc::new(board);
    board.rule(clock::now(), [tenant("ours")]);
    let id = id.parse().unwrap();
    let others = router::start(Arc::clone(between), (id, key), Arc::clone(&board), wanted, stopped);
    Node { board, others }
}

fn sign_in() -> SignInId {
    let (people, id) = (People::built_in(), "helper".parse().unwrap());
    let who = Who::without_proof(id, Arc::clone(people.find(&"helper".parse().unwrap()).unwrap()));
    let mut sign_ins = SignIns::new(Life::DEVELOPMENT);
    let token = sign_ins.add(clock::now(), who, &mut OsRandom).unwrap();
    sign_ins.find(clock::now(), &token).unwrap().0
}

impl Socket {
    pub(super) async fn new(board: &Arc<Switchboard>, person: u64, client: Client) -> Self {
        let caller = caller(ConnId(person));
        let (conn, inbox) = board.connect(clock::now(), sign_in(), caller, None);
        let mut socket = Self { board: Arc::clone(board), conn, inbox };
        socket.say(FromClient::Hello { version: VERSION, client });
        assert!(matches!(socket.hear().await, ToClient::Welcome { .. }));
        socket
    }

    pub(super) fn say(&self, message: FromClient) {
        self.board.handle(clock::now(), Event::Said(self.conn, message));
    }

    /// The next message but for what is known of the other beside the card.
    pub(super) async fn hear(&mut self) -> ToClient {
        loop {
            let heard = self.hear_any().await;
            if !matches!(heard, ToClient::Background { .. }) {
                return heard;
            }
        }
    }

    async fn hear_any(&mut self) -> ToClient {
        let heard = timeout(Duration::from_secs(5), self.inbox.recv()).await;
        let Some(Outgoing::Say(text)) = heard.expect("a message in time") else {
            panic!("the socket was closed");
        };
        serde_json::from_str(&text).unwrap()
    }

    /// That nothing comes.
    pub(super) async fn silent(&mut self) {
        let heard = timeout(Duration::from_millis(50), self.hear()).await;
        assert!(heard.is_err(), "{heard:?}");
    }
}

/// Brings the two into one session.
pub(super) async fn meet(helper: &mut Socket, agent: &mut Socket) -> SessionId {
    helper.say(FromClient::NewSession { device: None });
    let answer = helper.hear().await;
    let ToClient::Session { session, code, .. } = answer else { panic!("{answer:?}") };
    agent.say(FromClient::Join { code });
    for side in [agent, helper] {
        let answer = side.hear().await;
        assert!(matches!(answer, ToClient::Joined { .. }), "{answer:?}");
    }
    session
}

impl World {
    async fn met(again: usize) -> Self {
        let (stop, stopped) = watch::channel(false);
        let between = Arc::new(Hostile::default());
        between.again.store(again, Ordering::Relaxed);
        let (a, b) = (node("a", &between, stopped.clone()), node("b", &between, stopped));
        let (helper, agent) = (
            Socket::new(&a.board, 1, Client::Helper).await,
            Socket::new(&b.board, 2, Client::Agent).await,
        );
        let mut world = Self { between, helper, agent, _stop: stop };
        world.meet().await;
        world
    }

    async fn meet(&mut self) {
        meet(&mut self.helper, &mut self.agent).await;
    }

    async fn both_hear_that_the_other_vanished(&mut self) {
        for side in [&mut self.helper, &mut self.agent] {
            assert_eq!(side.hear().await, ToClient::PeerVanished);
        }
    }
}

fn candidate(n: usize) -> Negotiation {
    let candidate =
        IceCandidate { candidate: n.to_string(), sdp_mid: None, sdp_m_line_index: None };
    Negotiation::Candidate { candidate }
}

/// Everything is heard once and in order, however often it comes.
#[tokio::test]
async fn a_duplicate_delivery_changes_nothing() {
    let mut world = World::met(2).await;
    let (role, consent) = (Role::View, Consent::Allow);
    world.helper.say(FromClient::Request { role });
    assert_eq!(world.agent.hear().await, ToClient::Requested { role });
    world.agent.say(FromClient::Answer { role, consent, shown: None });
    assert_eq!(world.helper.hear().await, ToClient::Answered { role, consent });
    for n in 0..30 {
        world.agent.say(FromClient::Negotiate { step: candidate(n) });
        world.helper.say(FromClient::Negotiate { step: candidate(n) });
    }
    for n in 0..30 {
        for side in [&mut world.helper, &mut world.agent] {
            assert_eq!(side.hear().await, ToClient::Negotiate { step: candidate(n) });
        }
    }
    world.helper.silent().await;
    world.agent.silent().await;
}

/// A letter that never comes is noticed within a second, whoever wrote it: both sides hear that the
/// other vanished, and are free.
#[tokio::test]
async fn a_lost_letter_is_noticed() {
    let mut world = World::met(0).await;
    world.between.lose.store(true, Ordering::Relaxed);
    world.helper.say(FromClient::Negotiate { step: candidate(0) });
    world.both_hear_that_the_other_vanished().await;
    world.meet().await;
    world.between.lose.store(true, Ordering::Relaxed);
    world.agent.say(FromClient::Negotiate { step: candidate(0) });
    world.both_hear_that_the_other_vanished().await;
    world.meet().await;
}

/// Whoever can write to Redis speaks for nobody.
#[tokio::test]
async fn a_letter_that_is_made_up_is_not_read() {
    let mut world = World::met(0).await;
    let [from, to] = ["a", "b"].map(|id| id.parse::<NodeId>().unwrap());
    let what = What::Told(ToClient::Requested { role: Role::Control });
    let letter = Letter { from, to: to.clone(), number: 1, visit: 0, what };
    let sealed = ClusterKey::new("another secret").seal(&letter);
    world.between.memory.send(&to, &[sealed, "garbage".to_owned()]).await.unwrap();
    world.agent.silent().await;
    world.helper.say(FromClient::Request { role: Role::View });
    assert_eq!(world.agent.hear().await, ToClient::Requested { role: Role::View });
}
