//! Conditional access: which actions ask for a stronger sign-in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Action;
use crate::id::{ParseIdError, checked, id};

id!(
    /// An authentication context: a value of the claim `acrs`, such as `c1`.
    ///
    /// What it stands for is the identity provider's to say: *Developer guide to Conditional
    /// Access authentication context* (`https://learn.microsoft.com/entra/identity-platform/developer-guide-conditional-access-authentication-context`).
    /// Entra may issue a value that no policy is bound to, so a context proves something only
    /// where an administrator has bound one.
    AuthContext
);

/// The authentication context that each action asks for; empty by default.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ConditionalAccess(pub BTreeMap<Action, AuthContext>);

/// The authentication context that `action` asks for and that is not among `presented`.
///
/// An action asks for whatever the actions that it contains ask for: full control also for what
/// viewing does, an upgrade for what full control does, an export for what reading does. If more
/// than one is missing, the least action's comes first; ask again when it is there.
pub fn step_up_needed<'a>(
    action: Action,
    table: &'a ConditionalAccess,
    presented: &BTreeSet<AuthContext>,
) -> Option<&'a AuthContext> {
    let lesser = action.contains().and_then(|lesser| step_up_needed(lesser, table, presented));
    lesser.or_else(|| table.0.get(&action).filter(|context| !presented.contains(*context)))
}

#[cfg(test)]
mod tests {
    use rh_protocol::Role;

    use super::*;
    use crate::Duty;

    fn context(text: &str) -> AuthContext {
        text.parse().unwrap()
    }

    fn table(json: &str) -> ConditionalAccess {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_action_asks_for_its_context_until_it_is_presented() {
        let table = table(r#"{"session.full_control": "c1"}"#);
        let full = Action::Ask(Role::Control);
        assert_eq!(step_up_needed(full, &table, &BTreeSet::new()), Some(&context("c1")));
        assert_eq!(step_up_needed(full, &table, &[context("c2")].into()), Some(&context("c1")));
        assert_eq!(step_up_needed(full, &table, &[context("c1")].into()), None);
        assert_eq!(step_up_needed(Action::Ask(Role::View), &table, &BTreeSet::new()), None);
    }

    #[test]
    fn the_greater_action_is_no_way_around_the_lesser() {
        let table =
            table(r#"{"session.view": "c1", "session.upgrade": "c3", "records.read": "c4"}"#);
        let ask = |action, presented: &[&str]| {
            let presented = presented.iter().map(|it| context(it)).collect();
            step_up_needed(action, &table, &presented).map(AuthContext::to_string)
        };
        assert_eq!(ask(Action::Ask(Role::Control), &[]).as_deref(), Some("c1"));
        assert_eq!(ask(Action::Upgrade, &[]).as_deref(), Some("c1"));
        assert_eq!(ask(Action::Upgrade, &["c1"]).as_deref(), Some("c3"));
        assert_eq!(ask(Action::Upgrade, &["c1", "c3"]), None);
        assert_eq!(ask(Action::Administer(Duty::Export), &[]).as_deref(), Some("c4"));
    }

    #[test]
    fn a_table_with_an_unknown_action_is_refused_by_name() {
        let error = serde_json::from_str::<ConditionalAccess>(r#"{"session.fly": "c1"}"#);
        assert!(error.unwrap_err().to_string().contains("session.fly"));
        assert!(serde_json::from_str::<ConditionalAccess>(r#"{"session.view": ""}"#).is_err());
    }
}
