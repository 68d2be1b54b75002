//! Questions of one node to all others, between which letters come twice or are made up.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rh_policy::TenantId;
use rh_protocol::{Client, EndReason, SessionId, ToClient};
use rh_signed::SigningKey;
use tokio::sync::watch;

use super::asking::{Answer, Question};
use super::hostile_tests::{Hostile, Node, Socket, meet, node};
use super::letter::{ClusterKey, Letter, What};
use super::memory::Memory;
use super::{Directory, Post, Seen};
use crate::hub::NodeId;

/// The key of the nodes that [`node`] makes.
const SECRET: &str = "a secret";

const NO_SESSION: SessionId = SessionId(7);

/// A session of which the helper is at the first of three nodes, and the sharer at the second.
struct Cluster {
    nodes: [Node; 3],
    helper: Socket,
    agent: Socket,
    session: SessionId,
    _stop: watch::Sender<bool>,
}

fn ours() -> TenantId {
    "ours".parse().unwrap()
}

fn id(name: &str) -> NodeId {
    name.parse().unwrap()
}

impl Cluster {
    async fn new<B: Directory + Post + 'static>(each: [Arc<B>; 3]) -> Self {
        let (stop, stopped) = watch::channel(false);
        let names = ["a", "b", "c"];
        let nodes = std::array::from_fn(|nth| node(names[nth], &each[nth], stopped.clone()));
        for node in names {
            // As their first beat would do a little later.
            each[0].beat(&id(node)).await.unwrap();
        }
        let [a, b, _] = &nodes;
        let mut helper = Socket::new(&a.board, 1, Client::Helper).await;
        let mut agent = Socket::new(&b.board, 2, Client::Agent).await;
        let session = meet(&mut helper, &mut agent).await;
        Self { nodes, helper, agent, session, _stop: stop }
    }

    async fn hostile() -> (Self, Arc<Hostile>) {
        let between = Arc::new(Hostile::default());
        let each = std::array::from_fn(|_| Arc::clone(&between));
        (Self::new(each).await, between)
    }

    async fn both_hear_the_end(&mut self) {
        for side in [&mut self.helper, &mut self.agent] {
            let reason = EndReason::AdministratorEnded;
            assert_eq!(side.hear().await, ToClient::Ended { reason });
        }
    }
}

/// M-08: what runs at one node is seen at every other, of the own tenant alone, and is ended from
/// there, once.
pub(super) async fn every_node_is_asked<B: Directory + Post + 'static>(each: [Arc<B>; 3]) {
    let mut cluster = Cluster::new(each).await;
    let (tenant, other, session) = (ours(), "theirs".parse().unwrap(), cluster.session);
    let here = Seen::at(&cluster.nodes[0].board, &tenant);
    assert_eq!(here.iter().map(|it| it.session).collect::<Vec<_>>(), [session]);
    for nth in [1, 2] {
        let others = cluster.nodes[nth].others.clone();
        let (seen, unanswered) = others.running(&tenant).await;
        assert!(unanswered.is_none(), "{unanswered}");
        let [seen] = seen.as_slice() else { panic!("{seen:?}") };
        assert_eq!((&seen.session, &seen.helper), (&session, &here[0].helper));
        assert_eq!(others.with(&tenant, session).await, Ok(Some(id("a"))));
        assert_eq!(others.with(&tenant, NO_SESSION).await, Ok(None));
        assert_eq!(others.running(&other).await.0, []);
        assert_eq!(others.with(&other, session).await, Ok(None));
        assert_eq!(others.end(id("a"), &other, session).await, Ok(false));
    }
    cluster.helper.silent().await;
    assert_eq!(cluster.nodes[0].others.running(&tenant).await.0, [], "its own is not asked for");
    let others = cluster.nodes[2].others.clone();
    assert_eq!(others.end(id("a"), &tenant, session).await, Ok(true));
    cluster.both_hear_the_end().await;
    assert_eq!(others.end(id("a"), &tenant, session).await, Ok(false));
    cluster.helper.silent().await;
}

#[tokio::test]
async fn every_node_is_asked_within_one_process() {
    let between = Arc::new(Memory::default());
    every_node_is_asked(std::array::from_fn(|_| Arc::clone(&between))).await;
}

/// Whoever signs with another key is named, by both sides.
#[tokio::test]
async fn nodes_with_another_key_are_named() {
    let (cluster, _between) = Cluster::hostile().await;
    let ours = cluster.nodes[0].board.key();
    for node in &cluster.nodes {
        assert_eq!(node.others.signing_otherwise(ours).await.unwrap(), []);
    }
    let another = SigningKey::from_seed(&[4; 32]).public().id();
    let mut named = cluster.nodes[0].others.signing_otherwise(another).await.unwrap();
    named.sort();
    assert_eq!(named, [id("b"), id("c")]);
}

/// However often a question comes, it is answered once.
#[tokio::test]
async fn a_question_that_comes_twice_is_one() {
    let (mut cluster, between) = Cluster::hostile().await;
    between.again.store(2, Ordering::Relaxed);
    let others = cluster.nodes[2].others.clone();
    assert_eq!(others.end(id("a"), &ours(), cluster.session).await, Ok(true));
    cluster.both_hear_the_end().await;
    assert_eq!(others.running(&ours()).await.0, []);
    cluster.helper.silent().await;
    cluster.agent.silent().await;
}

/// A node that lives and does not answer is named, and nobody says that there is no such session.
#[tokio::test]
async fn who_does_not_answer_is_named() {
    let (cluster, between) = Cluster::hostile().await;
    between.memory.beat(&id("mute")).await.unwrap();
    let others = &cluster.nodes[2].others;
    let (seen, unanswered) = others.running(&ours()).await;
    assert_eq!((seen.len(), unanswered.nodes, unanswered.cut_off), (1, vec![id("mute")], false));
    between.memory.beat(&id("mute")).await.unwrap();
    assert_eq!(others.with(&ours(), cluster.session).await, Ok(Some(id("a"))));
    between.memory.beat(&id("mute")).await.unwrap();
    let unanswered = others.with(&ours(), NO_SESSION).await.unwrap_err();
    assert_eq!(unanswered.to_string(), "nodes of the service that did not answer: mute");
    let unanswered = others.end(id("mute"), &ours(), cluster.session).await.unwrap_err();
    assert_eq!(unanswered.nodes, [id("mute")]);
}

/// Whoever can write to Redis ends nothing and hides nothing: a question or an answer without the
/// nodes' key is left unread, and so is an answer of a node that was not asked.
#[tokio::test]
async fn a_made_up_question_or_answer_is_left_unread() {
    let (mut cluster, between) = Cluster::hostile().await;
    let foreign = ClusterKey::new("another secret");
    let question = Question::End(ours(), cluster.session);
    let letter = |from: &str, to: &str, what: What| Letter {
        from: id(from),
        to: id(to),
        number: 0,
        visit: 0,
        what,
    };
    let made_up = foreign.seal(&letter("c", "a", What::Asked(question)));
    between.memory.send(&id("a"), &[made_up]).await.unwrap();
    cluster.helper.silent().await;

    between.memory.beat(&id("mute")).await.unwrap();
    let others = cluster.nodes[2].others.clone();
    let asked = tokio::spawn(async move { others.running(&ours()).await });
    while between.memory.receive(&id("mute")).await.unwrap().is_empty() {}
    let nothing = || What::Answered(Answer::Running(Vec::new()));
    let own = ClusterKey::new(SECRET);
    // Every number that the question may have.
    for nth in 0..8 {
        let made_up = foreign.seal(&Letter { visit: nth, ..letter("mute", "c", nothing()) });
        let from_another = Letter { number: nth, visit: nth, ..letter("d", "c", nothing()) };
        between.memory.send(&id("c"), &[made_up, own.seal(&from_another)]).await.unwrap();
    }
    let (seen, unanswered) = asked.await.unwrap();
    assert_eq!((seen.len(), unanswered.nodes), (1, vec![id("mute")]));
}
