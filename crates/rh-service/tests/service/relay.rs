//! The relay on the one port, and who is let to use it (S-02, S-23, B-17).

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rh_protocol::{Client, Consent, FromClient, IceServer, Role, ToClient};
use rh_relay::bridge::{probe_tls, probe_udp};
use rh_service::{Config, Server, serve};
use serde_json::Value;
use tempfile::TempDir;

use crate::nodes::Nodes;
use crate::support::{Socket, greeted, pair, service};
use crate::tls::{self, self_signed};

/// A service with TLS, and its certificate.
async fn with_tls() -> (TempDir, Server, PathBuf) {
    let folder = TempDir::new().unwrap();
    let server = serve(self_signed(folder.path())).await.unwrap();
    let pem = folder.path().join("certificate.pem");
    (folder, server, pem)
}

/// A helper who asked a sharer for `role`.
async fn asking(server: &Server, pem: &Path, role: Role) -> (Socket, Socket) {
    across([server, server], pem, role).await
}

/// The same, the helper at one service and the sharer at another.
async fn across([a, b]: [&Server; 2], pem: &Path, role: Role) -> (Socket, Socket) {
    let (mut helper, _) = greeted(tls::socket(a, pem, "helper").await, Client::Helper).await;
    let (mut agent, _) = greeted(tls::socket(b, pem, "sharer").await, Client::Agent).await;
    let (_, code) = helper.code().await;
    agent.say(&FromClient::Join { code }).await;
    assert!(matches!(helper.hear().await, ToClient::Joined { .. }));
    assert!(matches!(agent.hear().await, ToClient::Joined { .. }));
    helper.say(&FromClient::Request { role }).await;
    assert_eq!(agent.hear().await, ToClient::Requested { role });
    (helper, agent)
}

fn server(message: ToClient) -> IceServer {
    let ToClient::Relay { server, expires_in } = message else { panic!("{message:?}") };
    assert_eq!(expires_in, 600);
    server
}

/// Both sides are given the relay once the sharer said yes, and again if the helper asks: the same for both,
/// on the port they came by.
#[tokio::test]
async fn both_sides_are_given_the_relay_once_the_sharer_agreed() {
    let (_folder, service, pem) = with_tls().await;
    let (mut helper, mut agent) = asking(&service, &pem, Role::View).await;
    let (role, consent) = (Role::View, Consent::Allow);
    agent.say(&FromClient::Answer { role, consent, shown: None }).await;
    assert_eq!(helper.hear().await, ToClient::Answered { role, consent });
    let (given, other) = (server(helper.hear().await), server(agent.hear().await));
    assert_eq!(given, other);
    let at = service.address();
    let urls = [format!("turn:{at}?transport=udp"), format!("turns:{at}?transport=tcp")];
    assert_eq!(given.urls, urls);
    assert!(given.username.contains(':') && !given.credential.is_empty());

    helper.say(&FromClient::Relay).await;
    let (again, other) = (server(helper.hear().await), server(agent.hear().await));
    assert_eq!(again, other);
    assert_eq!(again.urls, urls);
}

/// Of several nodes each relays for those who came to it, so each side is given another, and both once more
/// if the helper asks.
#[tokio::test]
async fn each_side_is_given_the_relay_of_its_own_node() {
    let nodes = Nodes::new();
    let settings = fs::read_to_string(nodes.file()).unwrap();
    fs::write(nodes.file(), settings + "[tls]\nself_signed = \"tls\"\n").unwrap();
    let (a, b) = (nodes.node().await, nodes.node().await);
    let pem = nodes.folder.path().join("tls/certificate.pem");
    let (mut helper, mut agent) = across([&a, &b], &pem, Role::View).await;
    let (role, consent) = (Role::View, Consent::Allow);
    agent.say(&FromClient::Answer { role, consent, shown: None }).await;
    assert_eq!(helper.hear().await, ToClient::Answered { role, consent });
    for again in [false, true] {
        if again {
            helper.say(&FromClient::Relay).await;
        }
        let given = [server(helper.hear().await), server(agent.hear().await)];
        for (it, node) in given.iter().zip([&a, &b]) {
            assert_eq!(it.urls[1], format!("turns:{}?transport=tcp", node.address()));
        }
        let sessions = given.map(|it| it.username.split_once(':').unwrap().1.to_owned());
        assert_eq!(sessions[0], sessions[1]);
    }
}

/// Nobody is given a relay before, or after a no.
#[tokio::test]
async fn nobody_is_given_the_relay_without_consent() {
    let (_folder, service, pem) = with_tls().await;
    let (mut helper, mut agent) = asking(&service, &pem, Role::Control).await;
    let (role, consent) = (Role::Control, Consent::Decline);
    agent.say(&FromClient::Answer { role, consent, shown: None }).await;
    assert_eq!(helper.hear().await, ToClient::Answered { role, consent });
    let quiet = Duration::from_millis(200);
    assert_eq!(helper.hear_within(quiet).await, None);
    assert_eq!(agent.hear_within(quiet).await, None);
}

/// One port: pages, WebSocket and TURN over TLS are told apart by the first byte; UDP is beside it.
#[tokio::test]
async fn the_relay_shares_the_port() {
    let (_folder, service, pem) = with_tls().await;
    let asked = tls::trusting(&pem).get(format!("{}/api/relay", service.origin())).send().await;
    let answer: Value = asked.unwrap().json().await.unwrap();
    let over_tls = answer["urls"][1].as_str().unwrap();
    assert_eq!(over_tls, format!("turns:{}?transport=tcp", service.address()));
    probe_tls(&over_tls.parse().unwrap(), tls::trust(&pem)).await.unwrap();
    let at = service.address();
    probe_udp(&at.ip().to_string(), at.port()).await.unwrap();
    service.stop().await;
    assert!(probe_tls(&over_tls.parse().unwrap(), tls::trust(&pem)).await.is_err());
}

/// Without TLS of its own, on loopback or behind a proxy, there is no relay on the port.
#[tokio::test]
async fn without_tls_there_is_no_relay() {
    let service = service().await;
    let answer = reqwest::get(format!("{}/api/relay", service.origin())).await.unwrap();
    assert_eq!(answer.text().await.unwrap(), r#"{"urls":[]}"#);
    let (mut helper, mut agent) = pair(&service).await;
    let (role, consent) = (Role::View, Consent::Allow);
    helper.say(&FromClient::Request { role }).await;
    agent.hear().await;
    agent.say(&FromClient::Answer { role, consent, shown: None }).await;
    assert_eq!(helper.hear().await, ToClient::Answered { role, consent });
    assert_eq!(helper.hear_within(Duration::from_millis(200)).await, None);
}

/// What the operator runs is named in place of what is built in, with credentials under its secret.
#[tokio::test]
async fn another_relay_can_be_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("service.toml");
    let relay = "turns:turn.example.com:443?transport=tcp";
    let text = format!(
        "[development]\n[tls]\nself_signed = \"tls\"\n[relay]\nurls = [{relay:?}]\n\
         secret = {{ file = \"secret\" }}\n"
    );
    fs::write(&path, text).unwrap();
    fs::write(folder.path().join("secret"), "hunter2\n").unwrap();
    let config = Config::read(&path).unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let service = serve(Config { listen, ..config }).await.unwrap();
    let pem = folder.path().join("tls/certificate.pem");
    let (_helper, mut agent) = asking(&service, &pem, Role::View).await;
    agent.say(&FromClient::Answer { role: Role::View, consent: Consent::Allow, shown: None }).await;
    let given = server(agent.hear().await);
    assert_eq!(given.urls, [relay]);
    let known = rh_relay::server::Secret::new("hunter2");
    let (until, session) = given.username.split_once(':').unwrap();
    let until = std::time::UNIX_EPOCH + Duration::from_secs(until.parse().unwrap());
    let made = known.mint(session, until - rh_relay::server::LIFE);
    assert_eq!((made.username, made.password), (given.username.clone(), given.credential));
}

/// The self-test's WebSocket says one word to anybody but other pages.
#[tokio::test]
async fn a_websocket_can_be_tried() {
    use futures_util::StreamExt as _;
    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

    let service = service().await;
    let url = format!("ws://{}/ws/check", service.address());
    let (mut socket, _) = tokio_tungstenite::connect_async(&url).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::text("ok"));
    assert!(matches!(socket.next().await, Some(Ok(Message::Close(_)))));
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("origin", "http://evil.example".parse().unwrap());
    assert!(tokio_tungstenite::connect_async(request).await.is_err());
}
