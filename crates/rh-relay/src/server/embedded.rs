//! The relay within the service: the crate `turn`, one server of it for each client.
//!
//! One for each, since that crate keeps a nonce for whoever asks until its server ends, and handles a
//! socket's messages one after the other. What it does not limit is limited around it: what a client
//! may ask by [`guard`](super::guard), what a session may take by [`quota`](super::quota), where
//! datagrams may go by [`reach`](super::reach).

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use async_trait::async_trait;
use tokio::net::UdpSocket;

use super::hall::Hall;
use super::quota::{Limits, Quotas};
use super::reach::Reach;
use super::visit::bind_for;
use super::{Credentials, Here, Relay, Secret, Stream, stream, udp};

/// The realm that clients are told (RFC 8489, section 9.2); it says nothing.
const REALM: &str = "remote-help";

/// How the embedded relay is to be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Signs credentials.
    pub secret: Secret,
    /// The address at which this machine's ports are reached from elsewhere.
    pub address: IpAddr,
    /// What may be reached through it.
    pub reach: Reach,
    /// How much it gives.
    pub limits: Limits,
}

/// Relays within the service.
#[derive(Clone)]
pub struct Embedded {
    inner: Arc<Inner>,
    /// The port of TURN over UDP, once there is one.
    udp: Arc<OnceLock<u16>>,
}

pub(super) struct Inner {
    pub(super) secret: Secret,
    pub(super) realm: &'static str,
    pub(super) address: IpAddr,
    pub(super) bind: IpAddr,
    pub(super) reach: Reach,
    pub(super) quotas: Quotas,
    pub(super) hall: Hall,
}

impl Embedded {
    /// A relay without clients.
    pub fn new(settings: Settings) -> Self {
        let Settings { secret, address, reach, limits } = settings;
        let (quotas, hall) = (Quotas::new(limits), Hall::default());
        let bind = bind_for(address);
        let inner = Inner { secret, realm: REALM, address, bind, reach, quotas, hall };
        Self { inner: Arc::new(inner), udp: Arc::default() }
    }

    /// Takes in clients over UDP too, as long as `stop` lasts.
    ///
    /// # Errors
    ///
    /// If the port cannot be bound.
    pub async fn listen(
        &self,
        address: SocketAddr,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<SocketAddr> {
        let socket = UdpSocket::bind(address).await?;
        let bound = socket.local_addr()?;
        // Who listens twice is reached at the first.
        let _ = self.udp.set(bound.port());
        let relay = Arc::clone(&self.inner);
        tokio::spawn(async move {
            tokio::select! {
                () = udp::serve(relay, socket) => {}
                () = stop => {}
            }
        });
        Ok(bound)
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded").field("address", &self.inner.address).finish_non_exhaustive()
    }
}

#[async_trait]
impl Relay for Embedded {
    /// UDP first: what is lost there delays nothing behind it.
    fn urls(&self, here: &Here) -> Vec<String> {
        let udp = self.udp.get().map(|&port| here.over_udp(port));
        udp.into_iter().chain(here.over_tls()).collect()
    }

    fn mint(&self, session: &str, now: SystemTime) -> Credentials {
        self.inner.secret.mint(session, now)
    }

    async fn serve(&self, stream: Box<dyn Stream>, from: SocketAddr) {
        stream::serve(Arc::clone(&self.inner), stream, from).await;
    }
}
