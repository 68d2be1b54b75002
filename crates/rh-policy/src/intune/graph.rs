//! The documents of Microsoft Graph, as far as they are read.
//!
//! Everything is optional, since v1.0, beta and older versions differ; unknown properties are
//! skipped, since Graph gains some every month.

use serde::Deserialize;

/// The whole export.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Export {
    /// The answer for `roleDefinitions`, as it is.
    pub(super) value: Option<Vec<RoleDefinition>>,
    #[serde(rename = "@odata.nextLink")]
    pub(super) next_link: Option<String>,
    pub(super) role_definitions: Option<List<RoleDefinition>>,
    pub(super) role_assignments: Option<List<RoleAssignment>>,
}

/// A list, alone or as Graph's answer.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum List<T> {
    Alone(Vec<T>),
    Answer {
        value: Vec<T>,
        #[serde(rename = "@odata.nextLink")]
        next_link: Option<String>,
    },
}

/// `microsoft.graph.roleDefinition`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoleDefinition {
    pub(super) id: String,
    pub(super) display_name: Option<String>,
    pub(super) role_permissions: Option<Vec<RolePermission>>,
    /// With `$expand=roleAssignments`.
    pub(super) role_assignments: Option<Vec<RoleAssignment>>,
}

/// `microsoft.graph.rolePermission`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RolePermission {
    pub(super) resource_actions: Option<Vec<ResourceAction>>,
}

/// `microsoft.graph.resourceAction`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResourceAction {
    pub(super) allowed_resource_actions: Option<Vec<String>>,
    pub(super) not_allowed_resource_actions: Option<Vec<String>>,
}

/// `microsoft.graph.deviceAndAppManagementRoleAssignment`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoleAssignment {
    pub(super) display_name: Option<String>,
    /// Groups of people who get the role.
    pub(super) members: Option<Vec<String>>,
    pub(super) scope_type: Option<String>,
    /// Scope groups.
    pub(super) resource_scopes: Option<Vec<String>>,
    /// Scope groups, as older versions name them.
    pub(super) scope_members: Option<Vec<String>>,
    /// With `$expand=roleDefinition`.
    pub(super) role_definition: Option<Reference>,
    /// As it is written when an assignment is made.
    #[serde(rename = "roleDefinition@odata.bind")]
    pub(super) role_definition_link: Option<String>,
}

/// The id of something that is described elsewhere.
#[derive(Debug, Deserialize)]
pub(super) struct Reference {
    pub(super) id: String,
}

impl RoleAssignment {
    /// The id of the role that it gives: `…/roleDefinitions('id')` or `…/roleDefinitions/id` if it
    /// is a link.
    pub(super) fn role(&self) -> Option<&str> {
        let linked = || {
            let link = self.role_definition_link.as_deref()?;
            let (_, id) = link.rsplit_once("roleDefinitions")?;
            let quoted = || id.strip_prefix("('")?.strip_suffix("')");
            id.strip_prefix('/').or_else(quoted)
        };
        self.role_definition.as_ref().map(|role| role.id.as_str()).or_else(linked)
    }
}
