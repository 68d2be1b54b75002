//! Several services that are one: codes that every node knows, sessions across nodes, shared limits.
//!
//! Two ports. The [`Directory`] says which node has a code, counts wrong ones, and knows which nodes
//! live; the [`Post`] carries letters between nodes. Redis is behind both; a node that is alone uses
//! neither, since its hub has codes and limits itself. A contract holds both backends to the same.
//! Administrators ask all nodes what runs, through [`OtherNodes`].
//!
//! The directory decides nothing but where to go: whether somebody comes in is the owner's hub to
//! decide, under its own rules. Letters are sealed with a key that Redis does not have, and numbered,
//! so that one that is made up, changed, sent again or lost is noticed. docs/nodes.md tells what
//! becomes of whom when a node or Redis fails.

mod asking;
mod letter;
mod mail;
mod node;
mod redis;
mod router;
mod settings;

#[cfg(test)]
mod asking_tests;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod tests;

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use crate::hub::{Alarm, CodeKey, NodeId, Source};
pub(crate) use asking::{OtherNodes, Seen, Unanswered};
pub(crate) use node::join;
pub(crate) use router::Order;
pub(crate) use settings::ClusterSettings;

/// The nodes cannot be asked; what the backend says.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreachable(String);

/// What the directory says of a code that was typed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    /// Too many attempts; the time to wait. Whether the code is right was not looked at.
    Wait(Duration),
    /// No such code, which was counted; with what administrators must hear of it.
    Dead(Option<Alarm>),
    /// The node that has it.
    At(NodeId),
}

/// What the nodes share. Every operation is atomic; time is the backend's own.
#[async_trait]
pub(crate) trait Directory: Debug + Send + Sync {
    /// Announces a code of `owner` for `life`; says whether it leads there now. It does not if
    /// another node has the same. Once more is fine.
    async fn open(
        &self,
        key: &CodeKey,
        owner: &NodeId,
        life: Duration,
    ) -> Result<bool, Unreachable>;

    /// Takes a code of `owner` back; nothing if it is another's.
    async fn close(&self, key: &CodeKey, owner: &NodeId) -> Result<(), Unreachable>;

    /// Looks a code up, unless `from` has to wait; a wrong one counts, in the same step. The code
    /// stays: its owner alone uses it up.
    async fn enter(&self, key: &CodeKey, from: &Source) -> Result<Found, Unreachable>;

    /// Counts a code that was right and as good as wrong.
    async fn failed(&self, from: &Source) -> Result<Option<Alarm>, Unreachable>;

    /// Says that `node` lives; whether that was still known. If it was not, neither are its codes.
    async fn beat(&self, node: &NodeId) -> Result<bool, Unreachable>;

    /// Those of `nodes` that gave no sign of life for some seconds.
    async fn absent(&self, nodes: Vec<NodeId>) -> Result<Vec<NodeId>, Unreachable>;

    /// Every node that gave a sign of life within some seconds.
    async fn living(&self) -> Result<Vec<NodeId>, Unreachable>;

    /// Says that `node` lives no more.
    async fn leave(&self, node: &NodeId) -> Result<(), Unreachable>;
}

/// Carries letters between nodes: in order, and each at least once while the backend runs. When it
/// fails, letters may be lost.
#[async_trait]
pub(crate) trait Post: Debug + Send + Sync {
    /// Hands letters to `to` in, in this order.
    async fn send(&self, to: &NodeId, letters: &[String]) -> Result<(), Unreachable>;

    /// The next letters to `me`, or none after a while.
    async fn receive(&self, me: &NodeId) -> Result<Vec<String>, Unreachable>;
}
