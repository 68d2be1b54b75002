//! Who may help whom, through the HTTP and WebSocket interface of a running service: what a page or
//! an agent of somebody's own making would reach, whatever ours hides or shows.

use std::fmt::Write as _;

use reqwest::StatusCode;
use rh_protocol::policy::{Action, ReasonCode, WarningCode};
use rh_protocol::{Consent, EndReason, FromClient, Refusal, Role, ToClient};
use serde_json::{Value, json};

use crate::rules::{DEVICES, ROLES, Ruled, TENANTS, rules};
use crate::support::{Socket, agent_of, cookie, greeted, helper_of, open};

/// How far a helper comes with a sharer, and why no further.
#[derive(Debug)]
pub(crate) struct Reached {
    /// `no code`, `no join`, `view` or `control`.
    pub(crate) how_far: &'static str,
    pub(crate) why: Vec<ReasonCode>,
    warnings: Vec<WarningCode>,
}

/// Two clients that try everything.
pub(crate) struct Pair {
    pub(crate) helper: Socket,
    pub(crate) agent: Socket,
}

impl Pair {
    pub(crate) async fn new(ruled: &Ruled, helper: &str, sharer: &str) -> Self {
        let server = &ruled.server;
        Self { helper: helper_of(server, helper).await, agent: agent_of(server, sharer).await }
    }

    /// In a session.
    pub(crate) async fn met(ruled: &Ruled, helper: &str, sharer: &str) -> Self {
        let mut pair = Self::new(ruled, helper, sharer).await;
        let (_, code) = pair.helper.code().await;
        let answer = pair.join(&code).await;
        assert!(matches!(answer, ToClient::Joined { .. }), "{answer:?}");
        pair
    }

    async fn join(&mut self, code: &str) -> ToClient {
        self.agent.say(&FromClient::Join { code: code.to_owned() }).await;
        self.agent.hear().await
    }

    async fn request(&mut self, role: Role) -> Result<(), (Action, Vec<ReasonCode>)> {
        self.helper.say(&FromClient::Request { role }).await;
        // Whether the sharer is asked shows at the sharer, and a refusal at the helper.
        tokio::select! {
            asked = self.agent.hear() => {
                assert_eq!(asked, ToClient::Requested { role });
                Ok(())
            }
            denied = self.helper.hear() => Err(why(denied)),
        }
    }

    pub(crate) async fn allow(&mut self, role: Role) {
        self.request(role).await.unwrap();
        let consent = Consent::Allow;
        self.agent.say(&FromClient::Answer { role, consent, shown: None }).await;
        assert_eq!(self.helper.hear().await, ToClient::Answered { role, consent });
    }

    /// `brought` takes the code to the sharer, if somebody else does.
    pub(crate) async fn reach(
        mut self,
        brought: impl AsyncFnOnce(&str),
        action: &mut Vec<Action>,
    ) -> Reached {
        let mut reached = Reached { how_far: "no code", why: vec![], warnings: vec![] };
        self.helper.say(&FromClient::NewSession { device: None }).await;
        let answer = self.helper.hear().await;
        let ToClient::Session { code, .. } = answer else {
            (_, reached.why) = why(answer);
            return reached;
        };
        brought(&code).await;
        reached.how_far = "no join";
        let joined = matches!(self.join(&code).await, ToClient::Joined { .. });
        let answer = self.helper.hear().await;
        let ToClient::Joined { .. } = answer else {
            assert!(!joined);
            (_, reached.why) = why(answer);
            return reached;
        };
        assert!(joined);
        reached.how_far = "control";
        if let Err((denied, why)) = self.request_past_terms(Role::Control, &mut reached).await {
            action.push(denied);
            reached.how_far = "view";
            reached.why = why;
            self.allow(Role::View).await;
            action.push(self.request(Role::Control).await.unwrap_err().0);
        }
        reached
    }

    /// Asks for a role twice, since a yes is not heard and a second question is refused; takes note
    /// of the warnings that came before.
    async fn request_past_terms(
        &mut self,
        role: Role,
        reached: &mut Reached,
    ) -> Result<(), (Action, Vec<ReasonCode>)> {
        for _ in 0..2 {
            self.helper.say(&FromClient::Request { role }).await;
        }
        loop {
            let answer = self.helper.hear().await;
            if let ToClient::Terms { warnings, .. } = answer {
                reached.warnings = warnings.iter().map(|it| it.code).collect();
            } else if let ToClient::Refused { refusal: Refusal::NotAllowed, .. } = answer {
                assert_eq!(self.agent.hear().await, ToClient::Requested { role });
                return Ok(());
            } else {
                let first = why(answer);
                assert_eq!(why(self.helper.hear().await), first, "the same again");
                return Err(first);
            }
        }
    }
}

fn why(denied: ToClient) -> (Action, Vec<ReasonCode>) {
    let ToClient::Denied { action, reasons } = denied else { panic!("{denied:?}") };
    (action, reasons.iter().map(|reason| reason.code).collect())
}

/// S-19, S-11, S-05, M-01, M-02, M-03, M-07: how far each role comes with each device in a tenant
/// that wants enrolled devices and in one that does not.
const MATRIX: &str = "\
strict nobody    | no code | no code | no code | no code | no code
strict view      | view | view | no join | no join | no join
strict desk      | control | control | no join | no join | no join
strict school    | control | control | no join | no join | no join
strict auditor   | no code | no code | no code | no code | no code
strict admin     | no code | no code | no code | no code | no code
strict elevation | no code | no code | no code | no code | no code
strict devices   | control | control | no join | no join | no join
open nobody      | no code | no code | no code | no code | no code
open view        | view | view | view | view | view
open desk        | control | control | control | control | control
open school      | control | control | control | control | control
open auditor     | no code | no code | no code | no code | no code
open admin       | no code | no code | no code | no code | no code
open elevation   | no code | no code | no code | no code | no code
open devices     | control | control | no join | no join | no join
";

/// The matrix holds for real clients, and every refusal has its reason.
#[tokio::test]
async fn every_role_with_every_device_comes_as_far_as_the_rules_say() {
    let ruled = Ruled::new().await;
    let mut matrix = String::new();
    for tenant in TENANTS {
        for (role, _) in ROLES {
            write!(matrix, "{:16}", format!("{tenant} {role}")).unwrap();
            for device in DEVICES {
                let (helper, sharer) = (format!("{tenant}-{role}"), format!("{tenant}-{device}"));
                let pair = Pair::new(&ruled, &helper, &sharer).await;
                let mut refused = Vec::new();
                let reached = pair.reach(async |_| (), &mut refused).await;
                let cell = format!("{tenant} {role} {device}");
                assert_eq!(reached.warnings, warnings(&reached, device), "{cell}");
                explains(&reached, role, device, &cell);
                if reached.how_far == "view" {
                    assert_eq!(refused, [Action::Control, Action::Upgrade], "{cell}");
                }
                write!(matrix, " | {}", reached.how_far).unwrap();
            }
            matrix.push('\n');
        }
    }
    assert_eq!(matrix, MATRIX);
}

/// S-13, S-15: what a helper is told of a device that may be shared.
fn warnings(reached: &Reached, device: &str) -> Vec<WarningCode> {
    if !["view", "control"].contains(&reached.how_far) {
        return vec![];
    }
    match device {
        "compliant" => vec![],
        "noncompliant" => vec![WarningCode::NotCompliant],
        "unenrolled" => vec![WarningCode::Unenrolled, WarningCode::NotCompliant],
        _ => vec![WarningCode::EnrolmentUnknown, WarningCode::NotCompliant],
    }
}

/// Why a pair came no further.
fn explains(reached: &Reached, role: &str, device: &str, cell: &str) {
    let expected = match (reached.how_far, role, device) {
        ("control", ..) => return assert_eq!(reached.why, [], "{cell}"),
        ("no code", "elevation", _) => ReasonCode::UnsupportedOnPlatform,
        ("no join", "devices", _) => ReasonCode::OutOfScope,
        ("no join", _, "unenrolled") => ReasonCode::Unenrolled,
        ("no join", ..) => ReasonCode::EnrolmentUnknown,
        _ => ReasonCode::PermissionMissing,
    };
    assert!(reached.why.contains(&expected), "{cell}: {:?}", reached.why);
}

/// S-20: another tenant's sharer is answered byte for byte what a wrong code is answered, whatever
/// the helper may do, and the code is still good; so is another tenant's helper for a sharer.
#[tokio::test]
async fn another_tenant_is_answered_as_a_wrong_code() {
    let ruled = Ruled::new().await;
    for (ours, theirs) in [("strict", "open"), ("open", "strict")] {
        let mut pair =
            Pair::new(&ruled, &format!("{ours}-desk"), &format!("{ours}-compliant")).await;
        let mut stranger = agent_of(&ruled.server, &format!("{theirs}-compliant")).await;
        let (_, code) = pair.helper.code().await;
        let wrong = if code == "00000000" { "00000001" } else { "00000000" };
        let mut answers = Vec::new();
        for typed in [wrong, &code] {
            stranger.say(&FromClient::Join { code: typed.to_owned() }).await;
            answers.push(rh_protocol::encode(&stranger.hear().await));
        }
        assert_eq!(answers[0], answers[1]);
        assert!(matches!(pair.join(&code).await, ToClient::Joined { .. }), "still good");
    }
}

/// S-46, B-06: whoever the rules keep out for the helper's sake hears what a wrong code hears.
#[tokio::test]
async fn a_sharer_learns_nothing_of_the_helpers_scope() {
    let ruled = Ruled::new().await;
    let mut rules = rules();
    // Whoever comes now is out of scope, at a device that is in order.
    rules["tenants"][0]["assignments"][0]["scope"] =
        json!({ "scopeType": "resourceScope", "resourceScopes": ["elsewhere"] });
    ruled.change(&rules);
    let mut pair = Pair::new(&ruled, "strict-view", "strict-compliant").await;
    let (_, code) = pair.helper.code().await;
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    assert_eq!(pair.join(&code).await, pair.join(wrong).await);
    assert_eq!(why(pair.helper.hear().await), (Action::Join, vec![ReasonCode::OutOfScope]));
}

/// The rules without the role of that name.
fn without(role: &str) -> Value {
    let mut rules = rules();
    let assignments = rules["tenants"][0]["assignments"].as_array_mut().unwrap();
    assignments.retain(|it| it["members"]["people"][0] != format!("strict-{role}"));
    rules
}

/// S-19: a right that is revoked ends the running session at once, far within the minute that it
/// may take; both hear that, and the helper why. Others go on.
#[tokio::test]
async fn a_revoked_right_ends_a_running_session() {
    let ruled = Ruled::new().await;
    let mut pair = Pair::met(&ruled, "strict-desk", "strict-compliant").await;
    assert!(matches!(pair.helper.hear().await, ToClient::Joined { .. }));
    pair.allow(Role::Control).await;
    let mut others = Pair::met(&ruled, "strict-view", "strict-noncompliant").await;
    ruled.change(&without("desk"));
    let (action, reasons) = why(pair.helper.hear().await);
    assert_eq!(action, Action::Control);
    assert!(reasons.contains(&ReasonCode::PermissionMissing), "{reasons:?}");
    for side in [&mut pair.helper, &mut pair.agent] {
        assert_eq!(side.hear().await, ToClient::Ended { reason: EndReason::RightRevoked });
    }
    pair.helper.say(&FromClient::NewSession { device: None }).await;
    assert_eq!(why(pair.helper.hear().await).0, Action::MakeCode);
    assert!(matches!(others.helper.hear().await, ToClient::Joined { .. }));
    assert!(matches!(others.helper.hear().await, ToClient::Terms { .. }));
    others.allow(Role::View).await;
}

/// S-19: control that is revoked falls back to viewing, at once.
#[tokio::test]
async fn control_that_is_revoked_is_taken_back() {
    let ruled = Ruled::new().await;
    let mut pair = Pair::met(&ruled, "strict-desk", "strict-compliant").await;
    assert!(matches!(pair.helper.hear().await, ToClient::Joined { .. }));
    pair.allow(Role::Control).await;
    let mut rules = rules();
    rules["tenants"][0]["assignments"][1]["role"] = json!("ViewOnlyHelper");
    ruled.change(&rules);
    let denied = (Action::Control, vec![ReasonCode::PermissionMissing]);
    assert_eq!(why(pair.helper.hear().await), denied);
    assert_eq!(pair.agent.hear().await, ToClient::Lowered { role: Role::View });
    let denied = (Action::Upgrade, vec![ReasonCode::PermissionMissing]);
    assert_eq!(pair.request(Role::Control).await, Err(denied));
}

/// S-12: the session waits for a stronger sign-in, and goes on once it is made; another sign-in of
/// the same person does not count, and neither does a request that another page sends.
#[tokio::test]
async fn a_stronger_sign_in_is_asked_for_and_counts() {
    let mut rules = rules();
    rules["tenants"][0]["conditions"] = json!({ "session.full_control": "c1" });
    let ruled = Ruled::with(rules).await;
    let server = &ruled.server;
    let cookie = cookie(server, "strict-desk").await;
    let headers = [("cookie", cookie.as_str()), ("origin", server.origin())];
    let (helper, _) =
        greeted(open(server, &headers).await.unwrap(), rh_protocol::Client::Helper).await;
    let mut pair = Pair { helper, agent: agent_of(server, "strict-compliant").await };
    let (_, code) = pair.helper.code().await;
    pair.join(&code).await;
    pair.helper.hear().await;
    let control = FromClient::Request { role: Role::Control };
    let (action, context) = (Action::Control, "c1".to_owned());
    let step_up = ToClient::StepUp { action, context };
    let other = crate::support::cookie(server, "strict-desk").await;
    for (cookie, origin, status) in [
        (&other, server.origin(), StatusCode::NO_CONTENT),
        (&cookie, "https://evil.example", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(stronger(&ruled, cookie, origin, json!({ "context": "c1" })).await, status);
        pair.helper.say(&control).await;
        assert_eq!(pair.helper.hear().await, step_up);
    }
    let own = |body| stronger(&ruled, &cookie, server.origin(), body);
    assert_eq!(own(json!({ "context": "" })).await, StatusCode::UNPROCESSABLE_ENTITY);
    let more = json!({ "context": "c1", "role": "admin" });
    assert_eq!(own(more).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(own(json!({ "context": "c1" })).await, StatusCode::NO_CONTENT);
    pair.request(Role::Control).await.unwrap();
}

/// GHSA-cxq8-6457-f956 (Hopp), CVE-2026-39386 (Neko): nobody brings a tenant, groups, a role or an
/// authentication context of their own; and CVE-2025-53095 (Sunshine): nor does another page.
#[tokio::test]
async fn ghsa_cxq8_6457_f956_nobody_names_their_own_rights() {
    let ruled = Ruled::new().await;
    let http = reqwest::Client::new();
    let (origin, person) = (ruled.server.origin(), "strict-nobody");
    for (field, value) in [
        ("tenant", json!("open")),
        ("groups", json!(["desk"])),
        ("role", json!("HelpDeskOperator")),
        ("contexts", json!(["c1"])),
        ("device", json!({ "enrolment": "enrolled" })),
    ] {
        let body = json!({ "person": person, "client": "agent", field: value });
        let answer = http.post(format!("{origin}/api/sign-in")).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{field}");
    }
    let mut helper = helper_of(&ruled.server, person).await;
    let hello = json!({ "type": "new_session", "tenant": "open", "role": "HelpDeskOperator" });
    helper.send(&hello.to_string()).await;
    assert_eq!(why(helper.hear().await).0, Action::MakeCode);
    let own = cookie(&ruled.server, person).await;
    let body = json!({ "context": "c1" });
    let evil = stronger(&ruled, &own, "https://evil.example", body).await;
    assert_eq!(evil, StatusCode::FORBIDDEN);
}

async fn stronger(ruled: &Ruled, cookie: &str, origin: &str, body: Value) -> StatusCode {
    let request = reqwest::Client::new().post(format!("{}/api/step-up", ruled.server.origin()));
    let request = request.header("cookie", cookie).header("origin", origin).json(&body);
    request.send().await.unwrap().status()
}
