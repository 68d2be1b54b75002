//! What the hub wants of the nodes, done.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::{Router, What};
use crate::clock;
use crate::cluster::{Directory, Found, Unreachable};
use crate::hub::{CodeKey, ConnId, Entered, Event, FromNodes, Opened, Source, ToNodes};

/// How long the directory has to answer before somebody is told to try again.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

impl Router {
    pub(super) fn obey(&mut self, conn: ConnId, order: ToNodes) {
        match order {
            ToNodes::Open(key, until) => self.open(conn, key, until),
            ToNodes::Close(key) => {
                let (directory, me) = (Arc::clone(&self.directory), self.me.clone());
                // What is not closed leads to a code that this node knows to be dead.
                tokio::spawn(async move { within(directory.close(&key, &me)).await });
            }
            ToNodes::Enter(key, from) => self.enter(conn, key, from),
            ToNodes::Failed(from) => self.failed(from),
            ToNodes::Visit(owner, key, caller) => {
                let stay = (owner, self.visits);
                self.visits += 1;
                self.write(stay.clone(), What::Arrive(key, caller));
                self.visitors.insert(stay.1, conn);
                self.away.insert(conn, stay);
            }
            ToNodes::Pass(passed) => {
                if let Some(stay) = self.away.get(&conn).cloned() {
                    self.write(stay, What::Passed(passed));
                }
            }
            ToNodes::Return => self.come_back(conn),
            ToNodes::Relay(message) => self.write_home(conn, What::Told(message)),
            ToNodes::Agreed(session) => self.write_home(conn, What::Agreed(session)),
            ToNodes::Dismiss => {
                if let Some(stay) = self.forget_guest(conn) {
                    self.write(stay, What::Dismissed);
                }
            }
        }
    }

    /// Writes to the node that has a guest's socket, if it is a guest.
    fn write_home(&mut self, guest: ConnId, what: What) {
        if let Some(stay) = self.guests.get(&guest).cloned() {
            self.write(stay, what);
        }
    }

    fn open(&self, conn: ConnId, key: CodeKey, until: Instant) {
        let left = until.saturating_duration_since(clock::now());
        let me = self.me.clone();
        self.ask(conn, move |directory| async move {
            let opened = match within(directory.open(&key, &me, left)).await {
                Ok(true) => Opened::Ours,
                Ok(false) => Opened::Taken,
                Err(_) => Opened::Unreachable,
            };
            FromNodes::Opened(key, opened)
        });
    }

    fn enter(&self, conn: ConnId, key: CodeKey, from: Source) {
        let me = self.me.clone();
        self.ask(conn, move |directory| async move {
            let entered = match within(directory.enter(&key, &from)).await {
                Ok(Found::Wait(wait)) => Entered::Wait(wait),
                Ok(Found::Dead(alarm)) => Entered::Dead(alarm),
                Ok(Found::At(node)) if node == me => Entered::Here,
                Ok(Found::At(node)) => Entered::At(node),
                Err(_) => Entered::Unreachable,
            };
            FromNodes::Entered(key, entered)
        });
    }

    fn failed(&self, from: Source) {
        let (directory, board) = (Arc::clone(&self.directory), Arc::clone(&self.board));
        tokio::spawn(async move {
            if let Ok(Some(alarm)) = within(directory.failed(&from)).await {
                board.alarm(clock::now(), alarm);
            }
        });
    }

    /// Asks the directory beside this task, and brings the hub the answer.
    fn ask<A>(&self, conn: ConnId, question: impl FnOnce(Arc<dyn Directory>) -> A)
    where
        A: Future<Output = FromNodes> + Send + 'static,
    {
        let board = Arc::clone(&self.board);
        let answer = question(Arc::clone(&self.directory));
        tokio::spawn(async move {
            let answer = answer.await;
            board.handle(clock::now(), Event::Node(conn, answer));
        });
    }
}

pub(in crate::cluster) async fn within<T>(
    answer: impl Future<Output = Result<T, Unreachable>>,
) -> Result<T, Unreachable> {
    let late = |_| Unreachable("no answer in time".to_owned());
    timeout(ANSWER_WITHIN, answer).await.map_err(late)?
}
