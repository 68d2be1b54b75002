//! TLS on the one port (S-23, B-17).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use reqwest::Certificate;
use rh_protocol::Client;
use rh_relay::bridge::trusting as trusting_roots;
use rh_service::{Config, Server, Tls, serve};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{Connector, connect_async_tls_with_config};

use crate::support::{Socket, greeted};

fn config(tls: Tls) -> Config {
    Config { tls: Some(tls), ..Config::new("127.0.0.1:0".parse().unwrap()) }
}

pub(crate) fn self_signed(folder: &Path) -> Config {
    config(Tls::SelfSigned { self_signed: folder.to_owned() })
}

/// Writes a certificate for `names` that ends in `year`, and its key.
fn write(folder: &Path, names: &[&str], year: i32) -> Tls {
    let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
    let mut wanted = CertificateParams::new(names).unwrap();
    wanted.not_after = date_time_ymd(year, 1, 1);
    let key = KeyPair::generate().unwrap();
    let made = wanted.self_signed(&key).unwrap();
    let (certificate, private) = (folder.join("own.pem"), folder.join("own.key"));
    fs::write(&certificate, made.pem()).unwrap();
    fs::write(&private, key.serialize_pem()).unwrap();
    Tls::Files { certificate, key: private }
}

pub(crate) fn trusting(pem: &Path) -> reqwest::Client {
    let root = Certificate::from_pem(&fs::read(pem).unwrap()).unwrap();
    reqwest::Client::builder()
        .tls_built_in_root_certs(false)
        .add_root_certificate(root)
        .build()
        .unwrap()
}

/// TLS that trusts this certificate.
pub(crate) fn trust(pem: &Path) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(pem).unwrap()).unwrap();
    trusting_roots(roots)
}

/// The WebSocket of somebody who signed in with a token, not greeted.
pub(crate) async fn socket(server: &Server, pem: &Path, person: &str) -> Socket {
    let body = json!({ "person": person, "client": "agent" });
    let signed_in = trusting(pem).post(format!("{}/api/sign-in", server.origin())).json(&body);
    let answer: Value = signed_in.send().await.unwrap().json().await.unwrap();
    let mut request = format!("wss://{}/ws", server.address()).into_client_request().unwrap();
    let bearer = format!("Bearer {}", answer["token"].as_str().unwrap());
    request.headers_mut().insert("authorization", bearer.parse().unwrap());
    let connector = Some(Connector::Rustls(trust(pem)));
    let connected = connect_async_tls_with_config(request, None, true, connector).await;
    Socket { stream: connected.unwrap().0, all: false }
}

async fn healthy(server: &Server, pem: &Path) -> bool {
    let asked = trusting(pem).get(format!("{}/healthz", server.origin())).send().await;
    asked.is_ok_and(|answer| answer.status().is_success())
}

/// Pages, API and the WebSocket over one port with TLS.
#[tokio::test]
async fn everything_is_served_with_tls() {
    let folder = TempDir::new().unwrap();
    let server = serve(self_signed(folder.path())).await.unwrap();
    assert!(server.origin().starts_with("https://127.0.0.1:"), "{}", server.origin());
    let pem = folder.path().join("certificate.pem");
    let page = trusting(&pem).get(server.origin()).send().await.unwrap();
    assert!(page.headers().contains_key("strict-transport-security"));
    let socket = socket(&server, &pem, "sharer").await;
    let (_, you) = greeted(socket, Client::Agent).await;
    assert_eq!(you.full_name.as_deref(), Some("Sami Sharer"));
}

/// Who compared the fingerprint once need not do so again.
#[tokio::test]
async fn a_self_signed_certificate_stays_the_same() {
    let folder = TempDir::new().unwrap();
    let pem = folder.path().join("certificate.pem");
    serve(self_signed(folder.path())).await.unwrap().stop().await;
    let first = fs::read(&pem).unwrap();
    let server = serve(self_signed(folder.path())).await.unwrap();
    assert_eq!(fs::read(&pem).unwrap(), first);
    assert!(healthy(&server, &pem).await);
    let key = fs::metadata(folder.path().join("key.pem")).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&key.permissions()) & 0o777, 0o600);
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_without_a_restart() {
    let folder = TempDir::new().unwrap();
    let tls = write(folder.path(), &["127.0.0.1", "localhost"], 2100);
    let server = serve(config(tls)).await.unwrap();
    let (old, own) = (folder.path().join("old.pem"), folder.path().join("own.pem"));
    fs::copy(&own, &old).unwrap();
    assert!(healthy(&server, &old).await);
    write(folder.path(), &["127.0.0.1", "localhost"], 2100);
    server.reload().unwrap();
    assert!(healthy(&server, &own).await);
    assert!(!healthy(&server, &old).await);
    fs::write(&own, "nonsense").unwrap();
    assert!(server.reload().is_err());
}

/// What is wrong with a certificate is said at the start, with the file and what to do.
#[tokio::test]
async fn every_fault_of_a_certificate_names_its_file_and_fix() {
    let fault = async |tls: Tls| serve(config(tls)).await.expect_err("refused").to_string();
    let folder = TempDir::new().unwrap();
    let names = ["127.0.0.1", "localhost"];
    let fine = || {
        let Tls::Files { certificate, key } = write(folder.path(), &names, 2100) else { panic!() };
        (certificate, key)
    };
    let files = |certificate: &Path, key: &Path| {
        let [certificate, key] = [certificate, key].map(PathBuf::from);
        Tls::Files { certificate, key }
    };

    let expired = fault(write(folder.path(), &names, 2001)).await;
    assert!(expired.contains("own.pem") && expired.contains("renew"), "{expired}");
    let other = fault(write(folder.path(), &["help.example.com"], 2100)).await;
    assert!(other.contains("not for 127.0.0.1, localhost"), "{other}");

    let (certificate, key) = fine();
    let strange = folder.path().join("strange.key");
    fs::write(&strange, KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let mismatch = fault(files(&certificate, &strange)).await;
    assert!(mismatch.contains("strange.key: this key does not belong"), "{mismatch}");
    let swapped = fault(files(&key, &certificate)).await;
    assert!(swapped.contains("no certificate"), "{swapped}");
    let gone = fault(files(&folder.path().join("gone.pem"), &key)).await;
    assert!(gone.contains("gone.pem") && gone.contains("give the certificate"), "{gone}");
    let sealed = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----";
    fs::write(&strange, sealed).unwrap();
    let sealed = fault(files(&certificate, &strange)).await;
    assert!(sealed.contains("passphrase") && sealed.contains("openssl pkey"), "{sealed}");
}

/// Whoever speaks without TLS is sent away, and others are served meanwhile.
#[tokio::test]
async fn what_is_no_handshake_is_cut_off() {
    let folder = TempDir::new().unwrap();
    let server = serve(self_signed(folder.path())).await.unwrap();
    let mut silent = Vec::new();
    for _ in 0..32 {
        silent.push(TcpStream::connect(server.address()).await.unwrap());
    }
    for hello in ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\0\u{1}\0\0!\u{12}", "\u{16}\u{3}\u{1}"] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(hello.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        // An alert, or nothing.
        let _ = stream.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    }
    assert!(healthy(&server, &folder.path().join("certificate.pem")).await);
}
