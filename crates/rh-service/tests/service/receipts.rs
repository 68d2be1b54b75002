//! What a sharer takes home (B-13).

use reqwest::StatusCode;
use rh_protocol::{Consent, EndReason, FromClient, Role, SessionId, Shown, ToClient};
use rh_records::{Receipt, Signed, Trust};
use rh_service::Server;

use crate::records::recorded;
use crate::support::{agent, helper, service, token};

/// Asks for the receipt as `person`.
async fn ask(server: &Server, person: &str, session: SessionId) -> (StatusCode, String) {
    let url = format!("{}/api/receipts/{session}", server.origin());
    let request = reqwest::Client::new().get(url).bearer_auth(token(server, person).await);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// As soon as the end is recorded.
async fn ask_until_over(server: &Server, session: SessionId) -> String {
    for _ in 0..100 {
        let (status, text) = ask(server, "sharer", session).await;
        match status {
            StatusCode::OK => return text,
            StatusCode::CONFLICT | StatusCode::NOT_FOUND => {}
            other => panic!("{other}: {text}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no receipt");
}

/// B-13: the sharer gets a receipt that holds without the service, with what the agent stated; nobody
/// else learns that there was a session.
#[tokio::test]
async fn a_sharer_gets_the_receipt_and_nobody_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let server = recorded(folder.path()).await;
    let (mut helper, mut agent) = (helper(&server).await, agent(&server).await);
    let (session, code) = helper.code().await;
    agent.say(&FromClient::Join { code }).await;
    assert!(matches!(agent.hear().await, ToClient::Joined { .. }));
    let role = Role::View;
    helper.say(&FromClient::Request { role }).await;
    assert!(matches!(agent.hear().await, ToClient::Requested { .. }));
    let shown = Shown {
        nonce: "0f".repeat(16),
        wording: "test-1".to_owned(),
        language: "en".to_owned(),
        helper_fingerprint: Some("sha-256 AB:CD".to_owned()),
        sharer_fingerprint: Some("sha-256 01:23".to_owned()),
    };
    let answer = FromClient::Answer { role, consent: Consent::Allow, shown: Some(shown.clone()) };
    agent.say(&answer).await;
    assert!(matches!(agent.hear().await, ToClient::Recorded { .. }));
    let (status, text) = ask(&server, "sharer", session).await;
    let early = (StatusCode::CONFLICT, true);
    assert!((status, text.contains("still going on")) == early || status == StatusCode::NOT_FOUND);

    agent.say(&FromClient::Leave { reason: EndReason::SharerEnded }).await;
    let text = ask_until_over(&server, session).await;
    let (receipt, _) = Signed::<Receipt>::open(&text, &Trust::Any).unwrap();
    assert_eq!((receipt.session, receipt.role), (session, Some(role)));
    assert_eq!(receipt.consents[0].shown, shown.into());
    assert_eq!(receipt.ended.reason, EndReason::SharerEnded);

    assert_eq!(ask(&server, "helper", session).await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&server, "sharer", SessionId(7)).await.0, StatusCode::NOT_FOUND);
    let nobody = format!("{}/api/receipts/{session}", server.origin());
    assert_eq!(reqwest::get(nobody).await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_service_without_records_issues_none() {
    let server = service().await;
    assert_eq!(ask(&server, "sharer", SessionId(7)).await.0, StatusCode::NOT_FOUND);
}
