//! A relay over TLS for a stack that knows only those over UDP.
//!
//! The bridge is a TURN server on this machine's loopback to whom it serves; everything it is sent goes
//! to the real one over TLS, one connection for each socket that speaks to it, and comes back the same
//! way. It reads nothing but where messages begin and end: who signs them and for whom is their
//! affair. To be taken away once the stack speaks TLS itself (webrtc-rs/webrtc#848).

mod line;
mod probe;
mod url;

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use crate::frame::{self, LONGEST};
pub use probe::{probe_tls, probe_udp};
pub use url::{ParseUrlError, RelayUrl};

/// Sockets that are served at a time: one for each network of this machine.
const LINES: usize = 8;
/// Datagrams that may wait for one connection; more are lost, as on any full network.
const WAITING: usize = 128;

/// A bridge to one relay; dropping it takes it away.
#[derive(Debug)]
pub struct Bridge {
    addresses: Vec<SocketAddr>,
    tasks: Vec<AbortHandle>,
}

/// TLS that trusts whom this machine trusts; `SSL_CERT_FILE` names other roots, as for OpenSSL.
pub fn trust() -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "some of this machine's root certificates cannot be read");
    }
    roots.add_parsable_certificates(found.certs);
    trusting(roots)
}

/// TLS that trusts these roots.
pub fn trusting(roots: RootCertStore) -> Arc<ClientConfig> {
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

impl Bridge {
    /// Makes a bridge to `relay`. It connects once something is sent.
    ///
    /// # Errors
    ///
    /// If no port of the loopback interface can be bound.
    pub async fn open(relay: &RelayUrl, tls: Arc<ClientConfig>) -> io::Result<Self> {
        let mut bridge = Self { addresses: Vec::new(), tasks: Vec::new() };
        let loopback: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        let mut error = None;
        for ip in loopback {
            match UdpSocket::bind((ip, 0)).await {
                Ok(socket) => {
                    bridge.addresses.push(socket.local_addr()?);
                    let serving = serve(Arc::new(socket), relay.clone(), Arc::clone(&tls));
                    bridge.tasks.push(tokio::spawn(serving).abort_handle());
                }
                // A machine may lack either family.
                Err(failed) => error = Some(failed),
            }
        }
        match error {
            Some(error) if bridge.addresses.is_empty() => Err(error),
            Some(_) | None => Ok(bridge),
        }
    }

    /// Where the bridge is a relay over UDP, for each family of addresses that there is.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

async fn serve(socket: Arc<UdpSocket>, relay: RelayUrl, tls: Arc<ClientConfig>) {
    let mut lines: HashMap<SocketAddr, mpsc::Sender<Vec<u8>>> = HashMap::new();
    // Its lines end with it.
    let mut tasks = JoinSet::new();
    // One byte more shows what is too long.
    let mut buffer = [0; LONGEST + 1];
    loop {
        let (length, from) = tokio::select! {
            received = socket.recv_from(&mut buffer) => match received {
                Ok(received) => received,
                // Whoever was answered is gone (ICMP).
                Err(_) => continue,
            },
            Some(gone) = tasks.join_next() => {
                if let Ok(from) = gone {
                    lines.remove(&from);
                }
                continue;
            }
        };
        let message = &buffer[..length];
        if frame::kind(message).is_err() {
            continue;
        }
        if !lines.contains_key(&from) && lines.len() < LINES {
            let (line, outgoing) = mpsc::channel(WAITING);
            lines.insert(from, line);
            let (socket, relay, tls) = (Arc::clone(&socket), relay.clone(), Arc::clone(&tls));
            tasks.spawn(async move {
                line::carry(&relay, tls, outgoing, &socket, from).await;
                from
            });
        }
        if let Some(line) = lines.get(&from) {
            // What does not fit is lost.
            let _ = line.try_send(message.to_vec());
        }
    }
}
