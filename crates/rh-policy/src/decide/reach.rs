//! How far a permission of a person reaches.

use crate::{Permission, Person, RoleAssignment, Scope, Target, Tenant};

/// How far a permission reaches, from least to most.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Reach {
    /// No role of the person has it.
    Nowhere,
    /// The person has it, for others.
    Elsewhere {
        /// Whether it is for all devices: then the target is none only for not being enrolled.
        unenrolled: bool,
    },
    /// The person has it for the target.
    Here,
}

/// How far `permission` of `person` reaches towards `target`.
pub(super) fn reach(
    permission: Permission,
    person: &Person,
    target: Target<'_>,
    tenant: &Tenant,
) -> Reach {
    let reaches = grants(permission, person, tenant).map(|assignment| {
        if permission == Permission::ConnectorRead || holds(&assignment.scope, target) {
            return Reach::Here;
        }
        Reach::Elsewhere { unenrolled: assignment.scope.has_all_devices() }
    });
    reaches.max().unwrap_or(Reach::Nowhere)
}

/// Whether `person` has `permission` for anybody.
pub(super) fn has_anywhere(permission: Permission, person: &Person, tenant: &Tenant) -> bool {
    grants(permission, person, tenant).next().is_some()
}

/// The assignments that give `permission` to `person`.
fn grants<'a>(
    permission: Permission,
    person: &'a Person,
    tenant: &'a Tenant,
) -> impl Iterator<Item = &'a RoleAssignment> {
    let own = tenant.assignments.iter().filter(|it| it.members.include(person));
    own.filter(move |it| {
        tenant.roles.find(&it.role).is_some_and(|role| role.permissions.contains(&permission))
    })
}

/// Whether the sharer or the device is in the scope. Who will come to a code is checked when they
/// do; who comes to a device is somebody of the tenant.
fn holds(scope: &Scope, target: Target<'_>) -> bool {
    match target {
        Target::Anyone => true,
        Target::Device(device) => scope.has_everyone() || scope.holds_device(device),
        Target::Sharer { person, device, .. } => {
            scope.holds_person(person) || scope.holds_device(device)
        }
    }
}
