//! A relay behind TLS, and clients of it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{CertificateParams, KeyPair};
use rh_relay::bridge::{Bridge, RelayUrl, trusting};
use rh_relay::server::{Credentials, Embedded, Limits, Reach, Relay as _, Secret, Settings};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, UdpSocket};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use turn::client::{Client, ClientConfig};
use webrtc_util::Conn;

/// Longest wait for anything that must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// How long nothing must come.
pub(crate) const QUIET: Duration = Duration::from_millis(300);

/// An address that is not this machine's, as in a cloud that forwards to it (RFC 5737).
pub(crate) const ELSEWHERE: [u8; 4] = [203, 0, 113, 7];

/// A certificate for this machine, and its key.
pub(crate) struct Identity {
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) key: KeyPair,
    pub(crate) pem: String,
}

impl Identity {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let names = vec!["127.0.0.1".to_owned()];
        let made = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
        Self { certificate: made.der().clone(), pem: made.pem(), key }
    }

    pub(crate) fn write(&self, folder: &Path) -> [std::path::PathBuf; 2] {
        let [certificate, key] = ["own.pem", "own.key"].map(|name| folder.join(name));
        std::fs::write(&certificate, &self.pem).unwrap();
        std::fs::write(&key, self.key.serialize_pem()).unwrap();
        [certificate, key]
    }

    fn acceptor(&self) -> TlsAcceptor {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }

    /// A bridge to the relay over TLS at `address`.
    pub(crate) async fn bridge(&self, address: SocketAddr) -> Bridge {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let url: RelayUrl = format!("turns:{address}?transport=tcp").parse().unwrap();
        Bridge::open(&url, trusting(roots)).await.unwrap()
    }
}

/// A relay, over TLS and over UDP.
pub(crate) struct World {
    pub(crate) secret: Secret,
    pub(crate) identity: Identity,
    pub(crate) tls: SocketAddr,
    pub(crate) udp: SocketAddr,
}

impl World {
    pub(crate) async fn with(reach: &[&str], limits: Limits) -> Self {
        let secret = Secret::new("secret");
        let also = reach.iter().map(|it| it.parse().unwrap()).collect();
        let relay = Embedded::new(Settings {
            secret: secret.clone(),
            address: ELSEWHERE.into(),
            reach: Reach { also },
            limits,
        });
        let here = "127.0.0.1:0".parse().unwrap();
        let udp = relay.listen(here, std::future::pending()).await.unwrap();
        let identity = Identity::new();
        let listener = TcpListener::bind(here).await.unwrap();
        let (tls, acceptor) = (listener.local_addr().unwrap(), identity.acceptor());
        tokio::spawn(async move {
            loop {
                let (stream, from) = listener.accept().await.unwrap();
                let (relay, acceptor) = (relay.clone(), acceptor.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        relay.serve(Box::new(stream), from).await;
                    }
                });
            }
        });
        Self { secret, identity, tls, udp }
    }

    pub(crate) async fn new() -> Self {
        Self::with(&[], Limits::default()).await
    }

    pub(crate) fn credentials(&self, session: &str) -> Credentials {
        self.secret.mint(session, SystemTime::now())
    }

    pub(crate) async fn bridge(&self) -> Bridge {
        self.identity.bridge(self.tls).await
    }
}

/// One side of a session, with its relayed port.
pub(crate) struct Side {
    relayed: Box<dyn Conn + Send + Sync>,
    pub(crate) address: SocketAddr,
}

impl Side {
    /// Asks the relay over UDP at `relay` for a port.
    pub(crate) async fn new(relay: SocketAddr, credentials: &Credentials) -> Result<Self, String> {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let client = Client::new(ClientConfig {
            stun_serv_addr: relay.to_string(),
            turn_serv_addr: relay.to_string(),
            username: credentials.username.clone(),
            password: credentials.password.clone(),
            realm: String::new(),
            software: String::new(),
            rto_in_ms: 0,
            conn: Arc::new(socket),
            vnet: None,
        });
        // What it allocates borrows it.
        let client: &'static Client = Box::leak(Box::new(client.await.unwrap()));
        client.listen().await.unwrap();
        let relayed = timeout(PATIENCE, client.allocate()).await;
        let relayed = relayed.map_err(|e| e.to_string())?.map_err(|e| e.to_string())?;
        let address = relayed.local_addr().unwrap();
        Ok(Self { relayed: Box::new(relayed), address })
    }

    pub(crate) async fn send(&self, bytes: &[u8], to: SocketAddr) -> bool {
        self.relayed.send_to(bytes, to).await.is_ok()
    }

    /// The next datagram, if one comes within `patience`.
    pub(crate) async fn hear(&self, patience: Duration) -> Option<(Vec<u8>, SocketAddr)> {
        let mut buffer = [0; 2000];
        let received = timeout(patience, self.relayed.recv_from(&mut buffer)).await.ok()?;
        let (length, from) = received.unwrap();
        Some((buffer[..length].to_vec(), from))
    }
}

/// Sends until something is heard: a first datagram may come before the other side's permission.
pub(crate) async fn pass(from: &Side, to: &Side, bytes: &[u8]) -> Option<SocketAddr> {
    for _ in 0..10 {
        // Permits the other side.
        to.send(b"open", from.address).await;
        from.send(bytes, to.address).await;
        while let Some((heard, by)) = to.hear(QUIET).await {
            if heard == bytes {
                return Some(by);
            }
        }
    }
    None
}
