//! Sessions that run, and sessions that were.

use reqwest::StatusCode;
use rh_protocol::{EndReason, FromClient, ToClient};
use serde_json::{Value, json};

use super::world::World;
use crate::rules::Ruled;
use crate::support::token;

/// M-08: active sessions with both people, device, start and role, of the own tenant only.
#[tokio::test]
async fn running_sessions_are_those_of_the_tenant() {
    let world = World::new().await;
    let (_helper, _agent, session) = world.session("strict").await;
    let (_other, _elsewhere, _) = world.session("open").await;
    let (status, body) = world.get("strict-auditor", "sessions").await;
    assert_eq!(status, StatusCode::OK);
    let [found] = body["sessions"].as_array().unwrap().as_slice() else { panic!("{body}") };
    assert_eq!(found["session"], json!(session));
    assert_eq!(found["helper"]["id"], "strict-desk");
    assert_eq!(found["sharer"]["full_name"], "strict-compliant");
    assert_eq!((&found["role"], &found["ended"]), (&json!("view"), &Value::Null));
    assert!(found["started"].as_str().unwrap().ends_with('Z'));
}

/// M-08: the history has pages that follow one another, newest first, and the sharer's answers.
#[tokio::test]
async fn the_history_has_pages() {
    let world = World::new().await;
    let mut expected = Vec::new();
    for _ in 0..3 {
        let (mut helper, mut agent, session) = world.session("strict").await;
        helper.say(&FromClient::Leave { reason: EndReason::HelperEnded }).await;
        assert!(matches!(agent.hear().await, ToClient::Ended { .. }));
        expected.insert(0, session);
    }
    world.recorded("strict", "session_ended", 3).await;
    let (mut seen, mut path) = (Vec::new(), "history?limit=2".to_owned());
    loop {
        let (status, page) = world.get("strict-auditor", &path).await;
        assert_eq!(status, StatusCode::OK);
        let sessions = page["sessions"].as_array().unwrap();
        assert!(sessions.len() <= 2);
        seen.extend(sessions.iter().map(|it| it["session"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("history?limit=2&after={next}");
    }
    assert_eq!(seen, expected);
    let (_, one) = world.get("strict-auditor", &format!("history/{}", expected[0])).await;
    assert_eq!(one["ended"]["reason"], "helper_ended");
    assert_eq!(one["consents"][0]["role"], "view");
    assert_eq!(one["consents"][0]["consent"], "allow");
    let (_, other) = world.get("open-auditor", "history").await;
    assert_eq!(other, json!({ "sessions": [], "next": null }));
}

/// A service without records says so, and still shows what runs.
#[tokio::test]
async fn without_records_there_is_no_history() {
    let ruled = Ruled::new().await;
    let server = &ruled.server;
    let token = token(server, "strict-admin").await;
    let get = |path: &str| {
        let url = format!("{}/api/v1/admin/{path}", server.origin());
        reqwest::Client::new().get(url).bearer_auth(&token).send()
    };
    let answer = get("history").await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(answer.json::<Value>().await.unwrap()["error"], "no_records");
    assert_eq!(get("sessions").await.unwrap().status(), StatusCode::OK);
}
