//! What administrators want of every node: to see the sessions that run, and to end one; and what
//! nodes must agree on when one starts.
//!
//! Each node knows its own sessions alone. A question goes to every other node that lives, and its
//! answer is waited for a while; who did not answer is said, so that a list that lacks something
//! never looks whole. Whether somebody may ask is decided where they do, before anything is asked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use rh_policy::{DeviceId, TenantId};
use rh_protocol::{Role, SessionId};
use rh_records::{KeyId, Party, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::router::within;
use super::{Directory, Unreachable};
use crate::clock;
use crate::hub::{NodeId, Running};
use crate::socket::Switchboard;

/// How long a node has to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Questions that may wait to be sent; who has another is as good as not answered.
pub(super) const QUESTIONS: usize = 256;

/// A session that runs, as a node tells of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    pub(crate) session: SessionId,
    pub(crate) helper: Party,
    pub(crate) sharer: Party,
    /// The sharer's device, if a directory knows it.
    pub(crate) device: Option<DeviceId>,
    /// When the two met, by the clock of their node.
    pub(crate) started: Timestamp,
    /// What the helper holds, if anything.
    pub(crate) role: Option<Role>,
}

impl Seen {
    /// A tenant's sessions at this node.
    pub(crate) fn at(board: &Switchboard, tenant: &TenantId) -> Vec<Self> {
        let (now, wall) = (clock::now(), clock::wall());
        board.running(tenant, |it: Running<'_>| Self {
            session: it.session,
            helper: it.helper.party(),
            sharer: it.sharer.party(),
            device: it.device.cloned(),
            started: wall.before(now.saturating_duration_since(it.since)),
            role: it.role,
        })
    }
}

/// What one node asks another.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Question {
    /// Which sessions of a tenant run there?
    Running(TenantId),
    /// What does it sign with?
    Key,
    /// Does this session of a tenant run there?
    Has(TenantId, SessionId),
    /// End it, for an administrator whose act is recorded. Was there one?
    End(TenantId, SessionId),
}

/// What the other says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    Running(Vec<Seen>),
    Key(KeyId),
    Is(bool),
}

impl Question {
    /// What the node with this board says, and does.
    pub(super) fn answer(self, board: &Switchboard) -> Answer {
        match self {
            Self::Running(tenant) => Answer::Running(Seen::at(board, &tenant)),
            Self::Key => Answer::Key(board.key()),
            Self::Has(tenant, session) => Answer::Is(board.runs(&tenant, session)),
            Self::End(tenant, session) => {
                let ended = board.end(clock::now(), &tenant, session);
                tracing::info!(%session, ended, "an administrator at another node ends a session");
                Answer::Is(ended)
            }
        }
    }
}

/// A question to a node, and where its answer goes.
#[derive(Debug)]
pub(super) struct Inquiry {
    pub(super) to: NodeId,
    pub(super) question: Question,
    pub(super) reply: oneshot::Sender<Answer>,
}

/// Nodes that did not answer.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Unanswered {
    /// Which; empty if none could even be asked.
    pub(crate) nodes: Vec<NodeId>,
    /// Whether it is not known which nodes there are.
    pub(crate) cut_off: bool,
}

impl Unanswered {
    /// Whether there are none.
    pub(crate) fn is_none(&self) -> bool {
        self.nodes.is_empty() && !self.cut_off
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.cut_off {
            return f.write_str("the other nodes of the service cannot be asked");
        }
        write!(f, "nodes of the service that did not answer: {}", names(&self.nodes))
    }
}

/// Nodes, as somebody reads them.
pub(super) fn names(nodes: &[NodeId]) -> String {
    nodes.iter().map(NodeId::as_str).collect::<Vec<_>>().join(", ")
}

/// The other nodes, for who asks something of them; none, of a service that is alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct OtherNodes(Option<Asking>);

#[derive(Clone, Debug)]
struct Asking {
    me: NodeId,
    directory: Arc<dyn Directory>,
    inquiries: mpsc::Sender<Inquiry>,
}

impl OtherNodes {
    /// Those that `me` reaches through `directory`; questions leave through `inquiries`.
    pub(super) fn new(
        me: NodeId,
        directory: Arc<dyn Directory>,
        inquiries: mpsc::Sender<Inquiry>,
    ) -> Self {
        Self(Some(Asking { me, directory, inquiries }))
    }

    /// A tenant's sessions that run elsewhere, and who did not say.
    pub(crate) async fn running(&self, tenant: &TenantId) -> (Vec<Seen>, Unanswered) {
        let (answers, unanswered) = self.ask_all(&Question::Running(tenant.clone())).await;
        let sessions = answers.into_iter().filter_map(|(_, answer)| match answer {
            Answer::Running(sessions) => Some(sessions),
            Answer::Key(_) | Answer::Is(_) => None,
        });
        (sessions.flatten().collect(), unanswered)
    }

    /// The node where a tenant's session runs, if it runs elsewhere.
    ///
    /// # Errors
    ///
    /// [`Unanswered`] if nobody has it, of those who answered.
    pub(crate) async fn with(
        &self,
        tenant: &TenantId,
        session: SessionId,
    ) -> Result<Option<NodeId>, Unanswered> {
        let (answers, unanswered) = self.ask_all(&Question::Has(tenant.clone(), session)).await;
        let has = answers.into_iter().find(|(_, answer)| *answer == Answer::Is(true));
        match has {
            None if !unanswered.is_none() => Err(unanswered),
            has => Ok(has.map(|(node, _)| node)),
        }
    }

    /// Ends a tenant's session at `node`; whether there was one. What is not answered may be done
    /// all the same, later.
    ///
    /// # Errors
    ///
    /// [`Unanswered`].
    pub(crate) async fn end(
        &self,
        node: NodeId,
        tenant: &TenantId,
        session: SessionId,
    ) -> Result<bool, Unanswered> {
        let question = Question::End(tenant.clone(), session);
        let answer = match &self.0 {
            Some(asking) => asking.ask(node.clone(), question).await.1,
            None => None,
        };
        match answer {
            Some(Answer::Is(ended)) => Ok(ended),
            Some(Answer::Running(_) | Answer::Key(_)) | None => {
                Err(Unanswered { nodes: vec![node], cut_off: false })
            }
        }
    }

    /// The other nodes that sign with another key than `ours`. Of two that start at once, one at least
    /// sees the other: each says that it lives before it asks.
    ///
    /// # Errors
    ///
    /// [`Unreachable`].
    pub(super) async fn signing_otherwise(&self, ours: KeyId) -> Result<Vec<NodeId>, Unreachable> {
        let Some(asking) = &self.0 else { return Ok(Vec::new()) };
        within(asking.directory.beat(&asking.me)).await?;
        let (answers, unanswered) = self.ask_all(&Question::Key).await;
        if !unanswered.is_none() {
            tracing::warn!("signing keys were not compared with all: {unanswered}");
        }
        let others = answers.into_iter().filter(|(_, answer)| *answer != Answer::Key(ours));
        Ok(others.map(|(node, _)| node).collect())
    }

    /// What every other node that lives answers.
    async fn ask_all(&self, question: &Question) -> (Vec<(NodeId, Answer)>, Unanswered) {
        let mut unanswered = Unanswered::default();
        let Some(asking) = &self.0 else { return (Vec::new(), unanswered) };
        let Ok(mut nodes) = within(asking.directory.living()).await else {
            unanswered.cut_off = true;
            return (Vec::new(), unanswered);
        };
        nodes.retain(|node| *node != asking.me);
        let answers = nodes.into_iter().map(|node| asking.ask(node, question.clone()));
        let mut heard = Vec::new();
        for (node, answer) in join_all(answers).await {
            match answer {
                Some(answer) => heard.push((node, answer)),
                None => unanswered.nodes.push(node),
            }
        }
        (heard, unanswered)
    }
}

impl Asking {
    /// What a node answers, if it does so in time.
    async fn ask(&self, to: NodeId, question: Question) -> (NodeId, Option<Answer>) {
        let (reply, answer) = oneshot::channel();
        if self.inquiries.try_send(Inquiry { to: to.clone(), question, reply }).is_err() {
            return (to, None);
        }
        let answer = timeout(ANSWER_WITHIN, answer).await.ok().and_then(Result::ok);
        (to, answer)
    }
}
