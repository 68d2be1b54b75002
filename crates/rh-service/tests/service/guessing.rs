//! A thousand guessers at a running service (B-06).

// Any address of 127/8 is this machine's own on Linux, and only there without further ado.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use rh_protocol::{Client, FromClient, Refusal, ToClient};
use rh_service::{Config, Server, serve};
use serde_json::{Value, json};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, client_async};

use crate::support::{Socket, greeted, helper_of, token};

const GUESSERS: u16 = 1000;

/// The nth guesser's own address.
fn address(nth: u16) -> IpAddr {
    let [high, low] = nth.to_be_bytes();
    Ipv4Addr::new(127, 7, high, low).into()
}

async fn crowded() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let mut people = String::new();
    let names = (0..GUESSERS).map(|nth| (format!("guesser-{nth}"), "ours"));
    let more = [("helper", "ours"), ("sharer", "ours"), ("elsewhere", "theirs")];
    for (id, tenant) in names.chain(more.map(|(id, tenant)| (id.to_owned(), tenant))) {
        writeln!(people, "[[person]]\nid = {id:?}\ntenant = {tenant:?}\nfull_name = {id:?}")
            .unwrap();
    }
    let path = folder.path().join("people.toml");
    std::fs::write(&path, people).unwrap();
    let config = Config::new("127.0.0.1:0".parse().unwrap());
    let tenants = folder.path().join("tenants.json");
    let rules = json!({ "tenants": [tenant("ours", "sharer"), tenant("theirs", "elsewhere")] });
    std::fs::write(&tenants, rules.to_string()).unwrap();
    let config = Config { people: Some(path), tenants: Some(tenants), ..config };
    (folder, serve(config).await.unwrap())
}

/// A tenant that one may help in, and one may look after.
fn tenant(id: &str, auditor: &str) -> Value {
    let assignment = |role: &str, person: &str| {
        let scope = json!({ "scopeType": "allDevicesAndLicensedUsers" });
        json!({ "role": role, "members": { "people": [person] }, "scope": scope })
    };
    let assignments = [assignment("HelpDeskOperator", "helper"), assignment("Auditor", auditor)];
    let settings = json!({
        "remoteAssistanceState": "enabled", "allowSessionsToUnenrolledDevices": true
    });
    json!({ "id": id, "settings": settings, "assignments": assignments })
}

/// What an administrator sees.
async fn alarms(server: &Server, person: &str) -> Value {
    let url = format!("{}/api/v1/admin/alarms", server.origin());
    let request = reqwest::Client::new().get(url).bearer_auth(token(server, person).await);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    answer["alarms"].clone()
}

/// An agent that signs in and connects from an address of its own.
async fn agent_from(server: &Server, person: &str, from: IpAddr) -> Socket {
    let http = reqwest::Client::builder().local_address(from).build().unwrap();
    let body = json!({ "person": person, "client": "agent" });
    let sign_in = http.post(format!("{}/api/sign-in", server.origin())).json(&body);
    let answer: Value = sign_in.send().await.unwrap().json().await.unwrap();
    let mut request = format!("ws://{}/ws", server.address()).into_client_request().unwrap();
    let bearer = format!("Bearer {}", answer["token"].as_str().unwrap());
    request.headers_mut().insert("authorization", bearer.parse().unwrap());
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(from, 0)).unwrap();
    let stream = MaybeTlsStream::Plain(socket.connect(server.address()).await.unwrap());
    let (stream, _) = client_async(request, stream).await.unwrap();
    greeted(Socket { stream, all: false }, Client::Agent).await.0
}

async fn guess(agent: &mut Socket, code: &str) -> Refusal {
    agent.say(&FromClient::Join { code: code.to_owned() }).await;
    let answer = agent.hear().await;
    let ToClient::Refused { refusal, .. } = answer else { panic!("{answer:?}") };
    refusal
}

/// B-06: a thousand accounts at a thousand addresses, each with a sign-in and a socket of its own,
/// look at 200 codes together, and from then on learn nothing, not even from a right one; another
/// tenant does not notice. CVE-2026-24696 was a limit that the WebSocket went around.
#[tokio::test]
async fn cve_2026_24696_a_distributed_guesser_is_held_over_the_websocket() {
    let (_folder, server) = crowded().await;
    let mut helper = helper_of(&server, "helper").await;
    let (_, code) = helper.code().await;
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    let mut answers = BTreeMap::new();
    for nth in 0..GUESSERS {
        let mut agent = agent_from(&server, &format!("guesser-{nth}"), address(nth)).await;
        let refusal = guess(&mut agent, wrong).await;
        *answers.entry(format!("{refusal:?}")).or_insert(0) += 1;
    }
    let expected = [("Code".to_owned(), 200), ("TooManyAttempts".to_owned(), 800)];
    assert_eq!(answers, expected.into());
    let mut sharer = agent_from(&server, "sharer", address(GUESSERS)).await;
    assert_eq!(guess(&mut sharer, &code).await, Refusal::TooManyAttempts);
    let mut elsewhere = agent_from(&server, "elsewhere", address(GUESSERS)).await;
    assert_eq!(guess(&mut elsewhere, wrong).await, Refusal::Code);

    let seen = alarms(&server, "sharer").await;
    assert_eq!(seen.as_array().map(Vec::len), Some(1), "{seen}");
    assert_eq!((&seen[0]["kind"], &seen[0]["failures"]), (&json!("guessed_codes"), &json!(200)));
    assert_eq!(alarms(&server, "elsewhere").await, json!([]));
}
