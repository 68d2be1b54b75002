//! What helpers note of sessions (B-20), over HTTP and in the records.

use reqwest::{Method, StatusCode};
use rh_protocol::{EndReason, FromClient, Role, SessionId, ToClient, limits};
use rh_service::Server;
use serde_json::{Value, json};

use crate::policy::Pair;
use crate::rules::Ruled;
use crate::support::token;

async fn ask(
    server: &Server,
    method: Method,
    person: &str,
    session: SessionId,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let url = format!("{}/api/notes/{session}", server.origin());
    let request = reqwest::Client::new().request(method, url);
    let request = request.bearer_auth(token(server, person).await);
    let request = body.iter().fold(request, |request, body| request.json(body));
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

/// What `person` reads at `session`: pairs of an author and a text.
async fn read(
    server: &Server,
    person: &str,
    session: SessionId,
) -> Result<Vec<(String, String)>, StatusCode> {
    let (status, found) = ask(server, Method::GET, person, session, None).await;
    if status != StatusCode::OK {
        return Err(status);
    }
    let notes = found["notes"].as_array().unwrap().iter();
    let text = |note: &Value, name: &str| note[name].as_str().unwrap_or_default().to_owned();
    Ok(notes.map(|note| (text(note, "author"), text(note, "text"))).collect())
}

async fn note(server: &Server, person: &str, session: SessionId, text: &str) -> StatusCode {
    ask(server, Method::PUT, person, session, Some(json!({ "text": text }))).await.0
}

/// Two in a session, in which the helper views if `allowed`; once it is recorded.
async fn meet(ruled: &Ruled, helper: &str, sharer: &str, allowed: bool) -> (Pair, SessionId) {
    let mut pair = Pair::met(ruled, helper, sharer).await;
    let ToClient::Joined { session, .. } = pair.helper.hear().await else { panic!("joined") };
    if allowed {
        pair.allow(Role::View).await;
    }
    for _ in 0..200 {
        let person = if allowed { helper } else { sharer };
        if read(&ruled.server, person, session).await.is_ok() {
            return (pair, session);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the session is not recorded");
}

async fn end(mut pair: Pair) {
    pair.agent.say(&FromClient::Leave { reason: EndReason::SharerEnded }).await;
    while !matches!(pair.helper.hear().await, ToClient::Ended { .. }) {}
}

/// B-20: whoever helps next reads what was noted before, the sharer reads all of it, and nobody else learns
/// anything.
#[tokio::test]
async fn whoever_helps_next_reads_what_was_noted() {
    let ruled = Ruled::recorded().await;
    let server = &ruled.server;
    let (first, desk) = meet(&ruled, "open-desk", "open-compliant", true).await;
    assert_eq!(note(server, "open-desk", desk, "draft").await, StatusCode::NO_CONTENT);
    let text = "打印机 <b>{{7*7}}</b>\nticket 4711";
    assert_eq!(note(server, "open-desk", desk, text).await, StatusCode::NO_CONTENT);
    let noted = ("open-desk".to_owned(), text.to_owned());
    end(first).await;

    let (_second, view) = meet(&ruled, "open-view", "open-compliant", true).await;
    for person in ["open-view", "open-compliant"] {
        let found = read(server, person, view).await.unwrap();
        assert_eq!(found, std::slice::from_ref(&noted), "{person}");
    }
    assert_eq!(note(server, "open-view", view, "solved").await, StatusCode::NO_CONTENT);
    let solved = ("open-view".to_owned(), "solved".to_owned());
    assert_eq!(read(server, "open-compliant", view).await.unwrap(), [solved, noted.clone()]);
    // What is noted after the own session is none of that helper's business.
    assert_eq!(read(server, "open-desk", desk).await.unwrap(), [noted]);
    assert_eq!(note(server, "open-desk", desk, " ").await, StatusCode::NO_CONTENT);
    assert_eq!(read(server, "open-desk", desk).await.unwrap(), []);

    let (_third, asked) = meet(&ruled, "open-school", "open-compliant", false).await;
    for (person, session) in [
        ("open-school", asked),
        ("open-desk", view),
        ("strict-desk", desk),
        ("open-nobody", desk),
        ("open-desk", SessionId(7)),
    ] {
        assert_eq!(read(server, person, session).await, Err(StatusCode::NOT_FOUND), "{person}");
        assert_eq!(note(server, person, session, "x").await, StatusCode::NOT_FOUND, "{person}");
    }
}

#[tokio::test]
async fn only_the_helper_notes_and_only_text() {
    let ruled = Ruled::recorded().await;
    let server = &ruled.server;
    let (_pair, session) = meet(&ruled, "open-desk", "open-compliant", true).await;
    let refused = note(server, "open-compliant", session, "nice helper").await;
    assert_eq!(refused, StatusCode::NOT_FOUND);
    let long = "x".repeat(limits::CHAT_BYTES + 1);
    assert_eq!(note(server, "open-desk", session, &long).await, StatusCode::UNPROCESSABLE_ENTITY);
    for body in [json!({}), json!({ "text": 7 }), json!({ "text": "a", "session": "b" })] {
        let (status, _) = ask(server, Method::PUT, "open-desk", session, Some(body)).await;
        assert!(status.is_client_error(), "{status}");
    }
    // Another page's script comes with its origin.
    let url = format!("{}/api/notes/{session}", server.origin());
    let request = reqwest::Client::new().put(url).bearer_auth(token(server, "open-desk").await);
    let request = request.header("origin", "https://evil.example").json(&json!({ "text": "a" }));
    assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(read(server, "open-desk", session).await.unwrap(), []);
}
