//! Who has which role, and for whom.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Device, Enrolment, GroupId, Person, PersonId, RoleId};

/// Gives a role to people, for the people and devices in its scope; Microsoft Graph's
/// `deviceAndAppManagementRoleAssignment`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleAssignment {
    /// The role. One that the tenant does not have gives nothing.
    pub role: RoleId,
    /// Who gets it.
    pub members: Members,
    /// Whom they may help by it.
    pub scope: Scope,
}

/// People, one by one or by the groups they are in.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Members {
    /// One by one.
    pub people: BTreeSet<PersonId>,
    /// Everyone in these; all that Intune knows.
    pub groups: BTreeSet<GroupId>,
}

/// Whom an assignment is for; Microsoft Graph's `roleAssignmentScopeType` with its groups.
///
/// A scope says nothing of administration, which is about the tenant as a whole.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "scopeType", rename_all = "camelCase", deny_unknown_fields)]
pub enum Scope {
    /// The people and devices in these groups.
    #[serde(rename_all = "camelCase")]
    ResourceScope {
        /// The scope groups.
        resource_scopes: BTreeSet<GroupId>,
    },
    /// Every enrolled device. A device that is not enrolled is never among them.
    AllDevices,
    /// Everyone of the tenant: there are no licences here.
    AllLicensedUsers,
    /// Both.
    AllDevicesAndLicensedUsers,
}

impl Members {
    pub(crate) fn include(&self, person: &Person) -> bool {
        self.people.contains(&person.id) || !self.groups.is_disjoint(&person.groups)
    }
}

impl Scope {
    /// Whether all devices are in it.
    pub(crate) fn has_all_devices(&self) -> bool {
        match self {
            Self::AllDevices | Self::AllDevicesAndLicensedUsers => true,
            Self::ResourceScope { .. } | Self::AllLicensedUsers => false,
        }
    }

    /// Whether everyone of the tenant is in it.
    pub(crate) fn has_everyone(&self) -> bool {
        match self {
            Self::AllLicensedUsers | Self::AllDevicesAndLicensedUsers => true,
            Self::ResourceScope { .. } | Self::AllDevices => false,
        }
    }

    pub(crate) fn holds_person(&self, person: &Person) -> bool {
        match self {
            Self::ResourceScope { resource_scopes } => !resource_scopes.is_disjoint(&person.groups),
            Self::AllLicensedUsers | Self::AllDevicesAndLicensedUsers => true,
            Self::AllDevices => false,
        }
    }

    pub(crate) fn holds_device(&self, device: &Device) -> bool {
        match self {
            Self::ResourceScope { resource_scopes } => !resource_scopes.is_disjoint(&device.groups),
            Self::AllDevices | Self::AllDevicesAndLicensedUsers => {
                device.enrolment == Enrolment::Enrolled
            }
            Self::AllLicensedUsers => false,
        }
    }
}
