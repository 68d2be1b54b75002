//! Administrators of several services with one Redis: they see and end what runs at any.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use rh_protocol::{EndReason, FromClient, SessionId, ToClient};
use rh_records::upkeep::Retention;
use rh_records::{Address, open_to_read};
use rh_service::{Config, Records, ServeError, Server, serve};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::admin::answer;
use crate::nodes::{GONE_WITHIN, Nodes, Process};
use crate::rules;
use crate::support::{Place, Socket, agent_of, helper_of, token};

/// How long the service waits for a node, and some more.
const ANSWERED_WITHIN: Duration = Duration::from_secs(6);

/// Nodes with two tenants.
fn nodes() -> Nodes {
    let nodes = Nodes::new();
    let folder = nodes.folder.path();
    std::fs::write(folder.join("people.toml"), rules::everybody()).unwrap();
    std::fs::write(rules::tenants(folder), rules::rules().to_string()).unwrap();
    let settings = std::fs::read_to_string(nodes.file()).unwrap();
    let people = "rules = \"tenants.json\"\n[development]\npeople = \"people.toml\"";
    std::fs::write(nodes.file(), settings.replace("[development]", people)).unwrap();
    nodes
}

/// A node that records where the others do.
async fn recorded(nodes: &Nodes) -> Server {
    signing(nodes, "records.key").await.unwrap()
}

/// A node with records that signs with the key in that file.
async fn signing(nodes: &Nodes, key: &str) -> Result<Server, ServeError> {
    let records = Records {
        address: Address::Sqlite(nodes.folder.path().join("records.db")),
        key: nodes.folder.path().join(key),
        retention: Retention::default(),
    };
    let config = Config { records: Some(records), ..Config::read(&nodes.file()).unwrap() };
    serve(config).await
}

/// A session of `strict`.
async fn session(
    of_helper: &(impl Place + ?Sized),
    of_agent: &(impl Place + ?Sized),
) -> (Socket, Socket, SessionId) {
    let mut helper = helper_of(of_helper, "strict-desk").await;
    let mut agent = agent_of(of_agent, "strict-compliant").await;
    let (session, code) = helper.code().await;
    agent.say(&FromClient::Join { code }).await;
    assert!(matches!(agent.hear().await, ToClient::Joined { .. }));
    assert!(matches!(helper.hear().await, ToClient::Joined { .. }));
    (helper, agent, session)
}

async fn ask(
    server: &(impl Place + ?Sized),
    person: &str,
    method: Method,
    path: &str,
) -> (StatusCode, Value) {
    let url = format!("{}/api/v1/admin/{path}", server.origin());
    let token = token(server, person).await;
    let request = reqwest::Client::new().request(method, url).bearer_auth(token);
    answer(request.send().await.unwrap()).await
}

async fn running(server: &(impl Place + ?Sized), person: &str) -> Value {
    let (status, body) = ask(server, person, Method::GET, "sessions").await;
    assert_eq!(status, StatusCode::OK);
    body
}

fn ids(list: &Value) -> Vec<&str> {
    let sessions = list["sessions"].as_array().unwrap();
    sessions.iter().map(|it| it["session"].as_str().unwrap()).collect()
}

async fn end(
    server: &(impl Place + ?Sized),
    person: &str,
    session: SessionId,
) -> (StatusCode, Value) {
    ask(server, person, Method::POST, &format!("sessions/{session}/end")).await
}

/// What is recorded of `strict`.
async fn chain(nodes: &Nodes) -> Vec<Value> {
    let address = Address::Sqlite(nodes.folder.path().join("records.db"));
    let store = open_to_read(&address).await.unwrap();
    let entries = store.entries(&"strict".parse().unwrap(), 0, 1000).await.unwrap();
    entries.iter().map(|it| it.body().unwrap().event).collect()
}

/// M-08: every node lists what runs at all of them, of the caller's tenant alone.
#[tokio::test]
async fn sessions_of_every_node_are_listed() {
    let nodes = nodes();
    let (a, b, c) = (nodes.node().await, nodes.node().await, nodes.node().await);
    let (_helper, _agent, one) = session(&a, &b).await;
    let (_helper_too, _agent_too, two) = session(&b, &b).await;
    let mut both = [one.to_string(), two.to_string()];
    both.sort();
    for server in [&a, &b, &c] {
        let list = running(server, "strict-auditor").await;
        assert_eq!(ids(&list), both);
        assert_eq!((&list["complete"], &list["unanswered"]), (&json!(true), &json!([])));
        let found = list["sessions"].as_array().unwrap();
        assert!(found.iter().all(|it| it["helper"]["id"] == "strict-desk"), "{list}");
        assert!(found.iter().all(|it| it["sharer"]["full_name"] == "strict-compliant"), "{list}");
        assert_eq!(ids(&running(server, "open-auditor").await), Vec::<&str>::new());
    }
}

/// A session at another node is ended like one's own: both sides hear it, and the act is in the audit
/// log once, before the end.
#[tokio::test]
async fn a_session_is_ended_from_another_node() {
    let nodes = nodes();
    let (a, b, c) = (recorded(&nodes).await, recorded(&nodes).await, recorded(&nodes).await);
    let (mut helper, mut agent, session) = session(&a, &b).await;
    assert_eq!(end(&c, "strict-auditor", session).await.0, StatusCode::FORBIDDEN);
    assert_eq!(end(&c, "open-admin", session).await.0, StatusCode::NOT_FOUND);
    assert_eq!(end(&c, "strict-admin", SessionId(7)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(helper.hear_within(Duration::from_millis(200)).await, None);

    assert_eq!(end(&c, "strict-admin", session).await.0, StatusCode::NO_CONTENT);
    let ended = ToClient::Ended { reason: EndReason::AdministratorEnded };
    assert_eq!((helper.hear().await, agent.hear().await), (ended.clone(), ended));
    assert_eq!(end(&c, "strict-admin", session).await.0, StatusCode::NOT_FOUND, "it is over");
    assert_eq!(ids(&running(&b, "strict-auditor").await), Vec::<&str>::new());

    let since = Instant::now();
    let chain = loop {
        let chain = chain(&nodes).await;
        if chain.iter().any(|it| it["type"] == "session_ended") {
            break chain;
        }
        assert!(since.elapsed() < Duration::from_secs(5), "{chain:?}");
        sleep(Duration::from_millis(20)).await;
    };
    let of = |kind: &str| -> Vec<usize> {
        let all = chain.iter().enumerate().filter(|(_, it)| it["type"] == kind);
        all.map(|(nth, _)| nth).collect()
    };
    let (acts, ends) = (of("administered"), of("session_ended"));
    let ([act], [over]) = (acts.as_slice(), ends.as_slice()) else { panic!("{chain:?}") };
    assert!(act < over, "{chain:?}");
    assert_eq!(chain[*act]["about"], json!(session.to_string()));
    assert_eq!(chain[*act]["person"], "strict-admin");
    assert_eq!(chain[*over]["reason"], "administrator_ended");
}

/// Which helpers were reported, as an administrator sees it.
async fn reported(server: &Server, person: &str) -> Vec<Value> {
    let (status, list) = ask(server, person, Method::GET, "alarms").await;
    assert_eq!(status, StatusCode::OK);
    let alarms = list["alarms"].as_array().unwrap().iter();
    alarms.filter(|it| it["kind"] == "reported").map(|it| it["session"].clone()).collect()
}

/// B-05: what is an alarm at one node is seen at every other, once, by its tenant's administrators
/// alone, and still after all of them were restarted.
#[tokio::test]
async fn alarms_of_every_node_are_seen_at_each() {
    let nodes = nodes();
    let (a, b) = (recorded(&nodes).await, recorded(&nodes).await);
    let (_helper, _agent, session) = session(&a, &a).await;
    let token = token(&a, "strict-compliant").await;
    let report = reqwest::Client::new().post(format!("{}/api/reports", a.origin()));
    let report = report.bearer_auth(token).json(&json!({ "session": session }));
    assert_eq!(report.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(reported(&a, "strict-auditor").await, [json!(session)], "at once");

    let since = Instant::now();
    while reported(&b, "strict-auditor").await != [json!(session)] {
        assert!(since.elapsed() < Duration::from_secs(5), "it is not seen at another node");
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(reported(&a, "strict-auditor").await, [json!(session)], "not twice");
    assert_eq!(reported(&b, "open-auditor").await, Vec::<Value>::new());
    tokio::join!(a.stop(), b.stop());
    let c = recorded(&nodes).await;
    assert_eq!(reported(&c, "strict-auditor").await, [json!(session)]);
}

/// A node that does not answer is named, and nobody is told that a session does not exist that may
/// be there; once it is known to be gone, what is left is all.
#[tokio::test]
async fn a_node_that_does_not_answer_is_named() {
    let nodes = nodes();
    let a = nodes.node().await;
    let (mut process, b) = Process::start(&nodes.file());
    let b = format!("http://{b}");
    let (_helper, _agent, there) = session(b.as_str(), b.as_str()).await;
    let (_helper_too, _agent_too, here) = session(&a, &a).await;
    process.kill();
    let begun = Instant::now();
    let list = running(&a, "strict-auditor").await;
    assert_eq!((ids(&list), &list["complete"]), (vec![here.to_string().as_str()], &json!(false)));
    let [gone] = list["unanswered"].as_array().unwrap().as_slice() else { panic!("{list}") };
    assert!(gone.as_str().unwrap().starts_with("test-"), "{list}");
    assert!(begun.elapsed() < ANSWERED_WITHIN, "{:?}", begun.elapsed());
    loop {
        let (status, body) = end(&a, "strict-admin", there).await;
        if status == StatusCode::NOT_FOUND {
            break;
        }
        assert_eq!((status, &body["error"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("nodes")));
        assert!(body["message"].as_str().unwrap().contains(gone.as_str().unwrap()), "{body}");
        assert!(begun.elapsed() < GONE_WITHIN, "{body}");
    }
    let list = running(&a, "strict-auditor").await;
    assert_eq!((&list["complete"], &list["unanswered"]), (&json!(true), &json!([])));
    assert_eq!(end(&a, "strict-admin", here).await.0, StatusCode::NO_CONTENT);
}

/// Without Redis a node shows its own sessions, says that there may be more, and ends its own.
#[tokio::test]
async fn without_redis_a_list_does_not_look_whole() {
    let mut nodes = nodes();
    let (a, b) = (nodes.node().await, nodes.node().await);
    let (_helper, _agent, here) = session(&a, &a).await;
    let (_helper_too, _agent_too, there) = session(&b, &b).await;
    nodes.redis.kill();
    let list = running(&a, "strict-auditor").await;
    assert_eq!((ids(&list), &list["complete"]), (vec![here.to_string().as_str()], &json!(false)));
    let (status, body) = end(&a, "strict-admin", there).await;
    assert_eq!((status, &body["error"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("nodes")));
    assert_eq!(end(&a, "strict-admin", here).await.0, StatusCode::NO_CONTENT);
}

/// S-46: a node that signs with another key than the others does not start, and says what to do; those
/// that run go on.
#[tokio::test]
async fn a_node_with_another_key_does_not_start() {
    let nodes = nodes();
    let a = recorded(&nodes).await;
    let error = signing(&nodes, "other.key").await.unwrap_err().to_string();
    assert!(error.starts_with("[cluster]: this node signs with the key "), "{error}");
    assert!(error.contains(": test-") && error.contains("the same --records-key"), "{error}");
    // Without records it would sign with a key made of the secret.
    let error = serve(Config::read(&nodes.file()).unwrap()).await.unwrap_err();
    assert!(matches!(error, ServeError::OtherKey { .. }), "{error}");
    let b = recorded(&nodes).await;
    session(&a, &b).await;
}
