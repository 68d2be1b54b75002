//! Helpers who were reported, and letting them help again (B-05).

use reqwest::StatusCode;
use rh_protocol::{FromClient, ToClient};
use serde_json::json;

use super::world::World;
use crate::support::{Socket, helper_of, token};

/// A sharer reports the helper of a session.
async fn report(world: &World, person: &str, session: &str) -> StatusCode {
    let server = &world.ruled.server;
    let request = reqwest::Client::new().post(format!("{}/api/reports", server.origin()));
    let request = request.bearer_auth(token(server, person).await);
    request.json(&json!({ "session": session })).send().await.unwrap().status()
}

/// What a helper hears who asks for a code.
async fn asks_for_a_code(helper: &mut Socket) -> ToClient {
    helper.say(&FromClient::NewSession { device: None }).await;
    helper.hear().await
}

/// Whoever may say who may help sees who was reported, in their own tenant, and lifts it at once.
#[tokio::test]
async fn b05_an_administrator_lifts_a_suspension() {
    let world = World::new().await;
    let (_helper, _sharer, session) = world.session("strict").await;
    assert_eq!(report(&world, "strict-compliant", &session).await, StatusCode::NO_CONTENT);
    world.recorded("strict", "suspended", 1).await;
    let mut helper = helper_of(&world.ruled.server, "strict-desk").await;
    assert!(matches!(asks_for_a_code(&mut helper).await, ToClient::Denied { .. }));

    let (status, listed) = world.get("strict-auditor", "suspensions").await;
    assert_eq!(status, StatusCode::OK);
    let one = &listed["suspensions"][0];
    assert_eq!((&one["person"], &one["session"]), (&json!("strict-desk"), &json!(session)));
    let (_, others) = world.get("open-auditor", "suspensions").await;
    assert_eq!(others["suspensions"], json!([]), "another tenant's");

    let lift = json!({ "person": "strict-desk" });
    for (person, status) in [
        ("strict-auditor", StatusCode::FORBIDDEN),
        ("open-admin", StatusCode::NOT_FOUND),
        ("strict-admin", StatusCode::NO_CONTENT),
        ("strict-admin", StatusCode::NOT_FOUND),
    ] {
        let (answer, body) = world.post(person, "suspensions/lift", Some(&lift)).await;
        assert_eq!(answer, status, "{person} {body}");
    }
    assert!(matches!(asks_for_a_code(&mut helper).await, ToClient::Session { .. }));
    let chain = world.recorded("strict", "reinstated", 1).await;
    let lifted = chain.iter().find(|it| it["type"] == "reinstated").unwrap();
    assert_eq!((&lifted["person"], &lifted["by"]), (&json!("strict-desk"), &json!("strict-admin")));
}
