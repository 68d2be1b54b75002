//! Whom the agent takes for its service.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use std::{iter, thread};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

/// A service that somebody pretends to be, and what it hears after each handshake.
struct Pretender {
    port: u16,
    pem: String,
    heard: Receiver<String>,
}

impl Pretender {
    /// With a certificate for `name` that ends in `year`.
    fn new(name: &str, year: i32) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.not_after = date_time_ymd(year, 1, 1);
        let made = params.self_signed(&key).expect("a certificate");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let config = Arc::new(config(made.der().clone(), &key));
        let (tell, heard) = channel();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (mut tls, mut connection) = (tls(&config), connection);
                let mut stream = Stream::new(&mut tls, &mut connection);
                let mut bytes = [0; 1024];
                let count = stream.read(&mut bytes).unwrap_or(0);
                let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
                if tell.send(String::from_utf8_lossy(&bytes[..count]).into_owned()).is_err() {
                    return;
                }
            }
        });
        Self { port, pem: made.pem(), heard }
    }

    /// Shares with it as a machine does that trusts `roots`; what it heard meanwhile.
    fn shared_with(&self, roots: &str) -> (Output, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let output = share(self.port, &write(folder.path(), roots));
        let first = self.heard.recv_timeout(Duration::from_secs(5)).expect("somebody came");
        (output, iter::once(first).chain(self.heard.try_iter()).collect())
    }
}

fn tls(config: &Arc<ServerConfig>) -> ServerConnection {
    ServerConnection::new(Arc::clone(config)).expect("it is sound")
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> ServerConfig {
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|it| it.with_no_client_auth().with_single_cert(vec![certificate], key))
        .expect("a configuration")
}

fn write(folder: &Path, roots: &str) -> std::path::PathBuf {
    let file = folder.join("roots.pem");
    std::fs::write(&file, roots).expect("a file");
    file
}

fn share(port: u16, roots: &Path) -> Output {
    let service = format!("https://localhost:{port}");
    let args = ["--as", "sharer", "--code", "12345678", "--screen", "virtual-desktop"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_rh-agent"));
    command.args(["share", "--service", &service]).args(args).env("SSL_CERT_FILE", roots);
    command.output().expect("it starts")
}

/// CVE-2023-51837 (MeshCentral: certificates were not checked): a service whose certificate does not
/// vouch for its name, to this machine, today, hears nothing, and the sharer is told why.
#[test]
fn who_cannot_prove_to_be_the_service_hears_nothing() {
    let other = Pretender::new("localhost", 2099);
    for (case, name, year, trusted) in [
        ("another authority", "localhost", 2099, false),
        ("another name", "help.example.com", 2099, true),
        ("it ended", "localhost", 2001, true),
    ] {
        let service = Pretender::new(name, year);
        let roots = if trusted { &service.pem } else { &other.pem };
        let (output, heard) = service.shared_with(roots);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(heard.iter().all(String::is_empty), "{case}: {heard:?}");
        assert!(!output.status.success() && said.contains("certificate"), "{case}: {said}");
    }
}

/// The same service with a certificate that vouches for it is spoken with.
#[test]
fn who_proves_to_be_the_service_is_signed_in_at() {
    let service = Pretender::new("localhost", 2099);
    let (output, heard) = service.shared_with(&service.pem);
    assert!(heard[0].starts_with("POST /api/sign-in"), "{heard:?}");
    assert!(!output.status.success(), "it knows nobody");
}
