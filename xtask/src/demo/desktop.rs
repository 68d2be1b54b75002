//! Which desktop the demo shares.

use std::fmt;
use std::path::Path;
use std::process::Command;

use crate::program;

/// A desktop that can be shared here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Desktop {
    /// The Mac's own.
    Mac,
    /// The X server that `DISPLAY` names.
    X11,
    /// One in memory, for machines without a display.
    Virtual,
}

impl Desktop {
    /// The first that `agent` can open: a real one if there is any.
    pub(super) fn choose(agent: &Path) -> Self {
        Self::first(|desktop| {
            program::succeeds(Command::new(agent).arg("displays").args(desktop.arguments()))
        })
    }

    fn first(opens: impl Fn(Self) -> bool) -> Self {
        [Self::Mac, Self::X11].into_iter().find(|it| opens(*it)).unwrap_or(Self::Virtual)
    }

    /// What tells the agent to share it.
    pub(super) fn arguments(self) -> [&'static str; 2] {
        let name = match self {
            Self::Mac => "screencapturekit",
            Self::X11 => "x11",
            Self::Virtual => "virtual-desktop",
        };
        ["--screen", name]
    }
}

impl fmt::Display for Desktop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mac => "this Mac's",
            Self::X11 => "the X11 display that DISPLAY names",
            Self::Virtual => "a made-up one in memory, since no display could be opened",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agent_knows_every_desktop_by_its_name() {
        let path = crate::root().join("crates/rh-capture/src/backend.rs");
        let source = std::fs::read_to_string(path).unwrap();
        for desktop in [Desktop::Mac, Desktop::X11, Desktop::Virtual] {
            let [_, name] = desktop.arguments();
            assert!(source.contains(&format!("=> {name:?}")), "{name}");
        }
    }

    #[test]
    fn a_made_up_desktop_is_the_last_resort() {
        assert_eq!(Desktop::first(|_| true), Desktop::Mac);
        assert_eq!(Desktop::first(|it| it == Desktop::X11), Desktop::X11);
        assert_eq!(Desktop::first(|_| false), Desktop::Virtual);
    }
}
