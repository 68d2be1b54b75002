//! One organisation: its switches, roles and assignments.

use serde::{Deserialize, Serialize};

use crate::{ConditionalAccess, RoleAssignment, Roles, TenantId};

/// Everything of one organisation that a decision needs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tenant {
    /// Which one.
    pub id: TenantId,
    /// Its switches.
    pub settings: TenantSettings,
    /// Its roles.
    pub roles: Roles,
    /// Who has which.
    pub assignments: Vec<RoleAssignment>,
    /// Which actions ask for a stronger sign-in.
    pub conditions: ConditionalAccess,
}

/// The switches of a tenant, with Microsoft's defaults: `remoteAssistanceSettings` of Microsoft
/// Graph (`https://learn.microsoft.com/graph/api/resources/intune-remoteassistance-remoteassistancesettings`).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TenantSettings {
    /// Whether anybody may help anybody; default no.
    pub remote_assistance_state: RemoteAssistanceState,
    /// Whether devices may be shared that are not known to be enrolled; default no.
    pub allow_sessions_to_unenrolled_devices: bool,
    /// Whether there is no chat; default no.
    pub block_chat: bool,
}

/// Whether the product is switched on.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RemoteAssistanceState {
    /// It is not; also for `notConfigured`, as older versions of Graph say.
    #[default]
    #[serde(alias = "notConfigured")]
    Disabled,
    /// It is.
    Enabled,
}

impl TenantSettings {
    /// Whether the product is switched on.
    pub fn is_enabled(self) -> bool {
        self.remote_assistance_state == RemoteAssistanceState::Enabled
    }
}

impl Tenant {
    /// A new tenant: switched off, with the built-in roles, and nobody has one.
    pub fn new(id: TenantId) -> Self {
        Self {
            id,
            settings: TenantSettings::default(),
            roles: Roles::default(),
            assignments: Vec::new(),
            conditions: ConditionalAccess::default(),
        }
    }
}
