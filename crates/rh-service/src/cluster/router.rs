//! One node among others: brings the hub's wishes to the directory and the post, and back.

mod lookout;
mod orders;
mod questions;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::asking::{Answer, Inquiry, OtherNodes, QUESTIONS};
use super::letter::{ClusterKey, Letter, Numbers, Turn, What};
use super::mail::{self, Addressed, OUTBOX};
use super::{Directory, Post, Unreachable};
use crate::clock;
use crate::hub::{Caller, CodeKey, ConnId, Event, FromNodes, NodeId, Passed, ToNodes};
use crate::socket::Switchboard;
pub(super) use orders::within;

/// What the hub wants of the nodes.
pub(crate) type Order = (ConnId, ToNodes);

/// How often a node says that it lives, and looks whether others do.
const BEAT: Duration = Duration::from_secs(1);

/// How long a node that stops still tells the others what became of its sockets.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// A stay of a connection of one node at another.
type Stay = (NodeId, u64);

/// One look at the others.
#[derive(Debug)]
struct Look {
    /// Whether this node was still known.
    known: bool,
    absent: Vec<NodeId>,
}

/// What comes in: letters, looks at the others, and questions to them.
type Incoming =
    (mpsc::Receiver<String>, mpsc::Receiver<Result<Look, Unreachable>>, mpsc::Receiver<Inquiry>);

/// The state of one node's dealings with others.
#[derive(Debug)]
struct Router {
    me: NodeId,
    key: ClusterKey,
    board: Arc<Switchboard>,
    directory: Arc<dyn Directory>,
    outbox: mpsc::Sender<Addressed>,
    looks: mpsc::Sender<Result<Look, Unreachable>>,
    /// Where connections of this node are away.
    away: BTreeMap<ConnId, Stay>,
    visitors: HashMap<u64, ConnId>,
    /// Whose connections are guests here.
    guests: BTreeMap<ConnId, Stay>,
    arrived: HashMap<Stay, ConnId>,
    visits: u64,
    /// Questions to other nodes, and who waits for the answers.
    asked: HashMap<u64, (NodeId, oneshot::Sender<Answer>)>,
    questions: u64,
    sent: Numbers,
    heard: Numbers,
    missed: HashMap<NodeId, u32>,
    reachable: bool,
}

/// Starts a node, until `stopped`; what the hub wants comes through `orders`. Returns the way to ask
/// the others.
pub(crate) fn start<B: Directory + Post + 'static>(
    backend: Arc<B>,
    (me, key): (NodeId, ClusterKey),
    board: Arc<Switchboard>,
    orders: mpsc::UnboundedReceiver<Order>,
    stopped: watch::Receiver<bool>,
) -> OtherNodes {
    let (outbox, letters) = mpsc::channel(OUTBOX);
    let (incoming, inbox) = mpsc::channel(OUTBOX);
    let (looks, seen) = mpsc::channel(1);
    let (inquiries, asked) = mpsc::channel(QUESTIONS);
    let directory: Arc<dyn Directory> = Arc::clone(&backend) as _;
    let others = OtherNodes::new(me.clone(), Arc::clone(&directory), inquiries);
    tokio::spawn(mail::send(Arc::clone(&backend) as Arc<dyn Post>, letters, stopped.clone()));
    tokio::spawn(mail::receive(backend, me.clone(), incoming));
    let router = Router {
        me,
        key,
        board,
        directory,
        outbox,
        looks,
        away: BTreeMap::new(),
        visitors: HashMap::new(),
        guests: BTreeMap::new(),
        arrived: HashMap::new(),
        visits: 0,
        asked: HashMap::new(),
        questions: 0,
        sent: Numbers::default(),
        heard: Numbers::default(),
        missed: HashMap::new(),
        reachable: true,
    };
    tokio::spawn(router.run(orders, (inbox, seen, asked), stopped));
    others
}

impl Router {
    async fn run(
        mut self,
        mut orders: mpsc::UnboundedReceiver<Order>,
        (mut inbox, mut seen, mut asked): Incoming,
        mut stopped: watch::Receiver<bool>,
    ) {
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                // What was decided here goes out before more is heard.
                biased;
                order = orders.recv() => match order {
                    Some((conn, order)) => self.obey(conn, order),
                    None => return,
                },
                Some(inquiry) = asked.recv() => self.inquire(inquiry),
                letter = inbox.recv() => if let Some(letter) = letter { self.read(&letter) },
                look = seen.recv() => if let Some(look) = look { self.consider(look) },
                _ = beats.tick() => self.look(),
                // An error means that the service was dropped, which stops it too.
                _ = stopped.changed() => break,
            }
        }
        let last_words = async {
            while let Some((conn, order)) = orders.recv().await {
                self.obey(conn, order);
            }
        };
        let _ = timeout(LAST_WORDS, last_words).await;
        // It may be away already, and then there is nothing to say to it.
        let _ = timeout(LAST_WORDS, self.directory.leave(&self.me)).await;
    }

    fn write(&mut self, (to, visit): Stay, what: What) {
        let number = self.sent.take(&to);
        let letter = Letter { from: self.me.clone(), to: to.clone(), number, visit, what };
        if self.outbox.try_send((to.clone(), self.key.seal(&letter))).is_err() {
            // It will be missed there, by its number.
            tracing::error!(%to, "a letter to another node found no room");
        }
    }

    fn read(&mut self, text: &str) {
        let Some(letter) = self.key.open(text).filter(|letter| letter.to == self.me) else {
            tracing::warn!(
                alarm = "cluster",
                "a letter that no node of ours wrote was left unread"
            );
            return;
        };
        let Letter { from, number, visit, what, .. } = letter;
        match self.heard.heard(&from, number) {
            Turn::Again => return,
            Turn::AfterLoss => self.lose(&from, "letters from it were lost"),
            Turn::Next => {}
        }
        let stay = (from, visit);
        match what {
            What::Arrive(key, caller) => self.welcome(stay, key, *caller),
            What::Passed(passed) => self.pass(&stay, passed),
            What::Told(message) => {
                self.hear(&stay, FromNodes::Told(message));
            }
            What::Agreed(session) => {
                self.hear(&stay, FromNodes::Agreed(session));
            }
            What::Dismissed => {
                if let Some(conn) = self.hear(&stay, FromNodes::Dismissed) {
                    self.come_back(conn);
                }
            }
            What::Stranded => {
                if let Some(conn) = self.hear(&stay, FromNodes::Stranded) {
                    self.come_back(conn);
                }
            }
            What::Asked(question) => self.answer(stay, question),
            What::Answered(answer) => self.hear_answer(stay, answer),
            What::Nothing => {}
        }
    }

    fn welcome(&mut self, stay: Stay, key: CodeKey, caller: Caller) {
        let conn = self.board.arrive(clock::now(), key, caller);
        self.guests.insert(conn, stay.clone());
        self.arrived.insert(stay, conn);
    }

    /// Something happened on a guest's socket.
    fn pass(&mut self, stay: &Stay, passed: Passed) {
        let Some(&conn) = self.arrived.get(stay) else { return };
        let event = match passed {
            Passed::Said(message) => Event::Said(conn, message),
            Passed::Known(person) => Event::Known(conn, person),
            Passed::Found(device) => Event::Found(conn, device),
            Passed::Closed => return self.part(conn, Event::Closed(conn)),
            Passed::Broke => return self.part(conn, Event::Broke(conn)),
        };
        self.board.handle(clock::now(), event);
    }

    /// A guest is gone.
    fn part(&mut self, conn: ConnId, event: Event) {
        self.forget_guest(conn);
        self.board.disconnect(clock::now(), conn, event);
    }

    fn forget_guest(&mut self, conn: ConnId) -> Option<Stay> {
        let stay = self.guests.remove(&conn)?;
        self.arrived.remove(&stay);
        Some(stay)
    }

    /// Word from an owner about a connection that is away there.
    fn hear(&self, stay: &Stay, word: FromNodes) -> Option<ConnId> {
        let conn = *self.visitors.get(&stay.1)?;
        if self.away.get(&conn) != Some(stay) {
            return None;
        }
        self.board.handle(clock::now(), Event::Node(conn, word));
        Some(conn)
    }

    fn come_back(&mut self, conn: ConnId) {
        if let Some((_, visit)) = self.away.remove(&conn) {
            self.visitors.remove(&visit);
        }
    }
}
