//! Which backend carries out strokes.

use std::fmt;
use std::str::FromStr;

use crate::{Injector, InputError, Recorder};

/// A way of acting on a desktop.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Backend {
    /// Quartz events of macOS (`CGEventPost`).
    CgEvent,
    /// The XTEST extension of an X11 server, that of `DISPLAY`.
    Xtest,
    /// A [`Recorder`]: nothing is done, everything is noted.
    Recorder,
}

/// No backend has this name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no input backend is called {0:?}; there are cgevent, xtest and recorder")]
pub struct UnknownBackend(pub String);

impl Backend {
    /// Every backend.
    pub const ALL: [Self; 3] = [Self::CgEvent, Self::Xtest, Self::Recorder];

    /// The backend of this platform; never a mock.
    pub fn detect() -> Self {
        if std::env::consts::OS == "macos" { Self::CgEvent } else { Self::Xtest }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::CgEvent => "cgevent",
            Self::Xtest => "xtest",
            Self::Recorder => "recorder",
        }
    }

    /// Makes the injector.
    ///
    /// # Errors
    ///
    /// [`InputError::Unavailable`] if this machine or this build cannot; [`InputError::Denied`]
    /// if the user has not allowed it.
    pub fn open(self) -> Result<Box<dyn Injector>, InputError> {
        match self {
            #[cfg(target_os = "macos")]
            Self::CgEvent => Ok(Box::new(crate::macos::CgEvent::open()?)),
            #[cfg(not(target_os = "macos"))]
            Self::CgEvent => Err(self.unavailable("this build has no Quartz events")),
            #[cfg(target_os = "linux")]
            Self::Xtest => Ok(Box::new(crate::x11::Xtest::open(None)?)),
            #[cfg(not(target_os = "linux"))]
            Self::Xtest => Err(self.unavailable("this build has no X11")),
            Self::Recorder => Ok(Box::new(Recorder::default())),
        }
    }

    fn unavailable(self, detail: &str) -> InputError {
        InputError::Unavailable { backend: self.name(), detail: detail.to_owned() }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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
    fn a_backend_reads_back_from_its_name() {
        for backend in Backend::ALL {
            assert_eq!(backend.to_string().parse(), Ok(backend));
        }
        assert_eq!("mouse".parse::<Backend>(), Err(UnknownBackend("mouse".into())));
    }

    #[test]
    fn a_mock_is_never_detected() {
        assert_ne!(Backend::detect(), Backend::Recorder);
    }

    #[test]
    fn what_is_not_built_says_so() {
        let foreign = if cfg!(target_os = "macos") { Backend::Xtest } else { Backend::CgEvent };
        let Some(InputError::Unavailable { backend, .. }) = foreign.open().err() else {
            panic!("{foreign} must be unavailable");
        };
        assert_eq!(backend, foreign.name());
    }
}
