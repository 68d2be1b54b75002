//! The answer.

use serde::Serialize;

use crate::{AuthContext, Reason, Warning};

/// Whether an action may go on, and why or why not.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// It may.
    Allow {
        /// What the helper has to be told first.
        warnings: Vec<Warning>,
    },
    /// It may once the person who does it has signed in with `context`; until then, no.
    ///
    /// At [`Action::Join`](crate::Action::Join) that person is the sharer, else the helper or
    /// administrator. Nothing needs to end meanwhile.
    StepUp {
        /// What the claim `acrs` has to hold.
        context: AuthContext,
        /// What the helper has to be told first.
        warnings: Vec<Warning>,
    },
    /// It may not.
    Deny {
        /// Every reason that a person may know; at least one.
        reasons: Vec<Reason>,
    },
}

impl Decision {
    /// Whether it is an allow and nothing less.
    pub fn is_allow(&self) -> bool {
        matches!(self, Self::Allow { .. })
    }

    /// Whether it is a deny; a step-up is none.
    pub fn is_deny(&self) -> bool {
        matches!(self, Self::Deny { .. })
    }
}
