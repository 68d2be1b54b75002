//! The desktop of macOS: locks, users, sleep, secure input, displays and permissions, asked every
//! second.
//!
//! Sources: Apple's "Quartz Display Services", "Quartz Window Services" and "IOKit power
//! management". What is asked is judged in [`aqua`](super::aqua). Compiled and linked for macOS on
//! Linux; `tests/macos.rs` proves it on a Mac.

mod ask;
mod awake;

use std::time::Duration;

use super::aqua::Reading;
use super::polled::Polled;
use super::{Desktop, DesktopError, DesktopEvent, DesktopState, Permissions};
pub use awake::Awake;

/// How often macOS is asked.
const EVERY: Duration = Duration::from_secs(1);

/// The desktop of the user whose login session this program is in.
///
/// As long as it is watched, the machine does not fall asleep for want of use.
#[derive(Debug)]
pub struct MacDesktop {
    polled: Polled<fn() -> Reading>,
    /// `None` if macOS would not stay awake: then a sleep is noticed as any other is.
    _awake: Option<Awake>,
}

impl MacDesktop {
    /// Begins to watch.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Unavailable`] outside a login session, such as in a system daemon.
    pub fn open() -> Result<Self, DesktopError> {
        if ask::session().is_none() {
            let detail = "this program runs outside a login session".to_owned();
            return Err(DesktopError::Unavailable { backend: "the macOS desktop", detail });
        }
        let awake = Awake::hold("Somebody is being helped from afar")
            .inspect_err(|error| tracing::warn!(%error, "the machine may fall asleep"));
        Ok(Self { polled: Polled::new(ask::everything, EVERY), _awake: awake.ok() })
    }
}

impl Desktop for MacDesktop {
    fn next(&mut self, patience: Duration) -> Result<Option<DesktopEvent>, DesktopError> {
        self.polled.next(patience)
    }

    fn state(&self) -> DesktopState {
        self.polled.state()
    }

    fn permissions(&self) -> Permissions {
        self.polled.permissions()
    }
}
