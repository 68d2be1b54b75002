//! Sends once more what is not acknowledged.

use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use ::webrtc::data_channel::DataChannel;
use tokio::sync::{Notify, mpsc};

use super::now;
use super::tail::Tail;

/// A socket, and where to.
type Path = (Arc<UdpSocket>, SocketAddr);

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
        if self.tail().sent(bytes, (Arc::clone(own), to), at) {
            self.begun.notify_one();
        }
    }

    pub(super) fn received(&self, bytes: &[u8], at: Instant) {
        self.tail().received(bytes, at);
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
            let again = {
                let mut tail = self.tail();
                tail.handed(handed);
                tail.look(outstanding, now())
            };
            for datagram in again {
                let (socket, to) = &datagram.path;
                // One that cannot be sent now is lost, as it may be anywhere.
                let _ = socket.send_to(&datagram.bytes, to);
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
