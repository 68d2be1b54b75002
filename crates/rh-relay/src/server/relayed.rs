//! One allocation's port: what a client sends goes out here, and what peers send comes in.

use std::net::SocketAddr;
use std::sync::{Mutex as SyncMutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::net::UdpSocket;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::timeout_at;
use webrtc_util::{Conn, Error};

use super::clock;
use super::hall::{Datagram, Place};
use super::quota::Lease;
use super::reach::Reach;

/// A port over which nothing goes for so long is given up: ICE alone sends every few seconds.
pub(super) const IDLE: Duration = Duration::from_secs(90);

/// One relayed port.
pub(super) struct Relayed {
    pub(super) socket: UdpSocket,
    pub(super) place: Place,
    pub(super) arriving: Mutex<mpsc::Receiver<Datagram>>,
    pub(super) lease: Lease,
    pub(super) reach: Reach,
    pub(super) used: SyncMutex<Instant>,
    /// True until the allocation is gone.
    pub(super) open: watch::Sender<bool>,
}

impl Relayed {
    fn uses(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether so much may be relayed now.
    fn may(&self, bytes: usize) -> bool {
        let now = clock::now();
        *self.uses() = now;
        self.lease.takes(bytes, now)
    }

    /// The next datagram of a peer that may be reached.
    async fn next(&self, buffer: &mut [u8]) -> std::io::Result<(usize, SocketAddr)> {
        let mut arriving = self.arriving.lock().await;
        loop {
            let (length, from) = tokio::select! {
                Some((bytes, from)) = arriving.recv() => {
                    let length = bytes.len().min(buffer.len());
                    buffer[..length].copy_from_slice(&bytes[..length]);
                    // It was counted when it was sent.
                    *self.uses() = clock::now();
                    return Ok((length, from));
                }
                received = self.socket.recv_from(buffer) => received?,
            };
            if self.reach.allows(from.ip()) && self.may(length) {
                return Ok((length, from));
            }
        }
    }
}

#[async_trait]
impl Conn for Relayed {
    async fn send_to(&self, bytes: &[u8], to: SocketAddr) -> Result<usize, Error> {
        // What may not be sent is lost, as on any network.
        if !self.may(bytes.len()) {
            return Ok(bytes.len());
        }
        if to.ip() == self.place.own.ip() {
            self.place.send(bytes, to);
        } else if self.reach.allows(to.ip())
            && let Err(error) = self.socket.send_to(bytes, to).await
        {
            tracing::trace!(%error, "a relayed datagram was not sent");
        }
        Ok(bytes.len())
    }

    async fn recv_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr), Error> {
        let mut open = self.open.subscribe();
        loop {
            let idle = *self.uses() + IDLE;
            let next = tokio::select! {
                next = timeout_at(idle.into(), self.next(buffer)) => next,
                _ = open.wait_for(|open| !open) => return Err(Error::ErrUseClosedNetworkConn),
            };
            match next {
                Ok(Ok(next)) => return Ok(next),
                // An answer of the network to what was sent before (ICMP).
                Ok(Err(error)) => tracing::trace!(%error, "a relayed port"),
                Err(_) if clock::now() >= *self.uses() + IDLE => {
                    return Err(Error::ErrUseClosedNetworkConn);
                }
                Err(_) => {}
            }
        }
    }

    fn local_addr(&self) -> Result<SocketAddr, Error> {
        Ok(self.place.own)
    }

    async fn close(&self) -> Result<(), Error> {
        self.open.send_replace(false);
        Ok(())
    }

    async fn connect(&self, _: SocketAddr) -> Result<(), Error> {
        Err(Error::ErrUseClosedNetworkConn)
    }

    async fn recv(&self, buffer: &mut [u8]) -> Result<usize, Error> {
        Ok(self.recv_from(buffer).await?.0)
    }

    async fn send(&self, _: &[u8]) -> Result<usize, Error> {
        Err(Error::ErrUseClosedNetworkConn)
    }

    fn remote_addr(&self) -> Option<SocketAddr> {
        None
    }

    fn as_any(&self) -> &(dyn std::any::Any + Send + Sync) {
        self
    }
}

impl Drop for Relayed {
    fn drop(&mut self) {
        tracing::debug!(session = self.lease.session(), own = %self.place.own, "relayed port closed");
    }
}
