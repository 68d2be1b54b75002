//! Who may, and from where.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::world::{World, answer};
use crate::rules::ROLES;
use crate::support::cookie;

/// Every route that acts, or takes something out, with a session of nobody's.
const ACTS: [&str; 2] = ["sessions/00112233445566778899aabbccddeeff/end", "audit/export"];

/// Every route that reads.
const READS: [&str; 5] = ["sessions", "history", "devices", "alarms", "suspensions"];

/// S-19: administrators read and act, auditors read and export, nobody else does either.
#[tokio::test]
async fn an_auditor_reads_and_only_administrators_act() {
    let world = World::new().await;
    for (role, _) in ROLES {
        let person = format!("strict-{role}");
        let (reads, ends) = (matches!(role, "admin" | "auditor"), role == "admin");
        for path in READS {
            let (status, body) = world.get(&person, path).await;
            let expected = if reads { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(status, expected, "{person} {path} {body}");
            if !reads {
                assert_eq!(body["error"], "denied");
                assert_eq!(body["reasons"], json!(["permission_missing"]));
            }
        }
        let (status, _) = world.post(&person, ACTS[0], None).await;
        let expected = if ends { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
        assert_eq!(status, expected, "{person} ends");
        let (status, _) = world.post(&person, ACTS[1], Some(&json!({}))).await;
        let expected = if reads { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(status, expected, "{person} exports");
    }
    let (_, me) = world.get("strict-auditor", "me").await;
    assert_eq!(me["duties"], json!(["records.read", "records.export"]));
    let (_, me) = world.get("strict-desk", "me").await;
    assert_eq!((&me["duties"], &me["tenant"]), (&json!([]), &json!("strict")));
}

/// What is refused is recorded, and asking again and again does not flood the records.
#[tokio::test]
async fn refusals_are_recorded_once_in_a_while() {
    let world = World::new().await;
    for _ in 0..5 {
        world.post("strict-auditor", ACTS[0], None).await;
    }
    let chain = world.recorded("strict", "refused", 1).await;
    let refused: Vec<_> = chain.iter().filter(|it| it["type"] == "refused").collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(refused[0]["action"], "sessions.end");
    assert_eq!(refused[0]["person"], "strict-auditor");
}

/// CVE-2025-53095: with the cookie of an administrator another page can do nothing.
#[tokio::test]
async fn only_the_services_own_pages_act() {
    let world = World::new().await;
    let server = &world.ruled.server;
    let cookie = cookie(server, "strict-admin").await;
    let (_helper, _agent, session) = world.session("strict").await;
    let client = reqwest::Client::new();
    let end = format!("{}/api/v1/admin/sessions/{session}/end", server.origin());
    let own = server.origin();
    for origin in [None, Some("null"), Some("https://evil.example"), Some("http://127.0.0.1")] {
        let mut request = client.post(&end).header("cookie", &cookie);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let (status, body) = answer(request.send().await.unwrap()).await;
        assert_eq!((status, &body["error"]), (StatusCode::FORBIDDEN, &json!("origin")));
    }
    let request = client.post(&end).header("cookie", &cookie).header("origin", own);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let request = client.post(&end).header("origin", own);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

/// An action that asks for a stronger sign-in says for which, and works with it.
#[tokio::test]
async fn acting_may_ask_for_a_stronger_sign_in() {
    let world = World::new().await;
    let mut rules = crate::rules::rules();
    rules["tenants"][0]["conditions"] = json!({ "records.read": "c7" });
    world.ruled.change(&rules);
    let (status, body) = world.get("strict-auditor", "history").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!((&body["error"], &body["context"]), (&json!("step_up"), &json!("c7")));
    assert_eq!(world.get("open-auditor", "history").await.0, StatusCode::OK);
    let (status, _) = world.post("strict-auditor", "audit/export", Some(&json!({}))).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "taking out is reading");

    let server = &world.ruled.server;
    let token = crate::support::token(server, "strict-auditor").await;
    let client = reqwest::Client::new();
    let step_up = client.post(format!("{}/api/step-up", server.origin()));
    let stepped = step_up.bearer_auth(&token).json(&json!({ "context": "c7" })).send().await;
    assert!(stepped.unwrap().status().is_success());
    let history = client.get(format!("{}/api/v1/admin/history", server.origin()));
    let history = history.bearer_auth(&token).send().await.unwrap();
    assert_eq!(history.status(), StatusCode::OK);
}

/// A role that is taken back counts at the next request, whatever the sign-in is.
#[tokio::test]
async fn a_right_that_is_taken_back_is_gone_at_once() {
    let world = World::new().await;
    assert_eq!(world.get("strict-admin", "sessions").await.0, StatusCode::OK);
    let mut rules = crate::rules::rules();
    rules["tenants"][0]["assignments"] = json!([]);
    world.ruled.change(&rules);
    assert_eq!(world.get("strict-admin", "sessions").await.0, StatusCode::FORBIDDEN);
}

/// Fields that nobody asked for are refused, so that none can set what is not theirs to set.
#[tokio::test]
async fn unknown_fields_are_refused() {
    let world = World::new().await;
    for body in [
        json!({ "tenant": "open" }),
        json!({ "after": 0, "person": "open-admin" }),
        json!({ "after": -1 }),
        json!({ "after": "0" }),
        json!([]),
        json!(null),
    ] {
        let (status, said) = world.post("strict-admin", "audit/export", Some(&body)).await;
        assert!(status.is_client_error(), "{body}");
        assert_eq!(said["error"], "malformed", "{body}");
    }
    for query in ["?tenant=open", "?limit=0", "?limit=201", "?limit=x", "?after=x", "?after=_"] {
        let path = format!("history{query}");
        let response = world.send("strict-admin", Method::GET, &path, None).await;
        let (status, said) = answer(response).await;
        assert_eq!((status, &said["error"]), (StatusCode::BAD_REQUEST, &json!("malformed")));
    }
}
