//! What two write to one another, over real sockets and into the records.

use reqwest::StatusCode;
use rh_protocol::{
    Client, Consent, EndReason, FromClient, Refusal, Role, SessionId, ToClient, limits,
};
use rh_records::{Address, open_to_read};
use rh_service::Server;
use serde_json::Value;

use crate::records::recorded;
use crate::support::{Place, Socket, agent, helper, service, token};

/// Two in a session in which something is allowed.
async fn sharing(server: &(impl Place + ?Sized)) -> (Socket, Socket, SessionId) {
    let (mut helper, mut agent) = (helper(server).await, agent(server).await);
    let (session, code) = helper.code().await;
    agent.say(&FromClient::Join { code }).await;
    assert!(matches!(helper.hear().await, ToClient::Joined { .. }));
    assert!(matches!(agent.hear().await, ToClient::Joined { .. }));
    let (role, consent) = (Role::View, Consent::Allow);
    helper.say(&FromClient::Request { role }).await;
    assert_eq!(agent.hear().await, ToClient::Requested { role });
    agent.say(&FromClient::Answer { role, consent, shown: None }).await;
    assert_eq!(helper.hear().await, ToClient::Answered { role, consent });
    (helper, agent, session)
}

async fn write(from: &mut Socket, text: &str) {
    from.say(&FromClient::Chat { text: text.to_owned() }).await;
}

/// Asks for a thread as `person`.
async fn thread(
    server: &Server,
    person: &str,
    session: SessionId,
    query: &str,
) -> (StatusCode, Value) {
    let url = format!("{}/api/threads/{session}{query}", server.origin());
    let request = reqwest::Client::new().get(url).bearer_auth(token(server, person).await);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

/// What people write, of many scripts, and what attackers do.
const TEXTS: [&str; 9] = [
    "hello",
    "你好，能帮我看一下吗？",
    "مرحبا، هل يمكنك المساعدة؟ abc 123",
    "שלום (abc) 123",
    "👩🏽‍💻👨‍👩‍👧‍👦🏳️‍🌈",
    "e\u{301} ก็ नमस्ते \u{1112}\u{1161}\u{11ab}",
    "\u{2067}one\u{2069} two\n\tthree",
    "{{7*7}} ${7*7} <%= 7*7 %> <img src=x onerror=alert(1)>",
    "'; DROP TABLE messages; --",
];

/// S-16, S-17: what either writes comes to both as it was written, in one order, and is kept so; the two
/// read it afterwards, and nobody else learns that there is a thread. CVE-2025-5309 (BeyondTrust: what
/// was written into a chat was carried out as a template): text is text.
#[tokio::test]
async fn a_chat_comes_to_both_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = recorded(folder.path()).await;
    let (mut helper, mut agent, session) = sharing(&server).await;
    for (n, text) in TEXTS.iter().enumerate() {
        let (place, from) = (u32::try_from(n).unwrap() + 1, [Client::Helper, Client::Agent][n % 2]);
        let writes = if from == Client::Helper { &mut helper } else { &mut agent };
        write(writes, text).await;
        let expected = ToClient::Chat { place, from, text: (*text).to_owned() };
        for side in [&mut helper, &mut agent] {
            assert_eq!(side.hear().await, expected);
        }
    }
    agent.say(&FromClient::Leave { reason: EndReason::SharerEnded }).await;
    assert!(matches!(helper.hear().await, ToClient::Ended { .. }));
    let mut read = Vec::new();
    for person in ["helper", "sharer"] {
        let (status, found) = settled(&server, person, session).await;
        assert_eq!(status, StatusCode::OK);
        let texts: Vec<_> =
            found.iter().map(|it| it["text"].as_str().unwrap().to_owned()).collect();
        assert_eq!(texts, TEXTS);
        let sides: Vec<_> = found[..2].iter().map(|it| it["from"].as_str().unwrap()).collect();
        assert_eq!(sides, ["helper", "agent"]);
        read.push(found);
    }
    assert_eq!(read[0], read[1]);
    let (_, rest) = thread(&server, "sharer", session, "?after=7").await;
    assert_eq!(rest["messages"].as_array().unwrap()[..], read[0][7..]);
    assert_eq!(thread(&server, "sharer", SessionId(7), "").await.0, StatusCode::NOT_FOUND);
    assert_eq!(thread(&server, "sharer", session, "?before=7").await.0, StatusCode::BAD_REQUEST);
    let nobody = format!("{}/api/threads/{session}", server.origin());
    assert_eq!(reqwest::get(nobody).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    server.stop().await;
    no_entry_has_text(folder.path()).await;
}

/// The whole thread, once it is written.
async fn settled(server: &Server, person: &str, session: SessionId) -> (StatusCode, Vec<Value>) {
    for _ in 0..200 {
        let (status, found) = thread(server, person, session, "").await;
        let messages = found["messages"].as_array().cloned().unwrap_or_default();
        if messages.len() == TEXTS.len() {
            return (status, messages);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the thread is not written");
}

/// M-08: reports and the audit have no content.
async fn no_entry_has_text(folder: &std::path::Path) {
    let store = open_to_read(&Address::Sqlite(folder.join("records.db"))).await.unwrap();
    let entries = store.entries(&"development".parse().unwrap(), 0, 100).await.unwrap();
    assert!(entries.len() >= 4);
    for entry in entries {
        assert!(!entry.body.contains("hello") && !entry.body.contains("DROP"), "{}", entry.body);
    }
}

/// A message that is none, or too long, is refused, and the session goes on.
#[tokio::test]
async fn what_is_no_text_is_refused() {
    let server = service().await;
    let (mut helper, mut agent, _) = sharing(&server).await;
    let long = "x".repeat(limits::CHAT_BYTES + 1);
    for text in ["", " \n ", "\u{0}\u{1b}", long.as_str()] {
        write(&mut helper, text).await;
        let refused = ToClient::Refused { refusal: Refusal::NotAllowed, retry_in: None };
        assert_eq!(helper.hear().await, refused);
    }
    write(&mut helper, "\u{1b}[2Jcleared").await;
    let text = "[2Jcleared".to_owned();
    assert_eq!(agent.hear().await, ToClient::Chat { place: 1, from: Client::Helper, text });
}
