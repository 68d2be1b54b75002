use std::path::PathBuf;

use rh_policy::{Action, Decision, Permission, SharingApp, Target, decide};
use rh_protocol::Role;

use super::*;

/// Writes a tenants file, and an export beside it.
fn file(json: &str, export: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tenants.json");
    std::fs::write(&path, json).unwrap();
    std::fs::write(dir.path().join("roles.json"), export).unwrap();
    (dir, path)
}

fn read(json: &str) -> Result<Tenants, ServeError> {
    let (_dir, path) = file(json, "");
    Tenants::read(&path)
}

fn id<T: std::str::FromStr<Err = rh_policy::ParseIdError>>(text: &str) -> T {
    text.parse().unwrap()
}

/// What the first of the two may do to the second.
fn may(tenants: &Tenants, action: Action, helper: &str, sharer: &str) -> Decision {
    let tenant = tenants.iter().next().unwrap();
    let helper = tenants.person(&tenant.id, &id(helper));
    let person = &tenants.person(&tenant.id, &id(sharer));
    let device = &tenants.device(&tenant.id, &id(sharer)).unwrap();
    let app = SharingApp::Native;
    decide(&helper, action, Target::Sharer { person, device, app }, tenant)
}

/// Without a file everything works at once, both ways and without a warning (S-01).
#[test]
fn made_up_rules_allow_everything_to_everybody() {
    let tenants = Tenants::made_up(&People::built_in());
    for (helper, sharer) in [("helper", "sharer"), ("sharer", "helper")] {
        for action in [Action::Join, Action::Ask(Role::Control), Action::Chat] {
            let decision = may(&tenants, action, helper, sharer);
            assert_eq!(decision, Decision::Allow { warnings: Vec::new() });
        }
    }
}

/// S-09, S-11: what the file does not say is Microsoft's default.
#[test]
fn a_tenant_of_which_nothing_is_said_is_switched_off() {
    let tenants = read(r#"{"tenants": [{"id": "ours"}]}"#).unwrap();
    let tenant = tenants.iter().next().unwrap();
    assert_eq!(*tenant, Tenant::new(id("ours")));
    assert_eq!(tenants.device(&tenant.id, &id("sharer")), None);
}

/// M-02, M-03: roles, groups and scopes of the file count, and so does an export of Intune's.
#[test]
fn roles_come_from_the_file_and_from_intune() {
    let json = r#"{"tenants": [{
        "id": "ours",
        "settings": {"remoteAssistanceState": "enabled"},
        "roles": [{"id": "look", "displayName": "Look", "permissions": [
            "Microsoft.Intune_RemoteAssistanceApp_ViewScreen",
            "Microsoft.Intune_RemoteTasks_RequestRemoteAssistance",
            "Microsoft.Intune_RemoteAssistance_Read"]}],
        "assignments": [{"role": "look", "members": {"people": ["ann"]},
            "scope": {"scopeType": "resourceScope", "resourceScopes": ["sales"]}}],
        "intuneRoles": "roles.json",
        "people": {
            "bob": {"groups": ["desk"]},
            "sam": {"groups": ["sales"], "device": {"enrolment": "enrolled"}}
        }
    }]}"#;
    let export = r#"{"value": [{"id": "r1", "displayName": "Desk", "rolePermissions": [
        {"resourceActions": [{"allowedResourceActions": [
            "Microsoft.Intune_RemoteAssistanceApp_TakeFullControl",
            "Microsoft.Intune_RemoteTasks_RequestRemoteAssistance",
            "Microsoft.Intune_RemoteAssistance_Read",
            "Microsoft.Intune_Printers_Read"]}]}],
        "roleAssignments": [{"members": ["desk"], "scopeType": "allDevices"}]}]}"#;
    let (_dir, path) = file(json, export);
    let tenants = Tenants::read(&path).unwrap();
    assert!(!may(&tenants, Action::Ask(Role::View), "ann", "sam").is_deny());
    assert!(may(&tenants, Action::Ask(Role::Control), "ann", "sam").is_deny());
    assert!(!may(&tenants, Action::Ask(Role::Control), "bob", "sam").is_deny());
    assert_eq!(tenants.ignored.len(), 1, "printers");
    let role = tenants.iter().next().unwrap().roles.find(&id("r1")).unwrap();
    assert!(role.permissions.contains(&Permission::TakeFullControl));
}

/// Every mistake is told with the file and what to do; nothing is guessed.
#[test]
fn a_mistake_is_told_by_its_name() {
    let role = r#"{"id": "HelpDeskOperator", "displayName": "x", "permissions": []}"#;
    for (json, told) in [
        ("", "tenants.md"),
        (r#"{"tenants": [{"id": ""}]}"#, "an id is"),
        (r#"{"tenants": [{"id": "a", "switch": true}]}"#, "switch"),
        (r#"{"tenants": [{"id": "a"}, {"id": "a"}]}"#, "twice"),
        (r#"{"tenants": [{"id": "a", "conditions": {"session.fly": "c1"}}]}"#, "session.fly"),
        (r#"{"tenants": [{"id": "a", "intuneRoles": "none.json"}]}"#, "intuneRoles"),
        (r#"{"tenants": [{"id": "a", "intuneRoles": "roles.json"}]}"#, "not an export"),
        (&format!(r#"{{"tenants": [{{"id": "a", "roles": [{role}]}}]}}"#), "HelpDeskOperator"),
    ] {
        let error = read(json).unwrap_err().to_string();
        assert!(error.contains(told) && error.contains(".json"), "{error}");
    }
}

/// S-09: a tenant that is taken out of the file is switched off.
#[test]
fn a_tenant_that_is_gone_is_switched_off() {
    let before = Tenants::made_up(&People::built_in());
    let gone = before.iter().next().unwrap().id.clone();
    let after = read(r#"{"tenants": [{"id": "other"}]}"#).unwrap();
    assert!(after.instead_of(&before).contains(&Tenant::new(gone)));
}
