//! Which device is shared, as a directory knows it (S-11, S-13 to S-15, S-24 to S-27, B-18).

use std::time::Duration;

use reqwest::StatusCode;
use rh_devices::import::{self, Format};
use rh_policy::TenantId;
use rh_protocol::policy::{FixCode, ReasonCode, Unrecognised, Warning, WarningCode};
use rh_protocol::{
    DeviceAssurance, DeviceClaim, EndReason, FromClient, ProofFault, Refusal, ToClient,
};
use rh_records::upkeep::Retention;
use rh_records::{Address, DeviceSource, RecordStore, Timestamp, open};
use rh_service::{Config, Records, Server, serve};
use serde_json::json;
use tempfile::TempDir;

use crate::admin::answer;
use crate::support::{Socket, agent_of, helper_of, token};

/// A service whose tenants `ours` and `theirs` have a directory, and `open` has one and allows devices
/// that are not enrolled.
pub(crate) struct Managed {
    pub(crate) server: Server,
    _folder: TempDir,
    pub(crate) store: std::sync::Arc<dyn RecordStore>,
    said: std::cell::Cell<i64>,
}

const TENANTS: [&str; 3] = ["ours", "theirs", "open"];

impl Managed {
    /// `more` is added to what the configuration says of the devices of `ours`.
    pub(crate) async fn new(more: &str) -> Self {
        Self::with(more, |_| ()).await
    }

    /// The same, after `prepare` put files into the folder.
    pub(crate) async fn with(more: &str, prepare: impl FnOnce(&std::path::Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file =
            |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
        prepare(folder.path());
        file("people.toml", people());
        file("rules.json", json!({ "tenants": TENANTS.map(tenant) }).to_string());
        let devices = |(tenant, more)| {
            format!("[[devices]]\ntenant = \"{tenant}\"\nrefresh_seconds = 1\n{more}\n")
        };
        let devices = [("ours", more), ("theirs", ""), ("open", "")].map(devices).concat();
        let head = "listen = \"127.0.0.1:0\"\nrules = \"rules.json\"\n[development]\npeople = \"people.toml\"\n";
        file("service.toml", format!("{head}{devices}"));
        let config = Config::read(&folder.path().join("service.toml")).unwrap();
        let address = Address::Sqlite(folder.path().join("records.db"));
        let store = open(&address).await.unwrap();
        let kept = Duration::from_secs(3600);
        let retention = Retention { records: kept, chat: kept };
        let records = Records { address, key: folder.path().join("key"), retention };
        let server = serve(Config { records: Some(records), ..config }).await.unwrap();
        Self { server, _folder: folder, store, said: 0.into() }
    }

    /// Imports devices for a tenant.
    pub(crate) async fn import(&self, tenant: &str, csv: &str) {
        self.tell(tenant, csv, DeviceSource::Import).await;
    }

    /// Has somebody tell of devices of a tenant.
    pub(crate) async fn tell(&self, tenant: &str, csv: &str, source: DeviceSource) {
        // Later than whatever was said before.
        self.said.set(self.said.get() + 1);
        let told = Timestamp::from_millis(4_000_000_000_000 + self.said.get()).unwrap();
        let mut words = import::read(csv.as_bytes(), Format::Csv, told).unwrap();
        words.iter_mut().for_each(|word| word.source = source);
        let tenant: TenantId = tenant.parse().unwrap();
        self.store.tell_devices(&tenant, &words, None).await.unwrap();
    }

    /// A helper and the agent of a sharer of that tenant, and the code.
    pub(crate) async fn pair(&self, tenant: &str) -> (Socket, Socket, String) {
        let mut helper = helper_of(&self.server, &format!("{tenant}-helper")).await;
        let agent = agent_of(&self.server, &format!("{tenant}-sharer")).await;
        let (_, code) = helper.code().await;
        (helper, agent, code)
    }
}

fn people() -> String {
    let person = |id: String, tenant: &str| {
        format!("[[person]]\nid = {id:?}\ntenant = {tenant:?}\nfull_name = {id:?}\n")
    };
    let both = |tenant: &str| {
        ["helper", "sharer", "auditor"]
            .map(|role| person(format!("{tenant}-{role}"), tenant))
            .concat()
    };
    TENANTS.map(both).concat()
}

fn tenant(id: &str) -> serde_json::Value {
    json!({
        "id": id,
        "settings": {
            "remoteAssistanceState": "enabled",
            "allowSessionsToUnenrolledDevices": id == "open",
        },
        "assignments": [{
            "role": "Auditor",
            "members": { "people": [format!("{id}-auditor")] },
            "scope": { "scopeType": "allDevicesAndLicensedUsers" },
        }, {
            "role": "HelpDeskOperator",
            "members": { "people": [format!("{id}-helper")] },
            "scope": { "scopeType": "allDevicesAndLicensedUsers" },
        }],
        // A file may say what it likes of people whose devices a directory knows.
        "people": { format!("{id}-sharer"): { "device": { "enrolment": "enrolled" } } },
    })
}

pub(crate) fn serial(text: &str) -> DeviceClaim {
    DeviceClaim { serial: Some(text.to_owned()), ..DeviceClaim::default() }
}

/// Says which device it is; returns the answer.
pub(crate) async fn say(
    agent: &mut Socket,
    device: DeviceClaim,
) -> (DeviceAssurance, Option<Unrecognised>, Option<ProofFault>) {
    agent.say(&FromClient::Device { device }).await;
    let answer = agent.hear().await;
    let ToClient::Device { assurance, why, fault } = answer else { panic!("{answer:?}") };
    (assurance, why, fault)
}

pub(crate) async fn join(agent: &mut Socket, code: &str) -> ToClient {
    agent.say(&FromClient::Join { code: code.to_owned() }).await;
    agent.hear().await
}

/// The warnings that the helper of a session hears.
pub(crate) async fn warnings(helper: &mut Socket) -> Vec<WarningCode> {
    loop {
        let message = helper.hear().await;
        if let ToClient::Terms { warnings, .. } = message {
            return warnings.into_iter().map(|Warning { code, .. }| code).collect();
        }
        assert!(matches!(message, ToClient::Joined { .. }), "{message:?}");
    }
}

fn fixes(denied: &ToClient) -> (ReasonCode, Vec<FixCode>) {
    let ToClient::Denied { reasons, .. } = denied else { panic!("{denied:?}") };
    let [reason] = reasons.as_slice() else { panic!("{reasons:?}") };
    (reason.code, reason.fixes.iter().map(|fix| fix.code).collect())
}

/// S-11, S-13 to S-15: what the directory says of a claimed serial number counts, whatever the file
/// says: it blocks what is not enrolled unless the tenant allows that, and else only warns.
#[tokio::test]
async fn a_claimed_device_is_looked_up() {
    use WarningCode as W;
    let managed = Managed::new("").await;
    let csv = "serial,compliance,enrolment,reported\n\
               c01,compliant,,2099-01-01T00:00:00Z\n\
               c02,noncompliant,,2099-01-01T00:00:00Z\n\
               c03,,unenrolled,\n";
    for tenant in ["ours", "open"] {
        managed.import(tenant, csv).await;
    }
    let allowed = [
        ("ours", "C01", vec![W::DeviceUnverified]),
        ("ours", "c02", vec![W::NotCompliant, W::DeviceUnverified]),
        ("open", "c03", vec![W::Unenrolled, W::NotCompliant]),
        ("open", "c99", vec![W::Unenrolled, W::NotCompliant]),
    ];
    for (tenant, claim, expected) in allowed {
        let (mut helper, mut agent, code) = managed.pair(tenant).await;
        assert_eq!(say(&mut agent, serial(claim)).await, (DeviceAssurance::Claimed, None, None));
        assert!(matches!(join(&mut agent, &code).await, ToClient::Joined { .. }), "{claim}");
        assert_eq!(warnings(&mut helper).await, expected, "{tenant} {claim}");
    }
    for claim in ["c03", "c99"] {
        let (mut helper, mut agent, code) = managed.pair("ours").await;
        say(&mut agent, serial(claim)).await;
        let expected = (ReasonCode::Unenrolled, vec![FixCode::Enrol, FixCode::AllowUnenrolled]);
        assert_eq!(fixes(&join(&mut agent, &code).await), expected, "the sharer, {claim}");
        assert_eq!(fixes(&helper.hear().await), expected, "the helper, {claim}");
    }
}

/// S-54: a helper makes a code for a device of the list, and is warned if another joins, or one that
/// nobody knows.
#[tokio::test]
async fn a_code_for_a_device_of_the_list_warns_of_another() {
    use WarningCode as W;
    let managed = Managed::new("").await;
    let csv = "id,serial,compliance,reported\n\
               mac-1,c01,compliant,2099-01-01T00:00:00Z\n\
               mac-2,c02,compliant,2099-01-01T00:00:00Z\n";
    managed.import("ours", csv).await;
    for (claim, expected) in
        [("c01", vec![W::DeviceUnverified]), ("c02", vec![W::DeviceUnverified, W::OtherDevice])]
    {
        let (mut helper, mut agent, _) = managed.pair("ours").await;
        helper.say(&FromClient::NewSession { device: Some("mac-1".to_owned()) }).await;
        let ToClient::Session { code, .. } = helper.hear().await else { panic!("no code") };
        say(&mut agent, serial(claim)).await;
        assert!(matches!(join(&mut agent, &code).await, ToClient::Joined { .. }), "{claim}");
        assert_eq!(warnings(&mut helper).await, expected, "{claim}");
    }
}

/// The list of devices comes in pages, to those who read records, of their own tenant.
#[tokio::test]
async fn devices_are_listed() {
    let managed = Managed::new("").await;
    managed
        .import("ours", "id,serial,name,enrolment\nmac-1,c01,Desk,\nmac-2,c02,,unenrolled\n")
        .await;
    managed.import("theirs", "id,serial\nmac-9,c09\n").await;
    let list = async |person: &str, query: &str| {
        let url = format!("{}/api/v1/admin/devices{query}", managed.server.origin());
        let request = reqwest::Client::new().get(url);
        answer(request.bearer_auth(token(&managed.server, person).await).send().await.unwrap())
            .await
    };
    let (status, all) = list("ours-auditor", "").await;
    assert_eq!(status, StatusCode::OK, "{all}");
    let [one, two] = all["devices"].as_array().unwrap().as_slice() else { panic!("{all}") };
    assert_eq!((&one["id"], &one["serial"]), (&json!("mac-1"), &json!("C01")));
    assert_eq!((&one["name"], &one["source"]), (&json!("Desk"), &json!("import")));
    assert_eq!((&two["enrolment"], &all["next"]), (&json!("unenrolled"), &json!(null)));
    let (_, first) = list("ours-auditor", "?limit=1").await;
    assert_eq!((&first["devices"][0], &first["next"]), (one, &json!("mac-1")));
    let (_, second) = list("ours-auditor", "?limit=1&after=mac-1").await;
    assert_eq!((&second["devices"][0], &second["next"]), (two, &json!(null)));
    for query in ["?limit=0", "?limit=201", "?tenant=theirs"] {
        assert_eq!(list("ours-auditor", query).await.0, StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(list("ours-helper", "").await.0, StatusCode::FORBIDDEN);
}

/// S-24 to S-26, B-18: each state is told with its exact fix, to both sides.
#[tokio::test]
async fn each_state_is_told_with_its_fix() {
    use Unrecognised as U;
    let managed = Managed::new("compliant_context = \"c2\"").await;
    managed.import("ours", "serial,enrolment\nc01,not_in_portal\nc02,no_user_affinity\n").await;
    for (claim, why, fix) in [
        (serial("c01"), U::NotInPortal, Some(FixCode::RegisterDevice)),
        (serial("c02"), U::NoUserAffinity, None),
        (serial("not one"), U::SingleSignOnMissing, Some(FixCode::InstallSingleSignOn)),
        (DeviceClaim::default(), U::SingleSignOnMissing, Some(FixCode::InstallSingleSignOn)),
    ] {
        let (mut helper, mut agent, code) = managed.pair("ours").await;
        assert_eq!(say(&mut agent, claim).await.1, Some(why));
        let answer = join(&mut agent, &code).await;
        let expected = fix.into_iter().chain([FixCode::AllowUnenrolled]).collect();
        assert_eq!(fixes(&answer), (ReasonCode::EnrolmentUnknown, expected), "{why:?}");
        assert_eq!(helper.hear().await, answer);
    }
    let (_helper, mut agent, code) = managed.pair("theirs").await;
    let answer = fixes(&join(&mut agent, &code).await);
    let expected = vec![FixCode::ShareWithAgent, FixCode::AllowUnenrolled];
    assert_eq!(answer, (ReasonCode::EnrolmentUnknown, expected), "nothing was said at all");
}

/// S-20: a directory is asked about its own tenant's devices only.
#[tokio::test]
async fn another_tenants_device_is_none_of_ours() {
    let managed = Managed::new("").await;
    managed.import("theirs", "serial,compliance\nc01,compliant\n").await;
    let (_helper, mut agent, code) = managed.pair("ours").await;
    say(&mut agent, serial("c01")).await;
    assert_eq!(fixes(&join(&mut agent, &code).await).0, ReasonCode::Unenrolled);
}

/// S-11, S-13: what changes of a device takes effect in the running session: first a warning, then its
/// end, with the reason.
#[tokio::test]
async fn a_change_takes_effect_in_a_running_session() {
    let managed = Managed::new("").await;
    let fresh = "serial,compliance,reported\nc01,compliant,2099-01-01T00:00:00Z\n";
    managed.import("ours", fresh).await;
    let (mut helper, mut agent, code) = managed.pair("ours").await;
    say(&mut agent, serial("c01")).await;
    join(&mut agent, &code).await;
    assert_eq!(warnings(&mut helper).await, [WarningCode::DeviceUnverified]);
    managed.import("ours", &fresh.replace("compliant", "noncompliant")).await;
    let expected = [WarningCode::NotCompliant, WarningCode::DeviceUnverified];
    assert_eq!(warnings(&mut helper).await, expected);
    managed.import("ours", "serial,enrolment\nc01,unenrolled\n").await;
    for side in [&mut helper, &mut agent] {
        assert_eq!(fixes(&side.hear().await).0, ReasonCode::Unenrolled);
        assert_eq!(side.hear().await, ToClient::Ended { reason: EndReason::RightRevoked });
    }
}

/// S-11: rules that are read again do not undo what the directory said.
#[tokio::test]
async fn reading_the_rules_again_leaves_devices_alone() {
    let managed = Managed::new("").await;
    let (_helper, mut agent, code) = managed.pair("ours").await;
    say(&mut agent, serial("c99")).await;
    managed.server.reload().unwrap();
    assert_eq!(fixes(&join(&mut agent, &code).await).0, ReasonCode::Unenrolled);
}

/// Whoever asks about device after device is refused, and the socket goes on.
#[tokio::test]
async fn a_directory_is_not_asked_without_end() {
    let managed = Managed::new("").await;
    let (_helper, mut agent, code) = managed.pair("ours").await;
    for n in 0..64 {
        say(&mut agent, serial(&format!("c{n}"))).await;
    }
    for more in [FromClient::Challenge, FromClient::Device { device: serial("c01") }] {
        agent.say(&more).await;
        let refused = ToClient::Refused { refusal: Refusal::NotAllowed, retry_in: None };
        assert_eq!(agent.hear().await, refused);
    }
    assert!(matches!(join(&mut agent, &code).await, ToClient::Denied { .. }));
}
