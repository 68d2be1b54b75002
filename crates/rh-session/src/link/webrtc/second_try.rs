//! Sends once more what is not acknowledged.

use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use ::webrtc::data_channel::DataChannel;
use tokio::sync::{Notify, mpsc};

use super::channel_data::{self, Channel};
use super::now;
use super::tail::Tail;

/// A socket, where to, and through which channel of a relay that is there.
type Path = (Arc<UdpSocket>, SocketAddr, Option<Channel>);

/// What the sockets of a link tell.
#[derive(Debug, Default)]
pub(super) struct SecondTry {
    tail: Mutex<Tail<Path>>,
    begun: Notify,
    /// Bytes that SCTP was given in all.
    handed: AtomicI64,
}

impl SecondTry {
    fn tail(&self) -> MutexGuard<'_, Tail<Path>> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn sent(&self, bytes: &[u8], (own, to): (&Arc<UdpSocket>, SocketAddr), at: Instant) {
        let (channel, bytes) = channel_data::open(bytes);
        if self.tail().sent(bytes, (Arc::clone(own), to, channel), at) {
            self.begun.notify_one();
        }
    }

    pub(super) fn received(&self, bytes: &[u8], at: Instant) {
        self.tail().received(channel_data::open(bytes).1, at);
    }

    /// SCTP was given so many bytes more, on a channel on which nothing may be lost.
    pub(super) fn handed(&self, bytes: usize) {
        self.handed.fetch_add(bytes as i64, Ordering::Relaxed);
    }

    /// Looks after what is sent over the `reliable` channels, for as long as it is polled.
    pub(super) async fn run(&self, mut reliable: mpsc::UnboundedReceiver<Arc<dyn DataChannel>>) {
        let mut channels = Vec::new();
        loop {
            let wait = self.tail().wait();
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => self.begun.notified().await,
            }
            while let Ok(channel) = reliable.try_recv() {
                channels.push(channel);
            }
            // In this order: what is given meanwhile is not taken to have arrived.
            let handed = self.handed.load(Ordering::Relaxed);
            let outstanding = outstanding(&channels).await;
            let (again, path) = {
                let mut tail = self.tail();
                tail.handed(handed);
                (tail.look(outstanding, now()), tail.path())
            };
            let Some((socket, to, channel)) = path else { continue };
            for datagram in again {
                // One that cannot be sent now is lost, as it may be anywhere.
                let _ = socket.send_to(&channel_data::close(channel, datagram), to);
            }
        }
    }

    /// Forgets what was sent, and the sockets with it.
    pub(super) fn clear(&self) {
        self.tail().clear();
    }
}

/// Bytes that are not acknowledged.
async fn outstanding(channels: &[Arc<dyn DataChannel>]) -> usize {
    let mut sum = 0;
    for channel in channels {
        sum += channel.outstanding_bytes().await.unwrap_or(0);
    }
    sum
}
