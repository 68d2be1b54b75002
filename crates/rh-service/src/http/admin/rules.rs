//! The tenant's switches, roles and assignments.
//!
//! Each change names the version that it was made of, so that nobody undoes what another did
//! meanwhile; counts at once, in running sessions too; and is kept with its entry in the audit log.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rh_policy::{
    Action, AuthContext, ConditionalAccess, Duty, Permission, RemoteAssistanceState,
    RoleAssignment, RoleDefinition, RoleId, Roles, Target, Tenant, TenantSettings, decide,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::caller::Administrator;
use crate::http::identity::{Acting, SignedIn};
use crate::http::read::Body;
use crate::http::rules::own_roles;
use crate::http::{App, Failure};

/// Roles beside the built-in ones, and assignments, of one tenant.
const MOST: (usize, usize) = (100, 1000);

/// Everything that says who may help whom.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rules {
    /// How often administrators changed them; a change has to name it.
    version: u64,
    /// Whose they are.
    source: Source,
    settings: Switches,
    /// The roles beside the built-in ones.
    roles: Vec<Role>,
    /// The roles that every tenant has.
    built_in: Vec<Role>,
    #[schemars(schema_with = "assignments_schema")]
    assignments: Vec<RoleAssignment>,
    /// Which action asks for which authentication context.
    #[schemars(with = "BTreeMap<String, String>")]
    conditions: ConditionalAccess,
}

/// Whose rules count.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    /// Those of the tenants file; nobody changed them here.
    File,
    /// Those that administrators made.
    Administrators,
}

/// The switches of Intune.
#[derive(Clone, Copy, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Switches {
    /// Whether anybody may help anybody.
    enabled: bool,
    /// Whether devices may be shared that are not known to be enrolled.
    allow_sessions_to_unenrolled_devices: bool,
    /// Whether there is no chat.
    block_chat: bool,
}

/// A named set of permissions.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Role {
    #[schemars(with = "String")]
    id: RoleId,
    display_name: String,
    /// Under Microsoft Graph's names.
    #[schemars(with = "Vec<String>")]
    permissions: Vec<Permission>,
}

/// New switches, and which actions ask for a stronger sign-in.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewSettings {
    version: u64,
    settings: Switches,
    #[schemars(with = "BTreeMap<String, String>")]
    conditions: BTreeMap<Action, AuthContext>,
}

/// All roles beside the built-in ones.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewRoles {
    version: u64,
    roles: Vec<Role>,
}

/// All assignments.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewAssignments {
    version: u64,
    #[schemars(schema_with = "assignments_schema")]
    assignments: Vec<RoleAssignment>,
}

/// Gives the rules back to the tenants file.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct GiveBack {
    version: u64,
}

fn assignments_schema(_: &mut SchemaGenerator) -> Schema {
    let ids = json_schema!({ "type": "array", "items": { "type": "string" } });
    let scopes = ["resourceScope", "allDevices", "allLicensedUsers", "allDevicesAndLicensedUsers"];
    json_schema!({ "type": "array", "items": {
        "type": "object",
        "required": ["role", "members", "scope"],
        "additionalProperties": false,
        "properties": {
            "role": { "type": "string" },
            "members": { "type": "object", "additionalProperties": false,
                "properties": { "people": ids, "groups": ids } },
            "scope": { "type": "object", "required": ["scopeType"],
                "properties": { "scopeType": { "enum": scopes }, "resourceScopes": ids } },
        },
    } })
}

impl From<TenantSettings> for Switches {
    fn from(it: TenantSettings) -> Self {
        Self {
            enabled: it.is_enabled(),
            allow_sessions_to_unenrolled_devices: it.allow_sessions_to_unenrolled_devices,
            block_chat: it.block_chat,
        }
    }
}

impl From<Switches> for TenantSettings {
    fn from(it: Switches) -> Self {
        let (on, off) = (RemoteAssistanceState::Enabled, RemoteAssistanceState::Disabled);
        Self {
            remote_assistance_state: if it.enabled { on } else { off },
            allow_sessions_to_unenrolled_devices: it.allow_sessions_to_unenrolled_devices,
            block_chat: it.block_chat,
        }
    }
}

impl From<RoleDefinition> for Role {
    fn from(RoleDefinition { id, display_name, permissions }: RoleDefinition) -> Self {
        Self { id, display_name, permissions: permissions.into_iter().collect() }
    }
}

impl From<Role> for RoleDefinition {
    fn from(Role { id, display_name, permissions }: Role) -> Self {
        Self { id, display_name, permissions: permissions.into_iter().collect() }
    }
}

/// M-01 to M-04: what counts now.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<Rules>, Failure> {
    let tenant = app.administrator(&signed_in, Duty::ReadRecords)?.tenant;
    let (rules, made) = {
        let tenants = app.tenants();
        (tenants.rules(&tenant), tenants.is_made(&tenant))
    };
    let roles = |roles: Vec<RoleDefinition>| roles.into_iter().map(Role::from).collect();
    Ok(Json(Rules {
        version: app.version(&tenant),
        source: if made { Source::Administrators } else { Source::File },
        settings: rules.settings.into(),
        roles: roles(own_roles(&rules)),
        built_in: roles(RoleDefinition::built_ins().into()),
        assignments: rules.assignments,
        conditions: rules.conditions,
    }))
}

/// Sets the switches.
pub(super) async fn set_settings(
    State(app): State<Arc<App>>,
    Acting(signed_in): Acting,
    Body(new): Body<NewSettings>,
) -> Result<StatusCode, Failure> {
    let by = app.administrator(&signed_in, Duty::ManageTenant)?;
    let mut rules = app.tenants().rules(&by.tenant);
    let before = (rules.settings, rules.conditions.clone());
    rules.settings = new.settings.into();
    rules.conditions = ConditionalAccess(new.conditions);
    let change = told(&before, &(rules.settings, rules.conditions.clone()));
    set(&app, &signed_in, by, ("settings", change), new.version, rules).await
}

/// Sets the roles beside the built-in ones.
pub(super) async fn set_roles(
    State(app): State<Arc<App>>,
    Acting(signed_in): Acting,
    Body(new): Body<NewRoles>,
) -> Result<StatusCode, Failure> {
    let by = app.administrator(&signed_in, Duty::ManageRoles)?;
    if new.roles.len() > MOST.0 {
        return Err(malformed("roles: write 100 at most"));
    }
    let mut rules = app.tenants().rules(&by.tenant);
    let before = own_roles(&rules);
    let mut roles = Roles::default();
    for role in new.roles {
        if role.display_name.trim().is_empty() || role.display_name.chars().count() > 100 {
            return Err(malformed("displayName: write 1 to 100 characters"));
        }
        let again = |_| malformed("roles: two have one id, or a built-in role's; change one");
        roles.add(role.into()).map_err(again)?;
    }
    rules.roles = roles;
    let change = told(&before, &own_roles(&rules));
    set(&app, &signed_in, by, ("roles", change), new.version, rules).await
}

/// Sets who has which role for whom.
pub(super) async fn set_assignments(
    State(app): State<Arc<App>>,
    Acting(signed_in): Acting,
    Body(new): Body<NewAssignments>,
) -> Result<StatusCode, Failure> {
    let by = app.administrator(&signed_in, Duty::ManageRoles)?;
    if new.assignments.len() > MOST.1 {
        return Err(malformed("assignments: write 1000 at most"));
    }
    let mut rules = app.tenants().rules(&by.tenant);
    let unknown = new.assignments.iter().find(|it| rules.roles.find(&it.role).is_none());
    if unknown.is_some() {
        return Err(malformed("role: there is no role of that id; make it first"));
    }
    let change = told(&rules.assignments, &new.assignments);
    rules.assignments = new.assignments;
    set(&app, &signed_in, by, ("assignments", change), new.version, rules).await
}

/// Lets the tenants file count again.
pub(super) async fn give_back(
    State(app): State<Arc<App>>,
    Acting(signed_in): Acting,
    Body(GiveBack { version }): Body<GiveBack>,
) -> Result<StatusCode, Failure> {
    app.administrator(&signed_in, Duty::ManageTenant)?;
    let by = app.administrator(&signed_in, Duty::ManageRoles)?;
    if !app.tenants().is_made(&by.tenant) {
        return Err(Failure::Conflict("the rules are the file's already"));
    }
    let fact = by.fact(Some("rules".to_owned()), Some("given back to the file".to_owned()));
    app.change_rules(fact, version, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set(
    app: &App,
    signed_in: &SignedIn,
    by: Administrator,
    (about, change): (&str, String),
    expected: u64,
    rules: Tenant,
) -> Result<StatusCode, Failure> {
    let person = app.person(&signed_in.who);
    for duty in [Duty::ManageRoles, Duty::ManageTenant] {
        let action = Action::Administer(duty);
        let could = app.may(&signed_in.who, duty);
        if could && !decide(&person, action, Target::Anyone, &rules).is_allow() {
            let what = "you could not change it back; let another administrator do it";
            return Err(Failure::Conflict(what));
        }
    }
    app.change_rules(by.fact(Some(about.to_owned()), Some(change)), expected, Some(rules)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bytes of what the audit log is told of a change.
const TOLD: usize = 8 * 1024;

/// A change for the audit log: what was, and what is.
fn told<T: Serialize>(before: &T, after: &T) -> String {
    let json = |it: &T| serde_json::to_string(it).expect("rules are JSON");
    let (before, after) = (json(before), json(after));
    if before.len() + after.len() > TOLD {
        return format!("{} bytes -> {} bytes", before.len(), after.len());
    }
    format!("{before} -> {after}")
}

fn malformed(message: &str) -> Failure {
    Failure::Malformed(StatusCode::UNPROCESSABLE_ENTITY, message.to_owned())
}
