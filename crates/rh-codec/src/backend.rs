//! Which encoders there are, and how one is made.

use std::fmt;
use std::str::FromStr;

#[cfg(target_os = "macos")]
use crate::macos::open as open_videotoolbox;
use crate::mock::Mock;
use crate::openh264::OpenH264;
use crate::{EncodeError, Encoder};

/// Something that compresses pictures.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Backend {
    /// The hardware of a Mac (VideoToolbox).
    VideoToolbox,
    /// openh264, on the processor.
    OpenH264,
    /// No codec at all: pictures that a test can read, see [`mock`](crate::mock).
    Mock,
}

/// What to aim at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Settings {
    /// Bits per second, until [`Encoder::set_bitrate`] says otherwise.
    pub bits_per_second: u32,
    /// Pictures per second at most; 1 to 60.
    pub frames_per_second: u16,
    /// Threads at most, where the processor encodes; 1 to 4. Small pictures take fewer.
    pub threads: u16,
}

impl Default for Settings {
    /// 12 Mbit/s at 60 pictures per second with two threads: a desktop of 1920x1080 stays sharp.
    fn default() -> Self {
        Self { bits_per_second: 12_000_000, frames_per_second: 60, threads: 2 }
    }
}

impl Backend {
    /// Every backend, on every platform.
    pub const ALL: [Self; 3] = [Self::VideoToolbox, Self::OpenH264, Self::Mock];

    /// The one to try first on this machine; never the mock.
    #[must_use]
    pub fn best() -> Self {
        if cfg!(target_os = "macos") { Self::VideoToolbox } else { Self::OpenH264 }
    }

    /// The one to try when this one is unavailable; whoever does so says it aloud. Never the mock.
    #[must_use]
    pub fn fallback(self) -> Option<Self> {
        match self {
            Self::VideoToolbox => Some(Self::OpenH264),
            Self::OpenH264 | Self::Mock => None,
        }
    }

    /// Makes an encoder. It learns the size of its pictures from the first.
    ///
    /// # Errors
    ///
    /// [`EncodeError::Unavailable`] if the backend cannot work here.
    pub fn open(self, settings: Settings) -> Result<Box<dyn Encoder>, EncodeError> {
        match self {
            Self::VideoToolbox => open_videotoolbox(settings),
            Self::OpenH264 => Ok(Box::new(OpenH264::new(settings))),
            Self::Mock => Ok(Box::new(Mock::default())),
        }
    }
}

#[cfg(not(target_os = "macos"))]
fn open_videotoolbox(_: Settings) -> Result<Box<dyn Encoder>, EncodeError> {
    Err(EncodeError::Unavailable {
        backend: "videotoolbox",
        detail: "VideoToolbox is part of macOS".into(),
    })
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::VideoToolbox => "videotoolbox",
            Self::OpenH264 => "openh264",
            Self::Mock => "mock",
        })
    }
}

/// The name is no backend's.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is no encoder {0:?}; there are videotoolbox, openh264 and mock")]
pub struct UnknownBackend(String);

impl FromStr for Backend {
    type Err = UnknownBackend;

    fn from_str(name: &str) -> Result<Self, UnknownBackend> {
        let named = Self::ALL.into_iter().find(|backend| backend.to_string() == name);
        named.ok_or_else(|| UnknownBackend(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_backend_is_known_by_its_name() {
        for backend in Backend::ALL {
            assert_eq!(backend.to_string().parse(), Ok(backend));
        }
        assert!("OpenH264 ".parse::<Backend>().is_err());
    }

    #[test]
    fn the_mock_is_never_chosen_by_itself() {
        let chosen = std::iter::successors(Some(Backend::best()), |backend| backend.fallback());
        assert!(chosen.clone().all(|backend| backend != Backend::Mock));
        assert_eq!(chosen.last(), Some(Backend::OpenH264));
    }

    #[cfg(not(target_os = "macos"))]
    #[test]
    fn what_is_missing_is_said_plainly() {
        let error = Backend::VideoToolbox.open(Settings::default()).err().expect("no Mac");
        assert_eq!(
            error.to_string(),
            "videotoolbox is not available here: VideoToolbox is part of macOS"
        );
    }
}
