//! TLS of the one port (RFC 8446), with a certificate that can be exchanged while it serves.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::{certificate, self_signed};
use crate::ServeError;

/// Where the certificate is from.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(untagged, deny_unknown_fields)]
pub enum Tls {
    /// PEM files.
    Files {
        /// The certificate and those that vouch for it, the server's own first.
        certificate: PathBuf,
        /// Its key, without a passphrase.
        key: PathBuf,
    },
    /// Made for a first try: browsers warn of it.
    SelfSigned {
        /// The folder that keeps it and its key; they are made if they are not there.
        self_signed: PathBuf,
    },
}

/// The TLS side of a port.
pub(crate) struct TlsPort {
    source: Tls,
    /// The hosts of the service's own origins.
    hosts: Vec<String>,
    current: Arc<Current>,
    acceptor: TlsAcceptor,
}

/// The certificate that counts.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Tls {
    /// Reads the files, and looks whether the certificate is for all `origins`.
    ///
    /// # Errors
    ///
    /// [`ServeError`]; every message names the file and what to do.
    pub(crate) fn open<'a>(
        &self,
        origins: impl IntoIterator<Item = &'a str>,
        now: SystemTime,
    ) -> Result<TlsPort, ServeError> {
        let hosts: Vec<_> = origins.into_iter().filter_map(certificate::host).collect();
        let own = Arc::new(self.read(&hosts, now)?);
        let current = Arc::new(Current(RwLock::new(own)));
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as Arc<dyn ResolvesServerCert>);
        // RFC 7301; RFC 7443 for the relay.
        config.alpn_protocols = vec![b"http/1.1".to_vec(), b"stun.turn".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(TlsPort { source: self.clone(), hosts, current, acceptor })
    }

    /// The paths that it names.
    pub(crate) fn paths(&mut self) -> Vec<&mut PathBuf> {
        match self {
            Self::Files { certificate, key } => vec![certificate, key],
            Self::SelfSigned { self_signed } => vec![self_signed],
        }
    }

    fn read(&self, hosts: &[String], now: SystemTime) -> Result<CertifiedKey, ServeError> {
        let (path, own) = match self {
            Self::Files { certificate, key } => {
                (certificate.clone(), certificate::read(certificate, key, now)?)
            }
            Self::SelfSigned { self_signed } => {
                let (path, key) = self_signed::files(self_signed, hosts, now)?;
                let own = certificate::read(&path, &key, now)?;
                let fingerprint = hex(&Sha256::digest(own.cert[0].as_ref()));
                tracing::warn!(
                    certificate = %path.display(),
                    %fingerprint,
                    "self-signed, for a first try only: compare the SHA-256 fingerprint when the \
                     browser warns; agents trust it with SSL_CERT_FILE"
                );
                (path, own)
            }
        };
        let missing = certificate::missing(&own, hosts);
        if missing.is_empty() {
            return Ok(own);
        }
        let fix = match self {
            Self::Files { .. } => "get one for this name, or correct public_origins",
            Self::SelfSigned { .. } => "remove that folder, and another is made",
        };
        let missing = missing.join(", ");
        Err(certificate::wrong(&path, format!("the certificate is not for {missing}; {fix}")))
    }
}

impl TlsPort {
    /// Reads the files again; whoever connects from now on gets what they say.
    pub(crate) fn reload(&self, now: SystemTime) -> Result<(), ServeError> {
        let own = Arc::new(self.source.read(&self.hosts, now)?);
        *self.current.0.write().unwrap_or_else(PoisonError::into_inner) = own;
        Ok(())
    }

    /// The server's side of a handshake.
    pub(super) async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }
}

impl std::fmt::Debug for TlsPort {
    /// Leaves the key out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsPort").field("source", &self.source).finish_non_exhaustive()
    }
}

/// As browsers show a fingerprint.
fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}
