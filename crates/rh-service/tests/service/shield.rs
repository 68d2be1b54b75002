//! Against those who pose as helpers (B-05).

use reqwest::StatusCode;
use rh_protocol::policy::{Action, ReasonCode};
use rh_protocol::{
    Background, Consent, EndReason, FromClient, OddityCode, Role, SessionId, ToClient,
};
use rh_service::{Config, Server, serve};
use serde_json::json;

use crate::records::recorded;
use crate::support::{PATIENCE, Socket, agent, agent_of, helper, helper_of, service, token};

/// A helper and a sharer meet; what each is told of the other.
async fn meet(helper: &mut Socket, agent: &mut Socket) -> (SessionId, Background, Background) {
    let (session, code) = helper.code().await;
    agent.say(&FromClient::Join { code }).await;
    let mut told = Vec::new();
    for side in [helper, agent] {
        side.all = true;
        assert!(matches!(side.hear().await, ToClient::Joined { .. }));
        let after = side.hear().await;
        let ToClient::Background { session: of, background } = after else { panic!("{after:?}") };
        assert_eq!(of, session);
        side.all = false;
        told.push(background);
    }
    let [of_sharer, of_helper] = told.try_into().unwrap();
    (session, of_sharer, of_helper)
}

async fn report(server: &Server, person: &str, session: SessionId) -> StatusCode {
    let request = reqwest::Client::new().post(format!("{}/api/reports", server.origin()));
    let request = request.bearer_auth(token(server, person).await);
    request.json(&json!({ "session": session })).send().await.unwrap().status()
}

/// The word for why somebody may not make a code.
async fn objection(helper: &mut Socket) -> ReasonCode {
    let denied = helper.hear().await;
    let ToClient::Denied { action: Action::MakeCode, reasons } = denied else {
        panic!("{denied:?}")
    };
    reasons[0].code
}

/// B-05: who made the code and when; and that the two have not met before, until they have.
#[tokio::test]
async fn b05_a_first_contact_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = recorded(folder.path()).await;
    let (mut helper, mut agent) = (helper(&server).await, agent(&server).await);
    let (_, of_sharer, of_helper) = meet(&mut helper, &mut agent).await;
    assert_eq!((of_helper.met_before, of_sharer.met_before), (Some(false), Some(false)));
    assert_eq!((of_helper.code_age, of_sharer.code_age), (Some(0), None));
    assert_eq!((of_helper.oddities, of_sharer.oddities), (vec![], vec![]));
    let role = Role::View;
    helper.say(&FromClient::Request { role }).await;
    assert!(matches!(agent.hear().await, ToClient::Requested { .. }));
    agent.say(&FromClient::Answer { role, consent: Consent::Allow, shown: None }).await;
    assert!(matches!(helper.hear().await, ToClient::Answered { .. }));
    for _ in 0..100 {
        helper.say(&FromClient::Leave { reason: EndReason::HelperEnded }).await;
        assert!(matches!(agent.hear().await, ToClient::Ended { .. }));
        // What was allowed is recorded a moment later.
        let (_, _, of_helper) = meet(&mut helper, &mut agent).await;
        if of_helper.met_before == Some(true) {
            return;
        }
    }
    panic!("they met before");
}

/// B-05: without records nobody can tell whether two met; nothing is made up.
#[tokio::test]
async fn without_records_nobody_knows_of_earlier_meetings() {
    let server = service().await;
    let (mut helper, mut agent) = (helper(&server).await, agent(&server).await);
    let (_, _, of_helper) = meet(&mut helper, &mut agent).await;
    assert_eq!((of_helper.met_before, of_helper.code_age), (None, Some(0)));
}

/// B-05, S-47: a helper whose name looks like a colleague's, in letters of another script.
#[tokio::test]
async fn b05_a_spoofed_name_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.toml");
    let person =
        |id: &str, name: &str| format!("[[person]]\nid = \"{id}\"\nfull_name = \"{name}\"\n");
    let all = [("hana", "Hana Helper"), ("eve", "H\u{430}na Helper"), ("sami", "Sami Sharer")];
    std::fs::write(&people, all.map(|(id, name)| person(id, name)).concat()).unwrap();
    let config = Config::new("127.0.0.1:0".parse().unwrap());
    let server = serve(Config { people: Some(people), ..config }).await.unwrap();
    let (mut eve, mut sami) = (helper_of(&server, "eve").await, agent_of(&server, "sami").await);
    let (_, of_sharer, of_helper) = meet(&mut eve, &mut sami).await;
    let odd: Vec<_> = of_helper.oddities.iter().map(|it| (it.code, it.like.as_deref())).collect();
    let like = (OddityCode::LooksAlike, Some("Hana Helper"));
    assert_eq!(odd, [like, (OddityCode::MixedScripts, None)]);
    assert_eq!(of_sharer.oddities, []);
}

/// B-05: a report ends the helper's sessions and codes at once, and no new code is made, also after a
/// restart, until it is lifted. Both are recorded.
#[tokio::test]
async fn b05_a_reported_helper_helps_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let server = recorded(folder.path()).await;
    let (mut helping, mut sharing) = (helper(&server).await, agent(&server).await);
    let mut waiting = helper(&server).await;
    let (_, code) = waiting.code().await;
    let (session, ..) = meet(&mut helping, &mut sharing).await;
    assert_eq!(report(&server, "helper", session).await, StatusCode::NOT_FOUND, "not her session");
    assert_eq!(report(&server, "sharer", SessionId(7)).await, StatusCode::NOT_FOUND);
    assert_eq!(report(&server, "sharer", session).await, StatusCode::NO_CONTENT);

    assert!(matches!(helping.hear().await, ToClient::Denied { .. }));
    let ended = ToClient::Ended { reason: EndReason::RightRevoked };
    assert_eq!(helping.hear().await, ended);
    assert_eq!(sharing.hear().await, ended);
    assert_eq!(objection(&mut waiting).await, ReasonCode::Suspended);
    sharing.say(&FromClient::Join { code }).await;
    assert!(matches!(sharing.hear().await, ToClient::Refused { .. }), "the code is void");
    helping.say(&FromClient::NewSession { device: None }).await;
    assert_eq!(objection(&mut helping).await, ReasonCode::Suspended);
    server.stop().await;

    let server = recorded(folder.path()).await;
    let mut helping = helper(&server).await;
    helping.say(&FromClient::NewSession { device: None }).await;
    assert_eq!(objection(&mut helping).await, ReasonCode::Suspended);
    server.stop().await;
    lift(folder.path());
    let server = recorded(folder.path()).await;
    helper(&server).await.code().await;
    server.stop().await;

    let address = rh_records::Address::Sqlite(folder.path().join("records.db"));
    let store = rh_records::open_to_read(&address).await.unwrap();
    let words = crate::records::chain(&*store).await;
    for word in ["reported", "suspended", "reinstated"] {
        assert_eq!(words.iter().filter(|it| *it == word).count(), 1, "{word} in {words:?}");
    }
}

/// As an administrator does on the service's machine.
fn lift(folder: &std::path::Path) {
    let records = folder.join("records.db");
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_rh-service"));
    program.args(["suspensions", "lift", "--tenant", "development", "helper", "--records"]);
    let lifted = program.arg(&records).output().unwrap();
    assert!(lifted.status.success(), "{}", String::from_utf8_lossy(&lifted.stderr));
    let mut again = std::process::Command::new(env!("CARGO_BIN_EXE_rh-service"));
    again.args(["suspensions", "lift", "--tenant", "development", "helper", "--records"]);
    assert_eq!(again.arg(&records).output().unwrap().status.code(), Some(1), "there is none left");
}

/// B-05: also one who is reported after the session.
#[tokio::test]
async fn b05_a_helper_is_reported_afterwards_too() {
    let folder = tempfile::tempdir().unwrap();
    let server = recorded(folder.path()).await;
    let (mut helping, mut sharing) = (helper(&server).await, agent(&server).await);
    let (session, ..) = meet(&mut helping, &mut sharing).await;
    sharing.say(&FromClient::Leave { reason: EndReason::SharerEnded }).await;
    assert!(matches!(helping.hear().await, ToClient::Ended { .. }));
    let mut status = StatusCode::NOT_FOUND;
    for _ in 0..100 {
        status = report(&server, "sharer", session).await;
        if status == StatusCode::NO_CONTENT {
            break;
        }
        tokio::time::sleep(PATIENCE / 200).await;
    }
    assert_eq!(status, StatusCode::NO_CONTENT);
    helping.say(&FromClient::NewSession { device: None }).await;
    assert_eq!(objection(&mut helping).await, ReasonCode::Suspended);
}

/// A report comes from the service's own pages or an agent, and from nobody else's page.
#[tokio::test]
async fn nobody_elses_page_reports() {
    let server = service().await;
    let cookie = crate::support::cookie(&server, "sharer").await;
    for origin in [None, Some("https://evil.example")] {
        let request = reqwest::Client::new().post(format!("{}/api/reports", server.origin()));
        let request = request.header("cookie", &cookie).json(&json!({ "session": SessionId(7) }));
        let request = match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        };
        assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    }
}
