//! Every backend by its name.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use rh_protocol::{Display, DisplayId};

use crate::mock::{Pattern, VirtualDesktop};
use crate::permission::{Permission, judge};
use crate::{CaptureError, Screen};

/// Where pictures come from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Backend {
    /// Apple's ScreenCaptureKit.
    ScreenCaptureKit,
    /// The X server that `DISPLAY` names; see [`x11`](crate::x11).
    X11,
    /// Numbered frames; see [`Pattern`].
    Pattern,
    /// A desktop in memory; see [`VirtualDesktop`]. Each [`open`](Self::open) makes a new one that
    /// nobody can act on: whoever also injects input makes the handle and asks it for the screen.
    VirtualDesktop,
}

impl Backend {
    /// Every backend, also those that do not work on this machine.
    pub const ALL: [Self; 4] =
        [Self::ScreenCaptureKit, Self::X11, Self::Pattern, Self::VirtualDesktop];

    /// The one that shows this machine's real desktop; never a mock.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Unavailable`] if there is none, [`CaptureError::Denied`] if it may not be
    /// seen.
    pub fn detect() -> Result<Self, CaptureError> {
        let real = if cfg!(target_os = "macos") { Self::ScreenCaptureKit } else { Self::X11 };
        real.displays().map(|_| real)
    }

    /// The displays there are now, the main one marked.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Unavailable`] if it does not work here; others as they say.
    pub fn displays(self) -> Result<Vec<Display>, CaptureError> {
        match self {
            #[cfg(target_os = "macos")]
            Self::ScreenCaptureKit => crate::macos::ScreenCapture::default().displays(),
            #[cfg(not(target_os = "macos"))]
            Self::ScreenCaptureKit => Err(no_screen_capture_kit()),
            #[cfg(target_os = "linux")]
            Self::X11 => crate::x11::Server::default().displays(),
            #[cfg(not(target_os = "linux"))]
            Self::X11 => Err(no_x11()),
            Self::Pattern => Ok(vec![Pattern::display()]),
            Self::VirtualDesktop => Ok(vec![VirtualDesktop::display()]),
        }
    }

    /// Opens one display.
    ///
    /// # Errors
    ///
    /// [`CaptureError::NoDisplay`] if there is no such display; others as they say.
    pub fn open(self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        match self {
            #[cfg(target_os = "macos")]
            Self::ScreenCaptureKit => crate::macos::ScreenCapture::default().open(display),
            #[cfg(not(target_os = "macos"))]
            Self::ScreenCaptureKit => Err(no_screen_capture_kit()),
            #[cfg(target_os = "linux")]
            Self::X11 => crate::x11::Server::default().open(display),
            #[cfg(not(target_os = "linux"))]
            Self::X11 => Err(no_x11()),
            Self::Pattern => Ok(Box::new(Pattern::open(display)?)),
            Self::VirtualDesktop => Ok(Box::new(VirtualDesktop::new().open(display)?)),
        }
    }

    /// Whether pictures may be taken, as the system says without asking anybody; only macOS has such
    /// a permission, and it may be wrong: see [`probe`](Self::probe).
    pub fn permission(self) -> Permission {
        match self {
            #[cfg(target_os = "macos")]
            Self::ScreenCaptureKit => crate::macos::permission(),
            #[cfg(not(target_os = "macos"))]
            Self::ScreenCaptureKit => Permission::Unknown,
            Self::X11 | Self::Pattern | Self::VirtualDesktop => Permission::Granted,
        }
    }

    /// Has the system ask the user for the permission; it may answer before the user does.
    pub fn request_permission(self) -> Permission {
        match self {
            #[cfg(target_os = "macos")]
            Self::ScreenCaptureKit => crate::macos::request(),
            #[cfg(not(target_os = "macos"))]
            Self::ScreenCaptureKit => Permission::Unknown,
            Self::X11 | Self::Pattern | Self::VirtualDesktop => Permission::Granted,
        }
    }

    /// Finds out whether pictures may be taken by taking one of the main display (B-02).
    pub fn probe(self) -> Permission {
        let claimed = self.permission();
        judge(claimed != Permission::Missing, &self.first_picture())
    }

    fn first_picture(self) -> Result<bool, CaptureError> {
        let displays = self.displays()?;
        let main = displays.iter().find(|display| display.primary).or(displays.first());
        let Some(main) = main else { return Ok(false) };
        Ok(self.open(main.id)?.next(Duration::ZERO)?.is_some())
    }

    /// Its name on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScreenCaptureKit => "screencapturekit",
            Self::X11 => "x11",
            Self::Pattern => "pattern",
            Self::VirtualDesktop => "virtual-desktop",
        }
    }
}

#[cfg(not(target_os = "macos"))]
fn no_screen_capture_kit() -> CaptureError {
    let detail = "it is a part of macOS, and this machine runs another system".to_owned();
    CaptureError::Unavailable { backend: "ScreenCaptureKit", detail }
}

#[cfg(not(target_os = "linux"))]
fn no_x11() -> CaptureError {
    let detail = "this build was made for a system whose desktop is not X11".to_owned();
    CaptureError::Unavailable { backend: "X11", detail }
}

/// No backend has this name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "there is no capture backend {0:?}; there are screencapturekit, x11, pattern and virtual-desktop"
)]
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
        assert!(!matches!(Backend::detect(), Ok(Backend::Pattern | Backend::VirtualDesktop)));
    }

    /// B-02: the probe is a real picture, and a backend that cannot work is not one that may not.
    #[test]
    fn a_probe_takes_a_picture() {
        assert_eq!(Backend::Pattern.probe(), Permission::Granted);
        assert_eq!(Backend::Pattern.permission(), Permission::Granted);
        assert_eq!(Backend::Pattern.request_permission(), Permission::Granted);
    }

    #[test]
    #[cfg(not(target_os = "macos"))]
    fn off_macos_nothing_is_known_of_its_permission() {
        assert_eq!(Backend::ScreenCaptureKit.permission(), Permission::Unknown);
        assert_eq!(Backend::ScreenCaptureKit.probe(), Permission::Unknown);
    }

    #[test]
    #[cfg(not(target_os = "macos"))]
    fn off_macos_its_backend_says_why_not() {
        let refused = Backend::ScreenCaptureKit.open(DisplayId(0)).map(drop);
        assert!(matches!(refused, Err(CaptureError::Unavailable { .. })));
    }
}
