//! What somebody wants to do.

use std::fmt;
use std::str::FromStr;

use rh_protocol::Role;
use serde::{Deserialize, Serialize};

use crate::Permission;

/// What somebody wants to do. Written as its [`name`](Self::name).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Action {
    /// A helper makes a code.
    MakeCode,
    /// A sharer enters it. The rights are the helper's: a sharer needs none but to be in scope.
    Join,
    /// A helper asks to view, or for full control.
    Ask(Role),
    /// A helper who views asks for full control.
    Upgrade,
    /// A helper and a sharer write to one another.
    Chat,
    /// A helper wants to answer prompts of the system; refused on every platform we have.
    Elevate,
    /// A helper wants in with nobody there; refused on every platform we have.
    Unattended,
    /// An administrator's action.
    Administer(Duty),
}

/// What administrators do.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Duty {
    /// Reads who helped whom.
    ReadRecords,
    /// Ends other people's sessions.
    EndSessions,
    /// Changes roles and assignments.
    ManageRoles,
    /// Changes what is known of devices.
    ManageDevices,
    /// Changes the switches of the tenant.
    ManageTenant,
    /// Takes records out of the service.
    Export,
}

/// No action has this name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no action is named {0:?}; write one of Action::ALL")]
pub struct UnknownAction(pub String);

impl Action {
    /// Every action.
    pub const ALL: [Self; 14] = [
        Self::MakeCode,
        Self::Join,
        Self::Ask(Role::View),
        Self::Ask(Role::Control),
        Self::Upgrade,
        Self::Chat,
        Self::Elevate,
        Self::Unattended,
        Self::Administer(Duty::ReadRecords),
        Self::Administer(Duty::EndSessions),
        Self::Administer(Duty::ManageRoles),
        Self::Administer(Duty::ManageDevices),
        Self::Administer(Duty::ManageTenant),
        Self::Administer(Duty::Export),
    ];

    /// The name, as configurations and records have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::MakeCode => "session.make_code",
            Self::Join => "session.join",
            Self::Ask(Role::View) => "session.view",
            Self::Ask(Role::Control) => "session.full_control",
            Self::Upgrade => "session.upgrade",
            Self::Chat => "session.chat",
            Self::Elevate => "session.elevate",
            Self::Unattended => "session.unattended",
            Self::Administer(Duty::ReadRecords) => "records.read",
            Self::Administer(Duty::EndSessions) => "sessions.end",
            Self::Administer(Duty::ManageRoles) => "roles.manage",
            Self::Administer(Duty::ManageDevices) => "devices.manage",
            Self::Administer(Duty::ManageTenant) => "tenant.manage",
            Self::Administer(Duty::Export) => "records.export",
        }
    }

    /// The action that this one contains, if any: what is asked of the lesser is asked of the
    /// greater, or the greater would be the way around it.
    pub(crate) fn contains(self) -> Option<Self> {
        match self {
            Self::Upgrade => Some(Self::Ask(Role::Control)),
            Self::Ask(Role::Control) => Some(Self::Ask(Role::View)),
            Self::Administer(Duty::Export) => Some(Self::Administer(Duty::ReadRecords)),
            Self::MakeCode
            | Self::Join
            | Self::Ask(Role::View)
            | Self::Chat
            | Self::Elevate
            | Self::Unattended
            | Self::Administer(_) => None,
        }
    }
}

impl Duty {
    /// What it takes.
    pub(crate) fn permission(self) -> Permission {
        match self {
            Self::ReadRecords => Permission::ConnectorViewReports,
            Self::EndSessions => Permission::EndSessions,
            Self::ManageRoles => Permission::ManageRoles,
            Self::ManageDevices => Permission::ManageDevices,
            Self::ManageTenant => Permission::ConnectorUpdate,
            Self::Export => Permission::ExportRecords,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(name: &str) -> Result<Self, UnknownAction> {
        let found = Self::ALL.into_iter().find(|action| action.name() == name);
        found.ok_or_else(|| UnknownAction(rh_protocol::safe_text(name, 128)))
    }
}

impl TryFrom<String> for Action {
    type Error = UnknownAction;

    fn try_from(name: String) -> Result<Self, UnknownAction> {
        name.parse()
    }
}

impl From<Action> for String {
    fn from(action: Action) -> Self {
        action.name().to_owned()
    }
}
