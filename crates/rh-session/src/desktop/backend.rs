//! Every backend by its name.

use std::fmt;
use std::str::FromStr;

use super::{Desktop, DesktopError, Mock};

/// Who watches the desktop.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Backend {
    /// macOS.
    MacOs,
    /// The X server that `DISPLAY` names; `desktop::x11` says what it notices.
    X11,
    /// A desktop on which nothing ever happens; [`Mock::scripted`] makes one with a script.
    Mock,
}

impl Backend {
    /// Every backend, also those that do not work on this machine.
    pub const ALL: [Self; 3] = [Self::MacOs, Self::X11, Self::Mock];

    /// The one that watches this machine's real desktop; never the mock. Whether it works shows
    /// on [`open`](Self::open).
    pub fn native() -> Self {
        if cfg!(target_os = "macos") { Self::MacOs } else { Self::X11 }
    }

    /// Begins to watch.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Unavailable`] if it does not work here; others as they say.
    pub fn open(self) -> Result<Box<dyn Desktop>, DesktopError> {
        match self {
            #[cfg(target_os = "macos")]
            Self::MacOs => Ok(Box::new(super::macos::MacDesktop::open()?)),
            #[cfg(not(target_os = "macos"))]
            Self::MacOs => Err(no_macos()),
            #[cfg(target_os = "linux")]
            Self::X11 => Ok(Box::new(super::x11::X11Desktop::open(None)?)),
            #[cfg(not(target_os = "linux"))]
            Self::X11 => Err(no_x11()),
            Self::Mock => Ok(Box::new(Mock::scripted().0)),
        }
    }

    /// Its name on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MacOs => "macos",
            Self::X11 => "x11",
            Self::Mock => "mock",
        }
    }
}

#[cfg(not(target_os = "macos"))]
fn no_macos() -> DesktopError {
    let detail = "this machine runs another system".to_owned();
    DesktopError::Unavailable { backend: "the macOS desktop", detail }
}

#[cfg(not(target_os = "linux"))]
fn no_x11() -> DesktopError {
    let detail = "this build was made for a system whose desktop is not X11".to_owned();
    DesktopError::Unavailable { backend: "X11", detail }
}

/// No backend has this name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is no desktop backend {0:?}; there are macos, x11 and mock")]
pub struct UnknownBackend(pub String);

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Backend {
    type Err = UnknownBackend;

    fn from_str(name: &str) -> Result<Self, UnknownBackend> {
        let known = Self::ALL.into_iter().find(|backend| backend.name() == name);
        known.ok_or_else(|| UnknownBackend(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_backend_reads_back_from_its_name() {
        for backend in Backend::ALL {
            assert_eq!(backend.to_string().parse(), Ok(backend));
        }
        let unknown = "X11".parse::<Backend>().unwrap_err().to_string();
        assert!(Backend::ALL.iter().all(|backend| unknown.contains(backend.name())));
    }

    #[test]
    fn a_mock_is_never_chosen_by_itself() {
        assert_ne!(Backend::native(), Backend::Mock);
    }

    #[test]
    fn the_other_systems_desktop_says_why_not() {
        let foreign = if cfg!(target_os = "macos") { Backend::X11 } else { Backend::MacOs };
        let refused = foreign.open().map(drop);
        assert!(matches!(refused, Err(DesktopError::Unavailable { .. })), "{refused:?}");
    }
}
