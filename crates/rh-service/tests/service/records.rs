//! What the service records.

use std::path::Path;

use rh_protocol::{Consent, EndReason, FromClient, Role, ToClient};
use rh_records::upkeep::Retention;
use rh_records::{Address, RecordStore, Trust, audit, open_to_read};
use rh_service::{Config, Records, Server, serve};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection, query};

use crate::support::{agent, cookie, helper, pair};

pub(crate) async fn recorded(folder: &Path) -> Server {
    let records = Records {
        address: Address::Sqlite(folder.join("records.db")),
        key: folder.join("records.key"),
        retention: Retention::default(),
    };
    let config = Config::new("127.0.0.1:0".parse().unwrap());
    serve(Config { records: Some(records), ..config }).await.unwrap()
}

/// The words of the chain, in order, and that it holds and is sealed.
pub(crate) async fn chain(store: &dyn RecordStore) -> Vec<String> {
    let tenant = "development".parse().unwrap();
    let verified = audit::verify(store, &tenant, &Trust::Any, &[]).await.unwrap();
    assert_eq!(verified.sealed, verified.last, "a service that stops seals");
    let entries = store.entries(&tenant, 0, 1000).await.unwrap();
    let event =
        |it: &rh_records::Entry| it.body().unwrap().event["type"].as_str().unwrap().to_owned();
    entries.iter().map(event).collect()
}

/// M-08, B-13: who helped whom, when and how far, in a chain that holds.
#[tokio::test]
async fn a_session_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let server = recorded(folder.path()).await;
    let (mut helper, mut agent) = pair(&server).await;
    for (role, consent) in [(Role::Control, Consent::Decline), (Role::View, Consent::Allow)] {
        helper.say(&FromClient::Request { role }).await;
        assert!(matches!(agent.hear().await, ToClient::Requested { .. }));
        agent.say(&FromClient::Answer { role, consent, shown: None }).await;
        assert!(matches!(helper.hear().await, ToClient::Answered { .. }));
    }
    agent.say(&FromClient::Leave { reason: EndReason::SharerEnded }).await;
    assert!(matches!(helper.hear().await, ToClient::Ended { .. }));
    server.stop().await;

    let address = Address::Sqlite(folder.path().join("records.db"));
    let store = open_to_read(&address).await.unwrap();
    let words =
        ["signed_in", "signed_in", "session_started", "consented", "consented", "session_ended"];
    assert_eq!(chain(&*store).await, words);
    let tenant = "development".parse().unwrap();
    let far = rh_records::Timestamp::from_millis(200_000_000_000_000).unwrap();
    let sessions = store.sessions(&tenant, far, None, 9).await.unwrap();
    assert_eq!(sessions.len(), 1);
    let session = &sessions[0];
    assert_eq!(session.helper.full_name.as_deref(), Some("Hana Helper"));
    assert_eq!(session.sharer.id.as_str(), "sharer");
    assert_eq!(session.role, Some(Role::View));
    assert_eq!(session.ended.unwrap().reason, EndReason::SharerEnded);
}

/// S-20: what was refused is recorded, without the code that was typed.
#[tokio::test]
async fn refusals_are_recorded_without_the_code() {
    let folder = tempfile::tempdir().unwrap();
    let server = recorded(folder.path()).await;
    let (_helper, mut agent) = (helper(&server).await, agent(&server).await);
    agent.say(&FromClient::Join { code: "73195048".to_owned() }).await;
    assert!(matches!(agent.hear().await, ToClient::Refused { .. }));
    server.stop().await;

    let address = Address::Sqlite(folder.path().join("records.db"));
    let store = open_to_read(&address).await.unwrap();
    assert_eq!(chain(&*store).await, ["signed_in", "signed_in", "refused"]);
    let entries = store.entries(&"development".parse().unwrap(), 2, 9).await.unwrap();
    let body = &entries[0].body;
    assert!(body.contains("\"action\":\"join\"") && body.contains("\"reason\":\"code\""), "{body}");
    assert!(body.contains("127.0.0.1") && !body.contains("73195048"), "{body}");
}

/// A service that was stopped goes on with the same chain and key; a session that breaks says so.
#[tokio::test]
async fn a_restart_continues_the_chain() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let server = recorded(folder.path()).await;
        let (_helper, _agent) = pair(&server).await;
        server.stop().await;
    }
    let server = recorded(folder.path()).await;
    let _ = cookie(&server, "helper").await;
    server.stop().await;
    let address = Address::Sqlite(folder.path().join("records.db"));
    let store = open_to_read(&address).await.unwrap();
    let words = chain(&*store).await;
    let count = |word: &str| words.iter().filter(|it| *it == word).count();
    assert_eq!((count("session_started"), count("session_ended")), (2, 2));
    assert_eq!((count("signed_in"), words.len()), (5, 9));
}

/// Nobody waits for the store: while it is down people meet, and it is recorded once it is back.
#[tokio::test]
async fn a_store_that_is_down_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let server = recorded(folder.path()).await;
    let options = SqliteConnectOptions::new().filename(folder.path().join("records.db"));
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    query("ALTER TABLE chains RENAME TO gone").execute(&mut conn).await.unwrap();
    let (_helper, _agent) = pair(&server).await;
    query("ALTER TABLE gone RENAME TO chains").execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    server.stop().await;

    let address = Address::Sqlite(folder.path().join("records.db"));
    let store = open_to_read(&address).await.unwrap();
    let words = ["signed_in", "signed_in", "session_started", "session_ended"];
    assert_eq!(chain(&*store).await, words);
}
