//! Roles: named sets of permissions.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Permission, RoleId};

/// A named set of permissions; Microsoft Graph's `roleDefinition`.
///
/// Not to be mistaken for [`rh_protocol::Role`], which is what a helper does in one session.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleDefinition {
    /// Names it in assignments.
    pub id: RoleId,
    /// Names it to people.
    pub display_name: String,
    /// What it allows.
    pub permissions: BTreeSet<Permission>,
}

/// There is a role with this id already.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is a role {0} already; give this one another id")]
pub struct RoleExists(pub RoleId);

/// Every role of a tenant, the built-in ones always among them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Roles(BTreeMap<RoleId, RoleDefinition>);

impl RoleDefinition {
    /// Help Desk Operator: all that Intune's role of that name has of Remote Help.
    pub fn help_desk_operator() -> Self {
        let school = Self::school_administrator().permissions;
        let permissions = school.into_iter().chain([Permission::Unattended]);
        Self::built_in("HelpDeskOperator", "Help Desk Operator", permissions)
    }

    /// School Administrator: the same without unattended control, as in Intune.
    pub fn school_administrator() -> Self {
        let permissions = [
            Permission::ViewScreen,
            Permission::TakeFullControl,
            Permission::Elevation,
            Permission::OfferRemoteAssistance,
            Permission::ConnectorRead,
        ];
        Self::built_in("SchoolAdministrator", "School Administrator", permissions)
    }

    /// Sees screens and does no more: the least with which one can help. Ours.
    pub fn view_only_helper() -> Self {
        let permissions =
            [Permission::ViewScreen, Permission::OfferRemoteAssistance, Permission::ConnectorRead];
        Self::built_in("ViewOnlyHelper", "View-only Helper", permissions)
    }

    /// Reads and exports records, and changes nothing. Ours.
    pub fn auditor() -> Self {
        let permissions = [Permission::ConnectorViewReports, Permission::ExportRecords];
        Self::built_in("Auditor", "Auditor", permissions)
    }

    /// Runs the tenant, and helps nobody by that alone. Ours.
    pub fn tenant_admin() -> Self {
        let permissions = [
            Permission::ConnectorRead,
            Permission::ConnectorUpdate,
            Permission::ConnectorViewReports,
            Permission::OrganizationRead,
            Permission::EndSessions,
            Permission::ManageRoles,
            Permission::ManageDevices,
            Permission::ExportRecords,
        ];
        Self::built_in("TenantAdmin", "Tenant Administrator", permissions)
    }

    /// The roles that every tenant has.
    pub fn built_ins() -> [Self; 5] {
        [
            Self::help_desk_operator(),
            Self::school_administrator(),
            Self::view_only_helper(),
            Self::auditor(),
            Self::tenant_admin(),
        ]
    }

    fn built_in(id: &str, name: &str, permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self {
            id: id.parse().expect("the id of a built-in role is an id"),
            display_name: name.to_owned(),
            permissions: permissions.into_iter().collect(),
        }
    }
}

impl Roles {
    /// Adds a role.
    ///
    /// # Errors
    ///
    /// [`RoleExists`]: nothing takes the place of a role, of a built-in one least of all.
    pub fn add(&mut self, role: RoleDefinition) -> Result<(), RoleExists> {
        if self.0.contains_key(&role.id) {
            return Err(RoleExists(role.id));
        }
        self.0.insert(role.id.clone(), role);
        Ok(())
    }

    /// The role of that id.
    pub fn find(&self, id: &RoleId) -> Option<&RoleDefinition> {
        self.0.get(id)
    }

    /// Every role, by its id.
    pub fn iter(&self) -> impl Iterator<Item = &RoleDefinition> {
        self.0.values()
    }
}

impl Default for Roles {
    fn default() -> Self {
        Self(RoleDefinition::built_ins().into_iter().map(|role| (role.id.clone(), role)).collect())
    }
}
