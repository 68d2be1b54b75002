//! What whoever runs the service sees of it.

use std::path::Path;

use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use rh_identity::Secret;
use rh_protocol::{Consent, EndReason, FromClient, Role, ToClient};
use rh_records::Address;
use rh_records::upkeep::Retention;
use rh_service::{Config, MetricsAt, Records, ServeError, serve};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection, query};

use crate::stopping::Log;
use crate::support::{pair, service};

fn config() -> Config {
    Config::new("127.0.0.1:0".parse().unwrap())
}

fn records(folder: &Path) -> Records {
    Records {
        address: Address::Sqlite(folder.join("records.db")),
        key: folder.join("records.key"),
        retention: Retention::default(),
    }
}

async fn get(url: String, token: Option<&str>) -> (StatusCode, String) {
    let mut request = reqwest::Client::new().get(url);
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// Metrics have an address of their own and name nobody.
#[tokio::test]
async fn metrics_tell_how_much_and_not_who() {
    let at = MetricsAt { listen: "127.0.0.1:0".parse().unwrap(), token: None };
    let server = serve(Config { metrics: Some(at), ..config() }).await.unwrap();
    let (mut helper, mut agent) = pair(&server).await;
    helper.say(&FromClient::Request { role: Role::View }).await;
    assert!(matches!(agent.hear().await, ToClient::Requested { .. }));
    let (role, consent) = (Role::View, Consent::Allow);
    agent.say(&FromClient::Answer { role, consent, shown: None }).await;
    assert!(matches!(helper.hear().await, ToClient::Answered { .. }));

    let url = format!("http://{}/metrics", server.metrics().unwrap());
    let (status, text) = get(url, None).await;
    assert_eq!(status, StatusCode::OK);
    for line in [
        "rh_connections 2",
        "rh_sessions 1",
        "rh_sign_ins 2",
        "rh_signed_in_total 2",
        "rh_sessions_started_total 1",
        "rh_consents_total{role=\"view\",answer=\"allow\"} 1",
        "rh_http_requests_total{route=\"/api/sign-in\",status=\"200\"} 2",
        "rh_draining 0",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
    for secret in ["Hana", "Sami", "development", "127.0.0.1"] {
        assert!(!text.contains(secret), "{secret}\n{text}");
    }
    let (_, page) = get(format!("{}/metrics", server.origin()), None).await;
    assert!(!page.contains("rh_sessions"), "not where the pages are");
}

/// By default nothing is served; beyond this machine nothing without a token.
#[tokio::test]
async fn metrics_are_guarded() {
    assert_eq!(service().await.metrics(), None);
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let open = MetricsAt { listen: everywhere, token: None };
    let refused = serve(Config { metrics: Some(open), ..config() }).await;
    assert!(matches!(refused, Err(ServeError::MetricsToken(_))), "{refused:?}");

    let token = Some(Secret::new("open-sesame".to_owned()));
    let guarded = MetricsAt { listen: everywhere, token };
    let server = serve(Config { metrics: Some(guarded), ..config() }).await.unwrap();
    let url = format!("http://127.0.0.1:{}/metrics", server.metrics().unwrap().port());
    for wrong in [None, Some(""), Some("open-sesam"), Some("open-sesame2")] {
        let (status, text) = get(url.clone(), wrong).await;
        assert_eq!((status, text.as_str()), (StatusCode::UNAUTHORIZED, ""), "{wrong:?}");
    }
    assert_eq!(get(url, Some("open-sesame")).await.0, StatusCode::OK);
}

/// A service that cannot reach its records lives, and is not ready for more.
#[tokio::test]
async fn readiness_follows_the_records() {
    let folder = tempfile::tempdir().unwrap();
    let records = records(folder.path());
    let server = serve(Config { records: Some(records), ..config() }).await.unwrap();
    let ready = || async {
        let (status, text) = get(format!("{}/readyz", server.origin()), None).await;
        let said: Value = serde_json::from_str(&text).unwrap();
        (status.as_u16(), said["records"].as_str().unwrap().to_owned())
    };
    assert_eq!(ready().await, (200, "reachable".to_owned()));
    let options = SqliteConnectOptions::new().filename(folder.path().join("records.db"));
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    query("ALTER TABLE chains RENAME TO gone").execute(&mut conn).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(ready().await, (503, "unreachable".to_owned()));
    assert_eq!(get(format!("{}/healthz", server.origin()), None).await.0, StatusCode::OK);
    query("ALTER TABLE gone RENAME TO chains").execute(&mut conn).await.unwrap();
    server.stop().await;
}

/// Without records there is nothing to reach.
#[tokio::test]
async fn a_service_without_records_is_ready() {
    let server = service().await;
    let answer = reqwest::get(format!("{}/readyz", server.origin())).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
    assert_eq!(answer.json::<Value>().await.unwrap()["records"], "off");
}

/// Each line is one object, and those about a session carry its id.
#[tokio::test]
async fn the_log_names_sessions_and_nobody() {
    let log = Log::default();
    // See `no_secret_is_logged` for the second dispatcher.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let subscriber =
        tracing_subscriber::fmt().json().flatten_event(true).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = service().await;
    let (mut helper, mut agent) = pair(&server).await;
    helper.say(&FromClient::Leave { reason: EndReason::HelperEnded }).await;
    assert!(matches!(agent.hear().await, ToClient::Ended { .. }));
    server.stop().await;

    let text = log.text();
    let lines: Vec<Value> = text.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let of = |message: &str| lines.iter().find(|it| it["message"] == message).unwrap();
    let (started, ended) = (of("session started"), of("session ended"));
    assert_eq!(started["session"], ended["session"]);
    assert_eq!(started["session"].as_str().unwrap().len(), 32);
    assert_eq!(ended["reason"], "the helper ended the session");
    assert!(!text.contains("Hana") && !text.contains("127.0.0.1"), "{text}");
}
