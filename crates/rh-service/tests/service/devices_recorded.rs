//! Which devices were looked up, as the audit log has it.

use std::path::Path;
use std::time::Duration;

use rh_protocol::{DeviceClaim, ToClient};
use rh_records::DeviceSource;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::devices::{Managed, join, say, serial};
use crate::support::token;

/// Waits until so many lookups of a tenant are recorded, and returns those of its exported audit log.
async fn exported(managed: &Managed, tenant: &str, count: usize) -> Vec<Value> {
    let is_lookup = |event: &Value| event["type"] == "device_looked_up";
    for _ in 0..200 {
        let entries = managed.store.entries(&tenant.parse().unwrap(), 0, 1000).await.unwrap();
        if entries.iter().filter(|it| is_lookup(&it.body().unwrap().event)).count() >= count {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    let token = token(&managed.server, &format!("{tenant}-auditor")).await;
    let url = format!("{}/api/v1/admin/audit/export", managed.server.origin());
    let request = reqwest::Client::new().post(url).bearer_auth(token).json(&json!({}));
    let text = request.send().await.unwrap().error_for_status().unwrap().text().await.unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let events = lines.filter(|it| it["type"] == "entry").map(|it| it["body"]["event"].clone());
    events.filter(is_lookup).collect()
}

fn looked_up(serial: &str, more: &Value) -> Value {
    let mut event = json!({
        "type": "device_looked_up",
        "person": "ours-sharer",
        "address": "127.0.0.1",
        "presented": { "serial": serial },
        "directory": "store",
        "assurance": "claimed",
    });
    let fields = event.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    event
}

/// M-08, B-13: whose device was looked up where, and what came of it: once for each device, however
/// often it is presented and looked up again.
#[tokio::test]
async fn each_answer_about_a_device_is_recorded_once() {
    let managed = Managed::new("").await;
    managed.import("ours", "serial,compliance\nc01,compliant\n").await;
    managed.import("theirs", "serial\nc01\n").await;
    let (_helper, mut agent, _) = managed.pair("ours").await;
    say(&mut agent, DeviceClaim::default()).await;
    for claim in ["c99", "c01", "C01", "c99", "c01"] {
        say(&mut agent, serial(claim)).await;
    }
    // It is looked up again every second.
    sleep(Duration::from_millis(2500)).await;
    let expected = [
        looked_up("C99", &json!({ "answer": "not_found" })),
        looked_up("C01", &json!({ "answer": "found", "source": "import", "device": "C01" })),
    ];
    assert_eq!(exported(&managed, "ours", 2).await, expected);
    assert_eq!(exported(&managed, "theirs", 0).await, Vec::<Value>::new());
    // Another connection presents it anew.
    let (_helper, mut agent, _) = managed.pair("ours").await;
    say(&mut agent, serial("c01")).await;
    assert_eq!(exported(&managed, "ours", 3).await[2], expected[1]);
}

/// An answer that changes while a session goes on is recorded with that session.
#[tokio::test]
async fn another_answer_is_recorded_with_its_session() {
    let managed = Managed::new("").await;
    let csv = "serial,compliance\nc01,compliant\n";
    managed.import("ours", csv).await;
    let (mut helper, mut agent, code) = managed.pair("ours").await;
    say(&mut agent, serial("c01")).await;
    let answer = join(&mut agent, &code).await;
    let ToClient::Joined { session, .. } = answer else { panic!("{answer:?}") };
    assert!(matches!(helper.hear().await, ToClient::Joined { .. }));
    managed.tell("ours", csv, DeviceSource::Webhook).await;
    let known = |source: &str| json!({ "answer": "found", "source": source, "device": "C01" });
    let mut during = known("webhook");
    during["session"] = json!(session.to_string());
    let expected = [looked_up("C01", &known("import")), looked_up("C01", &during)];
    assert_eq!(exported(&managed, "ours", 2).await, expected);
}

/// A directory that does not answer is recorded as that, once, and never as one that knows nothing.
#[tokio::test]
async fn a_directory_that_does_not_answer_is_recorded_once() {
    let fleet = "source = \"fleet\"\n[devices.fleet]\naddress = \"http://127.0.0.1:1\"\n\
                 token = { file = \"token\" }";
    let token = |folder: &Path| std::fs::write(folder.join("token"), "a token").unwrap();
    let managed = Managed::with(fleet, token).await;
    let (_helper, mut agent, _) = managed.pair("ours").await;
    say(&mut agent, serial("c01")).await;
    sleep(Duration::from_millis(1500)).await;
    let expected = looked_up("C01", &json!({ "directory": "fleet", "answer": "unavailable" }));
    assert_eq!(exported(&managed, "ours", 1).await, [expected]);
}
