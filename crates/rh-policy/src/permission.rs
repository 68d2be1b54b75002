//! Permissions, under the names that Microsoft Graph gives them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One thing that a role allows.
///
/// Written as its [`name`](Self::name). The `Microsoft.Intune_` names are resource actions of
/// Microsoft Graph (`https://learn.microsoft.com/graph/api/resources/intune-rbac-resourceaction`);
/// the `OpenRemoteHelp_` ones are for duties that Intune has no word for. A name that is not
/// here is an error and never a grant. (The name of the action behind *Windows unattended control
/// remote sign-in* is not published, so it is not here either.)
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Permission {
    /// Remote Help app: View screen.
    ViewScreen,
    /// Remote Help app: Take full control. Who may act on a screen may see it.
    TakeFullControl,
    /// Remote Help app: Elevation, of Windows; refused here.
    Elevation,
    /// Remote Help app: Android unattended control; refused here.
    Unattended,
    /// Remote Tasks: Offer remote assistance.
    OfferRemoteAssistance,
    /// Remote Assistance Connector: Read.
    ConnectorRead,
    /// Remote Assistance Connector: Update, the switches of the tenant.
    ConnectorUpdate,
    /// Remote Assistance Connector: View reports, the records of sessions.
    ConnectorViewReports,
    /// Organization: Read. Kept; nothing here asks for it.
    OrganizationRead,
    /// Ends other people's sessions.
    EndSessions,
    /// Changes roles and assignments.
    ManageRoles,
    /// Changes what is known of devices.
    ManageDevices,
    /// Takes records out of the service.
    ExportRecords,
}

/// No permission has this name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no permission is named {0:?}; write one of Permission::ALL")]
pub struct UnknownPermission(pub String);

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 13] = [
        Self::ViewScreen,
        Self::TakeFullControl,
        Self::Elevation,
        Self::Unattended,
        Self::OfferRemoteAssistance,
        Self::ConnectorRead,
        Self::ConnectorUpdate,
        Self::ConnectorViewReports,
        Self::OrganizationRead,
        Self::EndSessions,
        Self::ManageRoles,
        Self::ManageDevices,
        Self::ExportRecords,
    ];

    /// The name, as roles are stored and exported with it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ViewScreen => "Microsoft.Intune_RemoteAssistanceApp_ViewScreen",
            Self::TakeFullControl => "Microsoft.Intune_RemoteAssistanceApp_TakeFullControl",
            Self::Elevation => "Microsoft.Intune_RemoteAssistanceApp_Elevation",
            Self::Unattended => "Microsoft.Intune_RemoteAssistanceApp_Unattended",
            Self::OfferRemoteAssistance => "Microsoft.Intune_RemoteTasks_RequestRemoteAssistance",
            Self::ConnectorRead => "Microsoft.Intune_RemoteAssistance_Read",
            Self::ConnectorUpdate => "Microsoft.Intune_RemoteAssistance_Update",
            Self::ConnectorViewReports => "Microsoft.Intune_RemoteAssistance_ViewReports",
            Self::OrganizationRead => "Microsoft.Intune_Organization_Read",
            Self::EndSessions => "OpenRemoteHelp_Sessions_End",
            Self::ManageRoles => "OpenRemoteHelp_Roles_Manage",
            Self::ManageDevices => "OpenRemoteHelp_Devices_Manage",
            Self::ExportRecords => "OpenRemoteHelp_Records_Export",
        }
    }

    /// Whether Intune knows it too.
    pub fn is_intunes(self) -> bool {
        self.name().starts_with("Microsoft.Intune_")
    }

    /// Whether no platform of ours can do it: elevation is Windows', unattended control is
    /// Windows' and Android's.
    pub fn is_unsupported(self) -> bool {
        matches!(self, Self::Elevation | Self::Unattended)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(name: &str) -> Result<Self, UnknownPermission> {
        let found = Self::ALL.into_iter().find(|permission| permission.name() == name);
        found.ok_or_else(|| UnknownPermission(rh_protocol::safe_text(name, 128)))
    }
}

impl TryFrom<String> for Permission {
    type Error = UnknownPermission;

    fn try_from(name: String) -> Result<Self, UnknownPermission> {
        name.parse()
    }
}

impl From<Permission> for String {
    fn from(permission: Permission) -> Self {
        permission.name().to_owned()
    }
}
