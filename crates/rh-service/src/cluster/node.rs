//! Joins a service to the other nodes.

use std::sync::Arc;

use rh_records::KeyId;
use tokio::sync::{mpsc, watch};

use super::asking::{OtherNodes, names};
use super::letter::ClusterKey;
use super::redis::Redis;
use super::router::{self, Order};
use super::{ClusterSettings, Unreachable};
use crate::ServeError;
use crate::hub::NodeId;
use crate::socket::Switchboard;

/// Makes `board` one node of several, if there are `settings` for that, until `stopped`; and the way
/// to ask the others.
///
/// # Errors
///
/// [`ServeError::Cluster`].
pub(crate) async fn join(
    settings: Option<&ClusterSettings>,
    board: Switchboard,
    stopped: &watch::Receiver<bool>,
) -> Result<(Arc<Switchboard>, OtherNodes), ServeError> {
    let Some(settings) = settings else {
        return Ok((Arc::new(board), OtherNodes::default()));
    };
    let node = Node::connect(settings).await?;
    let board = Arc::new(board.among_nodes(node.key.codes(), node.orders.0.clone()));
    let others = node.start(Arc::clone(&board), stopped.clone());
    agree(&others, board.key()).await?;
    Ok((board, others))
}

/// Sees that all nodes sign with `ours`: an agent carries out nothing that another key than its own
/// node's allowed.
async fn agree(others: &OtherNodes, ours: KeyId) -> Result<(), ServeError> {
    let failed = |error: Unreachable| ServeError::Cluster(error.to_string());
    let differing = others.signing_otherwise(ours).await.map_err(failed)?;
    if differing.is_empty() {
        return Ok(());
    }
    Err(ServeError::OtherKey { ours, nodes: names(&differing) })
}

/// A node that reaches the others, before it deals with them.
#[derive(Debug)]
struct Node {
    id: NodeId,
    key: ClusterKey,
    redis: Arc<Redis>,
    orders: (mpsc::UnboundedSender<Order>, mpsc::UnboundedReceiver<Order>),
}

impl Node {
    /// Connects to Redis, as `settings` say.
    ///
    /// # Errors
    ///
    /// [`ServeError::Cluster`].
    async fn connect(settings: &ClusterSettings) -> Result<Self, ServeError> {
        let failed = |error: Unreachable| ServeError::Cluster(error.to_string());
        let key = settings.key().map_err(failed)?;
        let redis = Arc::new(Redis::connect(settings).await.map_err(failed)?);
        let id = settings.new_node();
        tracing::info!(node = %id, "one node of several");
        Ok(Self { id, key, redis, orders: mpsc::unbounded_channel() })
    }

    /// Deals with the others, until `stopped`.
    fn start(self, board: Arc<Switchboard>, stopped: watch::Receiver<bool>) -> OtherNodes {
        let Self { id, key, redis, orders: (_, orders) } = self;
        router::start(redis, (id, key), board, orders, stopped)
    }
}
