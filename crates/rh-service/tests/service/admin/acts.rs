//! Ending sessions.

use std::time::Duration;

use reqwest::StatusCode;
use rh_protocol::{EndReason, ToClient};
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection, query};
use tokio::time::Instant;

use super::world::World;

/// Both sides hear within a second that an administrator ended it, and the records say who did.
#[tokio::test]
async fn an_end_is_told_to_both_sides_and_recorded() {
    let world = World::new().await;
    let (mut helper, mut agent, session) = world.session("strict").await;
    let begun = Instant::now();
    let path = format!("sessions/{session}/end");
    assert_eq!(world.post("strict-admin", &path, None).await.0, StatusCode::NO_CONTENT);
    let ended = ToClient::Ended { reason: EndReason::AdministratorEnded };
    assert_eq!((helper.hear().await, agent.hear().await), (ended.clone(), ended));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    // Both are free for another.
    helper.code().await;

    let chain = world.recorded("strict", "session_ended", 1).await;
    let acted = chain.iter().position(|it| it["type"] == "administered").unwrap();
    let over = chain.iter().position(|it| it["type"] == "session_ended").unwrap();
    let (person, action) = (&chain[acted]["person"], &chain[acted]["action"]);
    assert_eq!((person, action), (&json!("strict-admin"), &json!("sessions.end")));
    assert_eq!(chain[acted]["about"], json!(session));
    assert!(acted < over && chain[over]["reason"] == "administrator_ended", "{chain:?}");
    let (status, _) = world.post("strict-admin", &path, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "it is over");
}

/// CVE-2021-41767: another tenant's session answers as one that does not exist, and goes on.
#[tokio::test]
async fn another_tenants_session_is_no_session() {
    let world = World::new().await;
    let (mut helper, _agent, session) = world.session("open").await;
    let unknown = "00112233445566778899aabbccddeeff";
    for id in [session.as_str(), unknown, "x", "..%2f..%2f", &session.to_uppercase()[1..]] {
        let (status, body) = world.post("strict-admin", &format!("sessions/{id}/end"), None).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{id}");
        let message = "there is no such thing";
        assert_eq!(body, json!({ "error": "not_found", "message": message }), "{id}");
    }
    assert_eq!(helper.hear_within(Duration::from_millis(200)).await, None);
    let (_, body) = world.get("strict-admin", "sessions").await;
    assert_eq!(body["sessions"], json!([]));
    for id in [session.as_str(), unknown] {
        let (status, body) = world.get("strict-admin", &format!("history/{id}")).await;
        assert_eq!((status, &body["error"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    }
}

/// What cannot be recorded is not done.
#[tokio::test]
async fn an_act_that_cannot_be_recorded_is_not_done() {
    let world = World::new().await;
    let (mut helper, _agent, session) = world.session("strict").await;
    world.recorded("strict", "consented", 1).await;
    let options = SqliteConnectOptions::new().filename(world.ruled.folder().join("records.db"));
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    query("ALTER TABLE chains RENAME TO gone").execute(&mut conn).await.unwrap();
    let (status, body) = world.post("strict-admin", &format!("sessions/{session}/end"), None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body["error"], "not_recorded");
    assert_eq!(helper.hear_within(Duration::from_millis(200)).await, None);
    query("ALTER TABLE gone RENAME TO chains").execute(&mut conn).await.unwrap();
}
