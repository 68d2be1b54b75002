//! What a session that runs may still do.

use rh_protocol::Role;
use serde::Serialize;

use crate::decide::{refusals, warnings};
use crate::{Action, Person, Reason, Target, Tenant, Warning};

/// What a session that runs may still do.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// All that it does.
    Continues {
        /// What the helper has to be told now.
        warnings: Vec<Warning>,
    },
    /// It may go on with viewing, and no longer with full control.
    ViewOnly {
        /// Why.
        reasons: Vec<Reason>,
    },
    /// Nothing: it ends.
    Ends {
        /// Why.
        reasons: Vec<Reason>,
    },
}

/// What the session of `helper` with `target`, in which `role` is allowed now, may still do.
///
/// `role` is `None` while the sharer has not allowed anything yet. Ask once a minute, and whenever
/// a role, an assignment, a switch, a group or the device changes. Authentication contexts are
/// asked for at an action and not again while it lasts: a sign-in that is over ends its sessions
/// by itself. Chat is an action of its own.
pub fn recheck(
    helper: &Person,
    role: Option<Role>,
    target: Target<'_>,
    tenant: &Tenant,
) -> Standing {
    let action = role.map_or(Action::Join, Action::Ask);
    let reasons = refusals(helper, action, target, tenant);
    if reasons.is_empty() {
        return Standing::Continues { warnings: warnings(action, target) };
    }
    if role == Some(Role::Control) {
        let view = refusals(helper, Action::Ask(Role::View), target, tenant);
        return match view.is_empty() {
            true => Standing::ViewOnly { reasons },
            false => Standing::Ends { reasons: view },
        };
    }
    Standing::Ends { reasons }
}
