//! From documents of Microsoft Graph to roles of ours.

use std::collections::{BTreeMap, BTreeSet};

use rh_protocol::{limits, safe_text};

use super::NoAssignment::{self, RoleIgnored};
use super::graph::{self, Export, List};
use super::{EXPORT_BYTES, EXPORT_ENTRIES, Ignored, Import, ImportError};
use crate::{GroupId, Members, Permission, RoleAssignment, RoleDefinition, RoleId, Roles, Scope};

/// Reads an export of roles from bytes that nobody vouches for.
///
/// # Errors
///
/// [`ImportError`]; never panics, whatever the bytes. JSON that is nested deeper than 128 levels is
/// malformed.
pub fn read(json: &[u8]) -> Result<Import, ImportError> {
    if json.len() > EXPORT_BYTES {
        return Err(ImportError::TooLong(json.len()));
    }
    let export: Export = serde_json::from_slice(json)
        .map_err(|error| ImportError::Malformed(safe_text(&error.to_string(), 256)))?;
    let (definitions, assignments) = lists(export)?;
    let mut reader = Reader::default();
    let mut nested = Vec::new();
    for mut definition in definitions {
        let own = definition.role_assignments.take().unwrap_or_default();
        let role = reader.role(definition)?;
        nested.extend(own.into_iter().map(|assignment| (Some(role.clone()), assignment)));
    }
    let apart = assignments
        .into_iter()
        .map(|assignment| (assignment.role().and_then(|role| role.parse().ok()), assignment));
    for (role, assignment) in bounded(nested.into_iter().chain(apart).collect())? {
        reader.assignment(role, assignment)?;
    }
    Ok(reader.import)
}

type Lists = (Vec<graph::RoleDefinition>, Vec<graph::RoleAssignment>);

/// The two lists of an export, whichever way it has them.
fn lists(export: Export) -> Result<Lists, ImportError> {
    let Export { value, next_link, role_definitions, role_assignments } = export;
    if next_link.is_some() {
        return Err(ImportError::Incomplete);
    }
    let definitions = match (value, role_definitions) {
        (Some(value), None) => value,
        (None, Some(list)) => whole(list)?,
        (Some(_), Some(_)) => {
            let twice = "the roles are in it twice, as `value` and as `roleDefinitions`";
            return Err(ImportError::Malformed(twice.to_owned()));
        }
        (None, None) => return Err(ImportError::Empty),
    };
    let assignments = role_assignments.map_or_else(|| Ok(Vec::new()), whole)?;
    Ok((bounded(definitions)?, assignments))
}

fn whole<T>(list: List<T>) -> Result<Vec<T>, ImportError> {
    match list {
        List::Alone(value) | List::Answer { value, next_link: None } => Ok(value),
        List::Answer { next_link: Some(_), .. } => Err(ImportError::Incomplete),
    }
}

fn bounded<T>(list: Vec<T>) -> Result<Vec<T>, ImportError> {
    match list.len() {
        0..=EXPORT_ENTRIES => Ok(list),
        many => Err(ImportError::TooMany(many)),
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    import: Import,
    /// The roles of the export, and whether each grants something here.
    seen: BTreeMap<RoleId, bool>,
    /// The roles of ours, which an export neither replaces nor gives to anybody.
    ours: Roles,
}

impl Reader {
    fn role(&mut self, definition: graph::RoleDefinition) -> Result<RoleId, ImportError> {
        let id: RoleId = parse(&definition.id)?;
        if self.seen.contains_key(&id) || self.ours.find(&id).is_some() {
            return Err(ImportError::Taken(id));
        }
        let display_name = match name(definition.display_name.as_deref()) {
            empty if empty.is_empty() => id.to_string(),
            name => name,
        };
        let permissions = self.permissions(&id, definition.role_permissions.unwrap_or_default());
        self.seen.insert(id.clone(), !permissions.is_empty());
        if permissions.is_empty() {
            self.import.ignored.push(Ignored::Role { name: display_name });
        } else {
            self.import.roles.push(RoleDefinition { id: id.clone(), display_name, permissions });
        }
        Ok(id)
    }

    /// What is allowed and nowhere in the role not allowed.
    fn permissions(
        &mut self,
        role: &RoleId,
        permissions: Vec<graph::RolePermission>,
    ) -> BTreeSet<Permission> {
        let actions =
            permissions.into_iter().flat_map(|it| it.resource_actions.unwrap_or_default());
        let (mut allowed, mut refused, mut unknown) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for action in actions {
            for name in action.allowed_resource_actions.unwrap_or_default() {
                match name.parse::<Permission>().ok().filter(|it| it.is_intunes()) {
                    Some(permission) => allowed.insert(permission),
                    None => unknown.insert(safe_text(&name, limits::NAME_CHARS)),
                };
            }
            refused.extend(action.not_allowed_resource_actions.unwrap_or_default());
        }
        if !unknown.is_empty() {
            let role = role.clone();
            self.import.ignored.push(Ignored::Actions { role, actions: unknown });
        }
        allowed.retain(|permission| !refused.contains(permission.name()));
        allowed
    }

    fn assignment(
        &mut self,
        role: Option<RoleId>,
        assignment: graph::RoleAssignment,
    ) -> Result<(), ImportError> {
        let role = role.ok_or(NoAssignment::RoleMissing);
        let granting = |role: &RoleId| self.seen.get(role) == Some(&true);
        let role = role.and_then(|role| granting(&role).then_some(role).ok_or(RoleIgnored));
        let members = Members { groups: groups(&assignment.members)?, people: BTreeSet::new() };
        let scope = scope(&assignment)?.ok_or(NoAssignment::ScopeUnknown);
        match role.and_then(|role| scope.map(|scope| (role, scope))) {
            Ok((role, scope)) => {
                self.import.assignments.push(RoleAssignment { role, members, scope });
            }
            Err(why) => {
                let name = name(assignment.display_name.as_deref());
                self.import.ignored.push(Ignored::Assignment { name, why });
            }
        }
        Ok(())
    }
}

/// Whom an assignment is for; `None` if its kind of scope is not known. Groups count for the one
/// kind that has them, which is also the default.
fn scope(assignment: &graph::RoleAssignment) -> Result<Option<Scope>, ImportError> {
    let mut resource_scopes = groups(&assignment.resource_scopes)?;
    resource_scopes.extend(groups(&assignment.scope_members)?);
    Ok(match assignment.scope_type.as_deref() {
        None | Some("resourceScope") => Some(Scope::ResourceScope { resource_scopes }),
        Some("allDevices") => Some(Scope::AllDevices),
        Some("allLicensedUsers") => Some(Scope::AllLicensedUsers),
        Some("allDevicesAndLicensedUsers") => Some(Scope::AllDevicesAndLicensedUsers),
        Some(_) => None,
    })
}

fn groups(ids: &Option<Vec<String>>) -> Result<BTreeSet<GroupId>, ImportError> {
    ids.iter().flatten().map(|id| parse(id)).collect()
}

fn parse<T: std::str::FromStr<Err = crate::ParseIdError>>(id: &str) -> Result<T, ImportError> {
    id.parse().map_err(|error: crate::ParseIdError| {
        ImportError::Malformed(format!("{:?}: {error}", safe_text(id, 64)))
    })
}

fn name(text: Option<&str>) -> String {
    safe_text(text.unwrap_or_default(), limits::NAME_CHARS)
}
