//! Exports of roles from Microsoft Graph, good and bad.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{HERE, device, id, person, sharer, shares};
use proptest::prelude::*;
use rh_policy::intune::{
    EXPORT_BYTES, EXPORT_ENTRIES, Ignored, Import, ImportError, NoAssignment, read,
};
use rh_policy::{Action, Permission, RemoteAssistanceState, Scope, Tenant, decide};
use rh_protocol::Role;

/// `roleDefinitions?$expand=roleAssignments`, shortened.
const EXPANDED: &str = include_str!("intune/expanded.json");

/// Both lists, fetched apart.
const APART: &str = include_str!("intune/apart.json");

fn ignored_actions(import: &Import) -> Vec<&str> {
    let actions = import.ignored.iter().filter_map(|it| match it {
        Ignored::Actions { actions, .. } => Some(actions),
        Ignored::Role { .. } | Ignored::Assignment { .. } => None,
    });
    actions.flatten().map(String::as_str).collect()
}

fn why_not(json: &str) -> ImportError {
    read(json.as_bytes()).unwrap_err()
}

/// One role with these members beside its id.
fn one(role: &str) -> Import {
    read(format!(r#"{{"value":[{{"id":"r",{role}}}]}}"#).as_bytes()).unwrap()
}

fn actions(allowed: &str, refused: &str) -> String {
    format!(
        r#""rolePermissions":[{{"resourceActions":[{{
            "allowedResourceActions":[{allowed}],"notAllowedResourceActions":[{refused}]}}]}}]"#
    )
}

#[test]
fn an_export_with_expanded_assignments_is_imported() {
    let import = read(EXPANDED.as_bytes()).unwrap();
    let names: Vec<_> = import.roles.iter().map(|role| role.display_name.as_str()).collect();
    assert_eq!(names, ["Help Desk Operator", "Remote Help - View only"]);
    let view = &import.roles[1];
    let expected =
        [Permission::ViewScreen, Permission::OfferRemoteAssistance, Permission::ConnectorRead];
    assert_eq!(view.permissions, expected.into());
    let scopes: Vec<_> = import.assignments.iter().map(|it| &it.scope).collect();
    let groups = common::groups(&["dec942f4-6777-4998-96b4-522e383b08e2"]);
    assert_eq!(scopes, [&Scope::AllDevices, &groups]);
    let others = ["Microsoft.Intune_ManagedDevices_Read", "Microsoft.Intune_RemoteTasks_RebootNow"];
    assert_eq!(ignored_actions(&import)[..2], others);
    let name = |text: &str| text.to_owned();
    let nothing = [
        Ignored::Role { name: name("Application Manager") },
        Ignored::Assignment { name: name("App managers"), why: NoAssignment::RoleIgnored },
    ];
    assert_eq!(import.ignored[2..], nothing);
}

#[test]
fn lists_that_were_fetched_apart_are_joined() {
    let import = read(APART.as_bytes()).unwrap();
    assert_eq!(import.roles.len(), 1);
    let assigned: Vec<_> = import.assignments.iter().map(|it| it.role.as_str()).collect();
    assert_eq!(assigned, ["6d3ab7a5-1a2e-4d6e-9c55-7f2f5f6d9a01"; 3]);
    let scopes: Vec<_> = import.assignments.into_iter().map(|it| it.scope).collect();
    let groups = common::groups(&["dec942f4-6777-4998-96b4-522e383b08e2"]);
    assert_eq!(scopes, [Scope::AllLicensedUsers, groups, Scope::AllDevicesAndLicensedUsers]);
    let why = |name: &str, why| Ignored::Assignment { name: name.to_owned(), why };
    let expected = [
        why("names no role", NoAssignment::RoleMissing),
        why("names a role of ours", NoAssignment::RoleIgnored),
        why("has another scope", NoAssignment::ScopeUnknown),
    ];
    assert_eq!(import.ignored, expected);
}

#[test]
fn what_is_imported_decides() {
    let import = read(EXPANDED.as_bytes()).unwrap();
    let mut tenant = Tenant::new(id(HERE));
    tenant.settings.remote_assistance_state = RemoteAssistanceState::Enabled;
    import.roles.into_iter().for_each(|role| tenant.roles.add(role).unwrap());
    tenant.assignments = import.assignments;
    let operator = person("olga", &["4c1f9a52-0c55-4a4e-a1f4-0d9f8f0d7b11"]);
    let viewer = person("vera", &["7e0a3f0c-55b3-4bb8-8a16-2f8b5ad0a922"]);
    let (sharer, device) = (sharer(), device());
    let may = |helper, role| {
        decide(helper, Action::Ask(role), shares(&sharer, &device), &tenant).is_allow()
    };
    assert!(may(&operator, Role::Control));
    assert!(!may(&viewer, Role::View), "the sharer is in none of the scope groups");
}

#[test]
fn what_a_role_does_not_allow_it_does_not_grant() {
    let view = format!("{:?}", Permission::ViewScreen.name());
    let full = format!("{:?}", Permission::TakeFullControl.name());
    let import = one(&actions(&format!("{view},{full}"), &full));
    assert_eq!(import.roles[0].permissions, [Permission::ViewScreen].into());
    assert_eq!(import.roles[0].display_name, "r", "a role without a name goes by its id");
    assert_eq!(one(&actions(&view, &view)).roles, []);
}

/// An export cannot make administrators of ours.
#[test]
fn permissions_and_roles_of_ours_are_not_imported() {
    for permission in Permission::ALL.into_iter().filter(|it| !it.is_intunes()) {
        let import = one(&actions(&format!("{:?}", permission.name()), ""));
        assert_eq!(import.roles, []);
        assert_eq!(ignored_actions(&import), [permission.name()]);
    }
    let taken = ImportError::Taken(id("TenantAdmin"));
    assert_eq!(why_not(r#"{"value":[{"id":"TenantAdmin"}]}"#), taken);
    assert_eq!(why_not(r#"{"value":[{"id":"a"},{"id":"a"}]}"#), ImportError::Taken(id("a")));
}

#[test]
fn an_export_that_is_not_whole_is_refused() {
    let next = r#""@odata.nextLink":"https://graph.microsoft.com/next""#;
    assert_eq!(why_not(&format!(r#"{{"value":[],{next}}}"#)), ImportError::Incomplete);
    let nested = format!(r#"{{"roleDefinitions":{{"value":[],{next}}}}}"#);
    assert_eq!(why_not(&nested), ImportError::Incomplete);
    assert_eq!(why_not(r#"{"roleAssignments":[]}"#), ImportError::Empty);
    let twice = why_not(r#"{"value":[],"roleDefinitions":[]}"#);
    assert!(matches!(twice, ImportError::Malformed(_)));
}

#[test]
fn a_hostile_export_is_refused_without_being_looked_into() {
    let long = vec![b' '; EXPORT_BYTES + 1];
    assert_eq!(read(&long), Err(ImportError::TooLong(EXPORT_BYTES + 1)));
    let roles: Vec<_> = (0..=EXPORT_ENTRIES).map(|at| format!(r#"{{"id":"{at}"}}"#)).collect();
    let many = format!(r#"{{"value":[{}]}}"#, roles.join(","));
    assert_eq!(why_not(&many), ImportError::TooMany(EXPORT_ENTRIES + 1));
    let assignments = vec!["{}"; EXPORT_ENTRIES].join(",");
    let nested = format!(r#"{{"id":"r","roleAssignments":[{assignments}]}}"#);
    let apart = format!(r#"{{"roleDefinitions":[{nested}],"roleAssignments":[{{}}]}}"#);
    assert_eq!(why_not(&apart), ImportError::TooMany(EXPORT_ENTRIES + 1));
    for deep in ["[", r#"{"value":"#, r#"{"x":"#, r#"{"roleDefinitions":["#] {
        let deep = deep.repeat(EXPORT_BYTES / deep.len());
        assert!(matches!(why_not(&deep), ImportError::Malformed(_)));
    }
    for garbage in ["", "null", "7", "\"value\"", "{", r#"{"value":7}"#, r#"{"value":[{"id":""}]}"#]
    {
        let error = why_not(garbage);
        assert!(matches!(error, ImportError::Malformed(_)), "{garbage}: {error}");
    }
}

#[test]
fn names_are_made_fit_to_be_shown() {
    let name = "\u{202e}evil\u{1b}[2J".repeat(100);
    let named = format!(r#""displayName":{},{}"#, serde_json::json!(name), actions("", ""));
    let Ignored::Role { name } = &one(&named).ignored[0] else { panic!("a role without actions") };
    assert!(name.chars().count() <= 128 && !name.contains(['\u{202e}', '\u{1b}']), "{name}");
    let import = one(&actions(&serde_json::json!("a\nb\u{7}".repeat(100)).to_string(), ""));
    assert!(ignored_actions(&import)[0].len() <= 128);
    assert!(!ignored_actions(&import)[0].contains(char::is_control));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes).is_err());
    }

    /// A damaged export is refused or means no more than the whole one.
    #[test]
    fn damage_never_grants_more(at in 0..EXPANDED.len(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = EXPANDED.as_bytes().to_vec();
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        let whole = read(EXPANDED.as_bytes()).unwrap();
        let granted = |import: &Import| -> usize {
            import.roles.iter().map(|role| role.permissions.len()).sum()
        };
        if let Ok(import) = read(&bytes) {
            prop_assert!(granted(&import) <= granted(&whole));
        }
    }
}
