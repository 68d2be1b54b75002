//! The one place that owns everything of a link, and takes it away when the link ends.

use std::sync::Arc;

use ::webrtc::data_channel::DataChannel;
use ::webrtc::peer_connection::PeerConnection;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::channels::{self, Purpose};
use super::outbox::Messages;
use super::screen::Picture;
use super::shared::Shared;
use super::{now, pulse, screen, tiles};

/// A link's peer connection and what its tasks need.
pub(super) struct Room {
    pub(super) connection: Arc<dyn PeerConnection>,
    pub(super) shared: Arc<Shared>,
    pub(super) channels: mpsc::UnboundedReceiver<Arc<dyn DataChannel>>,
    pub(super) messages: Messages,
}

impl Room {
    /// Starts the link's tasks; they stop when the link ends, and the returned value turns true
    /// when nothing is left of them.
    pub(super) fn open(self, picture: Picture) -> watch::Receiver<bool> {
        let (closed, is_closed) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(screen::listen(Arc::clone(&picture.track), Arc::clone(&self.shared)));
        tasks.spawn(picture.send(Arc::clone(&self.shared)));
        tasks.spawn(pulse::run(Arc::clone(&self.shared)));
        let (reliable, looked_after) = mpsc::unbounded_channel();
        let second_try = Arc::clone(&self.shared.second_try);
        tasks.spawn(async move { second_try.run(looked_after).await });
        tokio::spawn(async move {
            self.run(tasks, reliable).await;
            closed.send_replace(true);
        });
        is_closed
    }

    async fn run(
        mut self,
        mut tasks: JoinSet<()>,
        reliable: mpsc::UnboundedSender<Arc<dyn DataChannel>>,
    ) {
        let messages = Some(self.messages);
        let mut wanted = Wanted { messages, pointer: true, tiles: true, probe: true, reliable };
        loop {
            tokio::select! {
                () = self.shared.ended() => break,
                Some(channel) = self.channels.recv() => {
                    admit(channel, &mut wanted, &mut tasks, &self.shared).await;
                }
                Some(_) = tasks.join_next() => {}
            }
        }
        tasks.shutdown().await;
        drop(self.channels);
        if let Err(error) = self.connection.close().await {
            tracing::debug!(%error, "the peer connection was closed already");
        }
    }
}

/// Channels that the helper has not opened yet.
struct Wanted {
    /// What the control channel will carry.
    messages: Option<Messages>,
    pointer: bool,
    tiles: bool,
    probe: bool,
    /// Takes the channels on which nothing may be lost.
    reliable: mpsc::UnboundedSender<Arc<dyn DataChannel>>,
}

/// Starts to use a channel that the helper opened, if it is the first of its kind: a helper could
/// open thousands. The link is up with its control channel, and down without.
async fn admit(
    channel: Arc<dyn DataChannel>,
    wanted: &mut Wanted,
    tasks: &mut JoinSet<()>,
    shared: &Arc<Shared>,
) {
    let purpose = Purpose::of(&*channel).await;
    let is_wanted = match purpose {
        Purpose::Control => wanted.messages.is_some(),
        Purpose::Pointer => std::mem::take(&mut wanted.pointer),
        Purpose::Tiles => std::mem::take(&mut wanted.tiles),
        Purpose::Probe => std::mem::take(&mut wanted.probe),
        Purpose::Unknown => false,
    };
    if !is_wanted {
        tasks.spawn(async move {
            // A channel that is closing already needs no closing.
            let _ = channel.close().await;
        });
        return;
    }
    if matches!(purpose, Purpose::Control | Purpose::Tiles) {
        // Without a receiver the link is closing.
        let _ = wanted.reliable.send(Arc::clone(&channel));
    }
    if purpose == Purpose::Control
        && let Some(messages) = wanted.messages.take()
    {
        shared.up(now());
        tasks.spawn(messages.send(Arc::clone(&channel), Arc::clone(shared)));
    }
    if purpose == Purpose::Tiles {
        tasks.spawn(tiles::send(Arc::clone(&channel), Arc::clone(shared)));
    }
    let shared = Arc::clone(shared);
    tasks.spawn(async move {
        channels::read(channel, purpose, &shared).await;
        match purpose {
            Purpose::Control => shared.end(),
            Purpose::Tiles => shared.tiles.shut(),
            Purpose::Pointer | Purpose::Probe | Purpose::Unknown => {}
        }
    });
}
