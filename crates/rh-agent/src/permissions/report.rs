//! How everything stands, for people and for programs.

use rh_protocol::Role;
use serde::Serialize;

use super::{Condition, Permission, State, System};

/// One permission as a row of a list: everything a user interface shows of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Row {
    /// Which permission.
    pub permission: Permission,
    /// Its name in System Settings.
    pub name: &'static str,
    /// How it stands.
    pub state: State,
    /// Whether it was seen to work, and not only told so.
    pub proven: bool,
    /// What it is needed for.
    pub needed_for: &'static [Role],
    /// Opens its pane of System Settings.
    pub settings: &'static str,
    /// Whether macOS takes a change up while the program runs.
    pub takes_effect_at_once: bool,
    /// What to do; nothing once it is granted.
    pub fix: Option<String>,
    /// Commands for a terminal that do the same, where there are any.
    pub commands: Vec<String>,
}

/// How every permission stands, and what else there is to know.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Report {
    /// The permissions of this platform; none off macOS.
    pub permissions: Vec<Row>,
    /// What else was found.
    pub conditions: Vec<Condition>,
}

impl Row {
    pub(super) fn new(permission: Permission, state: State, proven: bool, system: &System) -> Self {
        let commands = match state {
            State::Stale => {
                vec![format!("tccutil reset {} {}", permission.service(), system.bundle_id)]
            }
            State::Granted | State::Missing | State::NeedsRestart | State::ReapprovalDue => {
                Vec::new()
            }
        };
        Self {
            permission,
            name: permission.name(),
            state,
            proven,
            needed_for: permission.needed_for(),
            settings: permission.settings_url(),
            takes_effect_at_once: permission.takes_effect_at_once(),
            fix: fix(permission, state, system),
            commands,
        }
    }

    /// Whether it is granted.
    pub fn is_granted(&self) -> bool {
        self.state == State::Granted
    }
}

impl Report {
    /// Whether all that `role` needs is granted and nothing stops it.
    pub fn ready_for(&self, role: Role) -> bool {
        let mut needed = self.permissions.iter().filter(|row| row.needed_for.contains(&role));
        needed.all(Row::is_granted) && !self.conditions.iter().any(|it| it.stops().contains(&role))
    }

    /// Whether nothing at all is left to do: both roles are ready.
    pub fn is_green(&self) -> bool {
        [Role::View, Role::Control].into_iter().all(|role| self.ready_for(role))
    }

    /// What is different from `before`, one line each.
    pub fn changes_since(&self, before: &Self) -> Vec<String> {
        let rows = self.permissions.iter().filter(|row| {
            let same = |it: &&Row| it.permission == row.permission && it.state == row.state;
            !before.permissions.iter().any(|it| same(&it))
        });
        let mut lines: Vec<_> = rows.map(Row::to_string).collect();
        let begun = self.conditions.iter().filter(|it| !before.conditions.contains(it));
        lines.extend(begun.map(Condition::notice));
        let ended = before.conditions.iter().filter(|it| !self.conditions.contains(it));
        lines.extend(ended.map(|it| format!("No longer: {}", it.notice())));
        lines
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = match (self.state, self.proven) {
            (State::Granted, true) => "granted, and it works",
            (State::Granted, false) => "granted",
            (State::Missing, _) => "MISSING",
            (State::Stale, _) => "STALE",
            (State::NeedsRestart, _) => "NEEDS A RESTART of this program",
            (State::ReapprovalDue, _) => "TO BE APPROVED AGAIN",
        };
        write!(f, "{}: {state}", self.name)
    }
}

/// What the person at the machine does about it.
fn fix(permission: Permission, state: State, system: &System) -> Option<String> {
    let name = permission.name();
    match state {
        State::Granted => None,
        State::Missing => Some(format!(
            "In System Settings, Privacy & Security, {name}, switch this program on.{}",
            match permission.takes_effect_at_once() {
                true => " It takes effect at once.",
                false => " macOS then asks to quit and reopen it: let it.",
            }
        )),
        State::Stale => Some(format!(
            "macOS shows it as allowed, but for an earlier version of this program. In {name}, \
             remove it with the minus button and add it again; or reset it with \
             `tccutil reset {} {}` and allow it anew.{}",
            permission.service(),
            system.bundle_id,
            match permission {
                Permission::ScreenRecording if system.macos >= 15 => {
                    " Look first whether macOS is asking to allow it for another month."
                }
                Permission::ScreenRecording | Permission::Accessibility | Permission::PostEvent =>
                    "",
            }
        )),
        State::NeedsRestart => Some("Quit this program and open it again.".to_owned()),
        State::ReapprovalDue => Some(
            "macOS asks about once a month whether this program may still record the screen: \
             answer Allow. An administrator can have it not ask (forceBypassScreenCaptureAlert)."
                .to_owned(),
        ),
    }
}
