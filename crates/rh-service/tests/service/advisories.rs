//! What went wrong elsewhere, and is not proven beside what it concerns: by published advisory.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::rules::Ruled;
use crate::support::{service, token};

/// Sends a request exactly as written, which a client's library would put right; returns the answer.
async fn raw(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let reading = timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    reading.expect("it answers").unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Ways to write `path` that some servers take for the same.
fn disguises(path: &str) -> Vec<String> {
    let rest = path.trim_start_matches('/');
    let (first, others) = rest.split_once('/').unwrap_or((rest, ""));
    vec![
        format!("{path}/"),
        format!("/{path}"),
        format!("/./{rest}"),
        format!("/x/../{rest}"),
        format!("/assets/..{path}"),
        format!("/{first}//{others}"),
        format!("{path}/."),
        format!("{path};x=1"),
        format!("{path}/index.html"),
        format!("/{}", rest.replacen('a', "%61", 1)),
        format!("/{}/{others}", first.to_uppercase()),
    ]
}

/// CVE-2024-1709 (ScreenConnect: a trailing path opened what only the first set-up may): however its
/// address is written, nothing that asks for a sign-in answers without one.
#[tokio::test]
async fn no_way_to_write_an_address_goes_around_the_sign_in() {
    let ruled = Ruled::recorded().await;
    let address = ruled.server.address().to_string();
    let described: Value = serde_json::from_str(&rh_service::openapi()).unwrap();
    let mut tried = BTreeSet::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        let closed = methods.as_object().unwrap().iter();
        for (method, _) in closed.filter(|(_, it)| it.get("security").is_some()) {
            for disguise in disguises(&path.replace(['{', '}'], "")) {
                let request = format!(
                    "{} {disguise} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
                     content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}",
                    method.to_uppercase()
                );
                let answer = raw(&address, &request).await;
                // A page is for everybody, and says nothing.
                let page = answer.starts_with("HTTP/1.1 200") && answer.contains("text/html");
                let refused = answer.starts_with("HTTP/1.1 4");
                assert!(page || refused, "{method} {disguise}: {answer}");
                tried.insert(disguise);
            }
        }
    }
    assert!(tried.len() > 100, "{}", tried.len());
}

/// CVE-2026-1731 (BeyondTrust: a shell took what was said before signing in): what strangers say is
/// data, and is answered as every other name that nobody has.
#[tokio::test]
async fn what_strangers_say_is_only_data() {
    let server = service().await;
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("made");
    let touch = format!("touch {}", made.display());
    let sayings = [
        format!("$({touch})"),
        format!("`{touch}`"),
        format!("; {touch} #"),
        format!("a[$({touch})]"),
        "{{7*7}}${7*7}<%= 7*7 %>".to_owned(),
        "' OR 1=1 --".to_owned(),
        "\u{0}\r\nset-cookie: rh_session=1".to_owned(),
    ];
    let client = Client::new();
    let sign_in = format!("{}/api/sign-in", server.origin());
    for saying in &sayings {
        let request = client.post(&sign_in).header("origin", server.origin());
        let answer = request.json(&json!({ "person": saying })).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{saying}");
        assert!(answer.headers().get("set-cookie").is_none(), "{saying}");
        assert!(!answer.text().await.unwrap().contains("49"), "{saying}");
        let me = client.get(format!("{}/api/me", server.origin()));
        let me = me.query(&[("x", saying)]).bearer_auth(saying.replace(['\0', '\r', '\n'], ""));
        assert_eq!(me.send().await.unwrap().status(), StatusCode::UNAUTHORIZED, "{saying}");
    }
    assert!(!made.exists(), "nothing was carried out");
}

/// CVE-2017-18635 (noVNC), GHSA-c7hr-448w-65px (MeshCentral): what somebody called a thing is never an
/// answer of its own; it comes as JSON, of which no browser makes a page.
#[tokio::test]
async fn no_answer_of_the_interface_becomes_a_page() {
    let ruled = Ruled::recorded().await;
    let (origin, client) = (ruled.server.origin().to_owned(), Client::new());
    let token = token(&ruled.server, "strict-admin").await;
    for path in ["sessions", "history", "alarms", "suspensions", "<img src=x onerror=alert(1)>"] {
        let request = client.get(format!("{origin}/api/v1/admin/{path}")).bearer_auth(&token);
        let answer = request.send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/json", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert!(header("content-security-policy").contains("script-src 'self'"), "{path}");
    }
}
