//! Names and defaults, as Microsoft has them (M-01, M-02, M-04).

use std::collections::BTreeSet;

use rh_policy::{
    Action, Permission, RemoteAssistanceState, RoleAssignment, RoleDefinition, RoleExists, Roles,
    Scope, TenantSettings,
};

#[test]
fn permissions_are_stored_under_intunes_names() {
    let names: BTreeSet<_> = Permission::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(names.len(), Permission::ALL.len());
    for permission in Permission::ALL {
        let json = serde_json::to_string(&permission).unwrap();
        assert_eq!(json, format!("{:?}", permission.name()));
        assert_eq!(serde_json::from_str::<Permission>(&json).unwrap(), permission);
    }
    let intunes = [
        "Microsoft.Intune_Organization_Read",
        "Microsoft.Intune_RemoteAssistanceApp_Elevation",
        "Microsoft.Intune_RemoteAssistanceApp_TakeFullControl",
        "Microsoft.Intune_RemoteAssistanceApp_Unattended",
        "Microsoft.Intune_RemoteAssistanceApp_ViewScreen",
        "Microsoft.Intune_RemoteAssistance_Read",
        "Microsoft.Intune_RemoteAssistance_Update",
        "Microsoft.Intune_RemoteAssistance_ViewReports",
        "Microsoft.Intune_RemoteTasks_RequestRemoteAssistance",
    ];
    let found: BTreeSet<_> =
        Permission::ALL.into_iter().filter(|it| it.is_intunes()).map(Permission::name).collect();
    assert_eq!(found, BTreeSet::from(intunes));
}

#[test]
fn an_unknown_permission_is_refused_by_name() {
    let json = r#"{"id":"r","displayName":"R","permissions":["Microsoft.Intune_Fly_Read"]}"#;
    let error = serde_json::from_str::<RoleDefinition>(json).unwrap_err().to_string();
    assert!(error.contains("Microsoft.Intune_Fly_Read"), "{error}");
}

#[test]
fn the_school_administrator_is_the_help_desk_operator_without_unattended_control() {
    let school = RoleDefinition::school_administrator().permissions;
    let mut desk = RoleDefinition::help_desk_operator().permissions;
    assert!(desk.remove(&Permission::Unattended));
    assert_eq!(school, desk);
}

#[test]
fn nothing_takes_the_place_of_a_built_in_role() {
    let mut roles = Roles::default();
    assert_eq!(roles.iter().count(), RoleDefinition::built_ins().len());
    for role in RoleDefinition::built_ins() {
        let id = role.id.clone();
        assert_eq!(roles.add(role), Err(RoleExists(id)));
    }
}

#[test]
fn a_tenant_begins_with_microsofts_defaults() {
    let new: TenantSettings = serde_json::from_str("{}").unwrap();
    assert_eq!(new, TenantSettings::default());
    assert!(!new.is_enabled() && !new.allow_sessions_to_unenrolled_devices && !new.block_chat);
    let graph = r##"{
        "@odata.type": "#microsoft.graph.remoteAssistanceSettings", "id": "a",
        "remoteAssistanceState": "enabled", "allowSessionsToUnenrolledDevices": true
    }"##;
    let read: TenantSettings = serde_json::from_str(graph).unwrap();
    assert!(read.is_enabled() && read.allow_sessions_to_unenrolled_devices && !read.block_chat);
    let state = |text: &str| serde_json::from_str::<RemoteAssistanceState>(text).ok();
    assert_eq!(state(r#""notConfigured""#), Some(RemoteAssistanceState::Disabled));
    assert_eq!(state(r#""Enabled""#), None);
}

#[test]
fn an_assignment_is_written_with_graphs_scope_types() {
    let json = r#"{"role":"r","members":{"people":[],"groups":["g"]},"scope":{"scopeType":"resourceScope","resourceScopes":["s"]}}"#;
    let assignment: RoleAssignment = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&assignment).unwrap(), json);
    for (name, scope) in [
        ("allDevices", Scope::AllDevices),
        ("allLicensedUsers", Scope::AllLicensedUsers),
        ("allDevicesAndLicensedUsers", Scope::AllDevicesAndLicensedUsers),
    ] {
        let json = format!(r#"{{"scopeType":"{name}"}}"#);
        assert_eq!(serde_json::from_str::<Scope>(&json).unwrap(), scope);
        assert_eq!(serde_json::to_string(&scope).unwrap(), json);
    }
    assert!(serde_json::from_str::<Scope>(r#"{"scopeType":"everything"}"#).is_err());
}

#[test]
fn actions_are_read_by_their_names() {
    for action in Action::ALL {
        assert_eq!(action.name().parse(), Ok(action));
    }
    assert_eq!(Action::ALL.map(Action::name).into_iter().collect::<BTreeSet<_>>().len(), 14);
}
