//! Switches, roles and assignments, changed while people work.

use reqwest::StatusCode;
use rh_protocol::{EndReason, FromClient, Role, ToClient};
use rh_service::{Config, Records, serve};
use serde_json::{Value, json};

use super::world::World;
use crate::support::helper_of;

fn switches(enabled: bool) -> Value {
    json!({ "enabled": enabled, "allowSessionsToUnenrolledDevices": false, "blockChat": false })
}

fn settings(version: u64, enabled: bool) -> Value {
    json!({ "version": version, "settings": switches(enabled), "conditions": {} })
}

fn assignment(role: &str, person: &str) -> Value {
    let scope = json!({ "scopeType": "allDevicesAndLicensedUsers" });
    json!({ "role": role, "members": { "people": [person], "groups": [] }, "scope": scope })
}

/// S-09, M-04: switching the product off ends what runs, at once, and of this tenant only.
#[tokio::test]
async fn a_change_counts_at_once() {
    let world = World::new().await;
    let (mut helper, mut agent, _) = world.session("strict").await;
    let (mut other, _elsewhere, _) = world.session("open").await;
    let (_, before) = world.get("strict-auditor", "rules").await;
    assert_eq!((&before["version"], &before["source"]), (&json!(0), &json!("file")));
    let (status, body) = world.put("strict-admin", "rules/settings", &settings(0, false)).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
    loop {
        let heard = helper.hear().await;
        if let ToClient::Ended { reason } = heard {
            assert_eq!(reason, EndReason::RightRevoked);
            break;
        }
        assert!(matches!(heard, ToClient::Denied { .. }), "{heard:?}");
    }
    assert!(matches!(agent.hear().await, ToClient::Ended { .. }));
    other.say(&FromClient::Request { role: Role::Control }).await;
    let quiet = std::time::Duration::from_millis(100);
    assert_eq!(other.hear_within(quiet).await, None, "another tenant's goes on");

    let (_, after) = world.get("strict-auditor", "rules").await;
    assert_eq!((&after["version"], &after["source"]), (&json!(1), &json!("administrators")));
    assert_eq!(after["settings"]["enabled"], false);
    assert_eq!(after["assignments"], before["assignments"]);
    let chain = world.recorded("strict", "administered", 1).await;
    let act = chain.iter().find(|it| it["type"] == "administered").unwrap();
    assert_eq!((&act["action"], &act["about"]), (&json!("tenant.manage"), &json!("settings")));
    assert!(act["change"].as_str().unwrap().contains("disabled"), "{act}");
}

/// A role of one's own, and somebody who has it: they may help at once.
#[tokio::test]
async fn a_role_and_its_assignment_let_somebody_help() {
    let world = World::new().await;
    let server = &world.ruled.server;
    let mut helper = helper_of(server, "strict-nobody").await;
    helper.say(&FromClient::NewSession { device: None }).await;
    assert!(matches!(helper.hear().await, ToClient::Denied { .. }));
    let (_, rules) = world.get("strict-admin", "rules").await;
    let role = json!({ "id": "viewer", "displayName": "Viewer", "permissions": [
        "Microsoft.Intune_RemoteAssistanceApp_ViewScreen",
        "Microsoft.Intune_RemoteTasks_RequestRemoteAssistance",
        "Microsoft.Intune_RemoteAssistance_Read",
    ] });
    let mut roles = rules["roles"].as_array().unwrap().clone();
    roles.push(role);
    let body = json!({ "version": 0, "roles": roles });
    assert_eq!(world.put("strict-admin", "rules/roles", &body).await.0, StatusCode::NO_CONTENT);
    let mut assignments = rules["assignments"].as_array().unwrap().clone();
    assignments.push(assignment("viewer", "strict-nobody"));
    let body = json!({ "version": 1, "assignments": assignments });
    let (status, said) = world.put("strict-admin", "rules/assignments", &body).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{said}");
    helper.code().await;
}

/// Changes are of the version that was read, and each is made by who may make it.
#[tokio::test]
async fn stale_and_forbidden_changes_change_nothing() {
    let world = World::new().await;
    let (_, before) = world.get("strict-admin", "rules").await;
    for person in ["strict-auditor", "strict-desk", "strict-nobody"] {
        let (status, _) = world.put(person, "rules/settings", &settings(0, false)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{person}");
    }
    for version in [1, 7] {
        let (status, body) =
            world.put("strict-admin", "rules/settings", &settings(version, false)).await;
        assert_eq!((status, &body["error"]), (StatusCode::CONFLICT, &json!("conflict")));
    }
    assert_eq!(world.get("strict-admin", "rules").await.1, before);
    let changed = world.put("strict-admin", "rules/settings", &settings(0, true)).await;
    assert_eq!(changed.0, StatusCode::NO_CONTENT);
    let again = world.put("strict-admin", "rules/settings", &settings(0, false)).await;
    assert_eq!(again.0, StatusCode::CONFLICT);
    assert_eq!(world.get("open-admin", "rules").await.1["version"], 0, "another tenant's");
}

/// GHSA-cxq8-6457-f956, CVE-2026-39386: no field sets what is not asked for, and no role is made to
/// be a built-in one.
#[tokio::test]
async fn cve_2026_39386_nothing_is_assigned_in_passing() {
    let world = World::new().await;
    let mut with_tenant = settings(0, true);
    with_tenant["tenant"] = json!("open");
    let mut with_roles = settings(0, true);
    with_roles["roles"] = json!([]);
    let mut deep = settings(0, true);
    deep["settings"]["remoteAssistanceState"] = json!("enabled");
    let role = |id: &str, permission: &str| json!({ "id": id, "displayName": "R", "permissions": [permission] });
    let view = "Microsoft.Intune_RemoteAssistanceApp_ViewScreen";
    let roles = |roles: Value| json!({ "version": 0, "roles": roles });
    let assignments = |list: Value| json!({ "version": 0, "assignments": list });
    let mut elsewhere = assignment("TenantAdmin", "strict-nobody");
    elsewhere["tenant"] = json!("open");
    for (path, body) in [
        ("rules/settings", with_tenant),
        ("rules/settings", with_roles),
        ("rules/settings", deep),
        ("rules/settings", Value::Null),
        ("rules/roles", roles(json!([role("Auditor", view)]))),
        ("rules/roles", roles(json!([role("a", view), role("a", view)]))),
        ("rules/roles", roles(json!([role("a", "everything")]))),
        ("rules/roles", roles(json!([role("", view)]))),
        ("rules/roles", roles(json!(vec![role("x", view); 101]))),
        ("rules/assignments", assignments(json!([elsewhere]))),
        ("rules/assignments", assignments(json!([assignment("no-such-role", "strict-nobody")]))),
    ] {
        let (status, said) = world.put("strict-admin", path, &body).await;
        assert!(status.is_client_error(), "{path} {body}: {status}");
        assert_eq!(said["error"], "malformed", "{path} {body}");
    }
    assert_eq!(world.get("strict-admin", "rules").await.1["version"], 0);
}

/// Nobody locks themselves out.
#[tokio::test]
async fn an_administrator_stays_one() {
    let world = World::new().await;
    let body = json!({ "version": 0, "assignments": [assignment("TenantAdmin", "strict-desk")] });
    let (status, said) = world.put("strict-admin", "rules/assignments", &body).await;
    assert_eq!((status, &said["error"]), (StatusCode::CONFLICT, &json!("conflict")));
    let both = json!([
        assignment("TenantAdmin", "strict-desk"),
        assignment("TenantAdmin", "strict-admin")
    ]);
    let body = json!({ "version": 0, "assignments": both });
    let handed = world.put("strict-admin", "rules/assignments", &body).await;
    assert_eq!(handed.0, StatusCode::NO_CONTENT);
    assert_eq!(world.get("strict-desk", "rules").await.0, StatusCode::OK);
}

/// What administrators made goes before the file, also when that is read again and after a restart;
/// given back, the file counts.
#[tokio::test]
async fn administrators_go_before_the_file_until_they_give_back() {
    let world = World::new().await;
    let off = world.put("strict-admin", "rules/settings", &settings(0, false)).await;
    assert_eq!(off.0, StatusCode::NO_CONTENT);
    world.ruled.change(&crate::rules::rules());
    assert_eq!(world.get("strict-admin", "rules").await.1["settings"]["enabled"], false);

    let folder = world.ruled.folder().to_owned();
    let config = Config::new("127.0.0.1:0".parse().unwrap());
    let records = Records {
        address: rh_records::Address::Sqlite(folder.join("records.db")),
        key: folder.join("records.key"),
        retention: rh_records::upkeep::Retention::default(),
    };
    let config = Config {
        people: Some(folder.join("people.toml")),
        tenants: Some(folder.join("tenants.json")),
        records: Some(records),
        ..config
    };
    let second = serve(config).await.unwrap();
    let mut helper = helper_of(&second, "strict-desk").await;
    helper.say(&FromClient::NewSession { device: None }).await;
    assert!(matches!(helper.hear().await, ToClient::Denied { .. }), "the second reads it too");
    second.stop().await;

    let (status, _) =
        world.post("strict-admin", "rules/give-back", Some(&json!({ "version": 1 }))).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (_, rules) = world.get("strict-admin", "rules").await;
    assert_eq!((&rules["source"], &rules["version"]), (&json!("file"), &json!(2)));
    assert_eq!(rules["settings"]["enabled"], true);
    helper_of(&world.ruled.server, "strict-desk").await.code().await;
}
