//! Hands letters to the post and takes them from it, while Redis comes and goes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

use super::Post;
use crate::clock;
use crate::hub::NodeId;

/// Letters that may wait to be handed in.
pub(super) const OUTBOX: usize = 8192;

/// Letters of one hand-in.
const BATCH: usize = 128;

/// How long letters are kept for a post that does not take them; then the other node will notice
/// that some are missing.
const KEPT: Duration = Duration::from_secs(10);

/// Until a post that failed is tried again.
const RETRY: Duration = Duration::from_millis(200);

/// A letter and where to.
pub(super) type Addressed = (NodeId, String);

/// Sends what comes in, in order, until the other end is dropped; a service that stops waits for
/// whoever has a `_hold` on it.
pub(super) async fn send(
    post: Arc<dyn Post>,
    mut outbox: mpsc::Receiver<Addressed>,
    _hold: watch::Receiver<bool>,
) {
    let mut batch: Vec<Addressed> = Vec::new();
    while outbox.recv_many(&mut batch, BATCH).await > 0 {
        let since = clock::now();
        for run in batch.chunk_by(|a, b| a.0 == b.0) {
            let letters: Vec<String> = run.iter().map(|(_, letter)| letter.clone()).collect();
            hand_in(&*post, &run[0].0, &letters, since).await;
        }
        batch.clear();
    }
}

/// Tries until it works. Some may go twice, if it worked and nobody said so.
async fn hand_in(post: &dyn Post, to: &NodeId, letters: &[String], since: Instant) {
    while let Err(error) = post.send(to, letters).await {
        if clock::now().saturating_duration_since(since) >= KEPT {
            let lost = letters.len();
            return tracing::error!(%to, lost, "letters to another node are lost: {error}");
        }
        sleep(RETRY).await;
    }
}

/// Brings what comes to `me`, until nobody takes it any more.
pub(super) async fn receive(post: Arc<dyn Post>, me: NodeId, inbox: mpsc::Sender<String>) {
    loop {
        let letters = tokio::select! {
            letters = post.receive(&me) => letters,
            () = inbox.closed() => return,
        };
        match letters {
            Ok(letters) => {
                for letter in letters {
                    if inbox.send(letter).await.is_err() {
                        return;
                    }
                }
            }
            Err(_) => sleep(RETRY).await,
        }
    }
}
