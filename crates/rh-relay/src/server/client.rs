//! One client of the embedded relay, whatever it came over.

use std::any::Any;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Mutex, mpsc};
use tokio::time::interval;
use turn::server::Server;
use turn::server::config::{ConnConfig, ServerConfig};
use webrtc_util::{Conn, Error};

use super::clock;
use super::embedded::Inner;
use super::guard::{Guard, Verdict};
use super::visit::{Ports, Visit};

/// Messages that may wait in either direction.
pub(super) const WAITING: usize = 128;
/// How often it is looked whether a client still has anything to do here.
const LOOK: Duration = Duration::from_secs(2);

/// Serves a client until it is gone, or has been without an allocation for too long.
///
/// What comes in waits for the relay; what goes out waits for nobody, and is lost where the client
/// does not keep up: it is datagrams on either side of the relay.
pub(super) async fn serve(
    relay: Arc<Inner>,
    from: SocketAddr,
    mut incoming: mpsc::Receiver<Vec<u8>>,
    outgoing: mpsc::Sender<Vec<u8>>,
) {
    let (to_turn, inbox) = mpsc::channel(WAITING);
    let own = SocketAddr::new(relay.address, 0);
    let client = Client { inbox: Mutex::new(inbox), outgoing: outgoing.clone(), from, own };
    let mut guard = Guard::new(relay.reach.clone(), relay.address, clock::now());
    let visit = Arc::new(Visit::new(Arc::clone(&relay)));
    let config = ServerConfig {
        conn_configs: vec![ConnConfig {
            conn: Arc::new(client),
            relay_addr_generator: Box::new(Ports(Arc::clone(&visit))),
        }],
        realm: relay.realm.to_owned(),
        auth_handler: Arc::clone(&visit) as _,
        channel_bind_timeout: Duration::ZERO,
        alloc_close_notify: None,
    };
    // It ends, and its allocation with it, when it is dropped.
    let Ok(_server) = Server::new(config).await else { return };
    let mut looks = interval(LOOK);
    loop {
        tokio::select! {
            message = incoming.recv() => {
                let Some(message) = message else { return };
                match guard.judge(&message, visit.allocated(), clock::now()) {
                    Verdict::Pass => if to_turn.send(message).await.is_err() { return },
                    Verdict::Answer(answer) => drop(outgoing.try_send(answer)),
                    Verdict::Drop => {}
                }
            }
            _ = looks.tick() => if visit.is_over() { return },
        }
    }
}

/// The client as the crate `turn` sees it: a socket with one peer.
struct Client {
    inbox: Mutex<mpsc::Receiver<Vec<u8>>>,
    outgoing: mpsc::Sender<Vec<u8>>,
    from: SocketAddr,
    own: SocketAddr,
}

#[async_trait]
impl Conn for Client {
    async fn recv_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr), Error> {
        let message = self.inbox.lock().await.recv().await.ok_or(Error::ErrBufferClosed)?;
        let length = message.len().min(buffer.len());
        buffer[..length].copy_from_slice(&message[..length]);
        Ok((length, self.from))
    }

    async fn send_to(&self, bytes: &[u8], _: SocketAddr) -> Result<usize, Error> {
        // What does not fit is lost.
        let _ = self.outgoing.try_send(bytes.to_vec());
        Ok(bytes.len())
    }

    fn local_addr(&self) -> Result<SocketAddr, Error> {
        Ok(self.own)
    }

    fn remote_addr(&self) -> Option<SocketAddr> {
        Some(self.from)
    }

    /// An allocation's end is not the client's: it may ask for another.
    async fn close(&self) -> Result<(), Error> {
        Ok(())
    }

    async fn connect(&self, _: SocketAddr) -> Result<(), Error> {
        Ok(())
    }

    async fn recv(&self, buffer: &mut [u8]) -> Result<usize, Error> {
        Ok(self.recv_from(buffer).await?.0)
    }

    async fn send(&self, bytes: &[u8]) -> Result<usize, Error> {
        self.send_to(bytes, self.from).await
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }
}
