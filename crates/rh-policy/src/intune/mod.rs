//! Roles as Intune has them, exported from Microsoft Graph.
//!
//! [`read`] takes what these give, fetched to the last page:
//!
//! - `GET /deviceManagement/roleDefinitions?$expand=roleAssignments`, as it is; or
//! - one object with `roleDefinitions` and `roleAssignments`, each the list or the answer with that
//!   list as its `value`. An assignment then names its role by an expanded `roleDefinition` or by
//!   `roleDefinition@odata.bind`.
//!
//! The shapes are those of
//! `https://learn.microsoft.com/graph/api/resources/intune-rbac-roledefinition`,
//! `…/intune-rbac-roleassignment` and `…/intune-rbac-deviceandappmanagementroleassignment`, of v1.0
//! and beta. No live tenant was at hand: tested with exports written after these pages.
//!
//! An export is not trusted: it is bounded before it is read, it grants permissions of Intune's only
//! and never the administrative ones of ours, and whatever has no meaning here is listed as
//! [`Ignored`] with its name, for the person who imports to see.

mod graph;
mod import;

use std::collections::BTreeSet;

use crate::{RoleAssignment, RoleDefinition, RoleId};

pub use import::read;

/// Bytes of the largest export.
pub const EXPORT_BYTES: usize = 4 * 1024 * 1024;

/// Role definitions, and role assignments, of the largest export.
pub const EXPORT_ENTRIES: usize = 10_000;

/// What an export holds.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Import {
    /// The roles that grant something here.
    pub roles: Vec<RoleDefinition>,
    /// Who has them, by the groups they are in.
    pub assignments: Vec<RoleAssignment>,
    /// What was left out, in the order of the export.
    pub ignored: Vec<Ignored>,
}

/// One thing that was left out. Names are made fit to be shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ignored {
    /// Resource actions that mean nothing here.
    Actions {
        /// The role that grants them.
        role: RoleId,
        /// Their names.
        actions: BTreeSet<String>,
    },
    /// A role of which no resource action means anything here.
    Role {
        /// Its name to people.
        name: String,
    },
    /// An assignment.
    Assignment {
        /// Its name to people.
        name: String,
        /// Why.
        why: NoAssignment,
    },
}

/// Why an assignment was left out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoAssignment {
    /// It does not say which role it gives.
    RoleMissing,
    /// It gives a role that is not in the export, or that grants nothing here.
    RoleIgnored,
    /// Its kind of scope is not known.
    ScopeUnknown,
}

/// Why an export cannot be imported. Nothing of it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// More than [`EXPORT_BYTES`]; not looked into.
    #[error("the export has {0} bytes and may have {EXPORT_BYTES}; export the roles alone")]
    TooLong(usize),
    /// More than [`EXPORT_ENTRIES`] of one kind.
    #[error("the export has {0} entries of one kind and may have {EXPORT_ENTRIES}")]
    TooMany(usize),
    /// Not JSON of the documented shape.
    #[error("not an export of roles: {0}")]
    Malformed(String),
    /// There are more pages.
    #[error("this is one page of a longer list; follow @odata.nextLink and join the pages")]
    Incomplete,
    /// No list of roles is in it.
    #[error("no roles in it; export deviceManagement/roleDefinitions")]
    Empty,
    /// One id names two roles, or a built-in role of ours.
    #[error("the id {0} is taken; leave one of the two roles out")]
    Taken(RoleId),
}
