//! From readings to states.

use std::collections::BTreeMap;

use super::report::{Report, Row};
use super::{Permission, Reading, Readings, State, Tried};

/// Which macOS, and which program.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct System {
    /// The major version of macOS, such as 15; 0 elsewhere.
    pub macos: u32,
    /// The program's bundle id, by which `tccutil` knows it.
    pub bundle_id: String,
}

/// The first macOS that asks again, about once a month, whether a program may record the screen.
const ASKS_AGAIN: u32 = 15;

/// Follows the permissions through the life of one process.
///
/// It remembers, since what a reading means depends on what came before: a grant that macOS refuses is
/// [`Stale`](State::Stale) if it never worked, [`NeedsRestart`](State::NeedsRestart) if it was given
/// just now, and [`ReapprovalDue`](State::ReapprovalDue) if it worked a moment ago.
#[derive(Clone, Debug)]
pub struct Monitor {
    system: System,
    memory: BTreeMap<Permission, Memory>,
}

/// What is remembered of one permission.
#[derive(Clone, Copy, Debug, Default)]
struct Memory {
    /// It worked in this process, and has not been taken since.
    worked: bool,
    /// This process was once told no.
    was_missing: bool,
    /// The last reading that was clear, and what it meant.
    clear: Option<(bool, State)>,
}

impl Monitor {
    /// A monitor that has seen nothing yet.
    pub fn new(system: System) -> Self {
        Self { system, memory: BTreeMap::new() }
    }

    /// Takes in one look at the machine.
    pub fn update(&mut self, readings: &Readings) -> Report {
        let all = &readings.permissions;
        let control = all.get(&Permission::Accessibility).is_some_and(|it| it.told);
        let rows = all.iter().map(|(&permission, &reading)| {
            // Accessibility holds the right to post events, whatever is told of that alone.
            let told = reading.told || permission == Permission::PostEvent && control;
            let reading = Reading { told, ..reading };
            let state = self.state(permission, reading);
            Row::new(permission, state, reading.tried == Tried::Works, &self.system)
        });
        Report { permissions: rows.collect(), conditions: readings.conditions.clone() }
    }

    fn state(&mut self, permission: Permission, reading: Reading) -> State {
        let memory = self.memory.entry(permission).or_default();
        let told = reading.told_anew.unwrap_or(reading.told);
        let state = match (told, reading.tried) {
            (_, Tried::Works) => State::Granted,
            (false, _) => State::Missing,
            // Told to a new process alone: this one has to become one.
            _ if !reading.told => State::NeedsRestart,
            (true, Tried::Refused) => memory.refused(permission, &self.system),
            // An unclear try changes nothing, as long as what macOS tells has not changed.
            (true, Tried::Unclear) => match memory.clear {
                Some((true, state)) => state,
                _ => State::Granted,
            },
        };
        memory.remember(told, state, reading.tried);
        state
    }
}

impl Memory {
    /// What it means that macOS says yes and refuses.
    fn refused(&self, permission: Permission, system: &System) -> State {
        let asks_again = permission == Permission::ScreenRecording && system.macos >= ASKS_AGAIN;
        match () {
            () if self.was_missing && !permission.takes_effect_at_once() => State::NeedsRestart,
            () if self.worked && asks_again => State::ReapprovalDue,
            () => State::Stale,
        }
    }

    fn remember(&mut self, told: bool, state: State, tried: Tried) {
        match state {
            State::Missing => *self = Self { was_missing: true, ..Self::default() },
            State::Granted if tried == Tried::Works => {
                (self.worked, self.was_missing) = (true, false);
            }
            State::Granted | State::Stale | State::NeedsRestart | State::ReapprovalDue => {}
        }
        if tried != Tried::Unclear {
            self.clear = Some((told, state));
        }
    }
}

#[cfg(test)]
mod tests;
