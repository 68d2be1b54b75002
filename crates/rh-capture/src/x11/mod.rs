//! The X server's screen.
//!
//! RandR tells the displays, XDamage which rectangles changed, MIT-SHM brings their pixels, XFixes
//! the cursor's shape and XInput2 that the pointer moved. Nothing is polled: while nothing changes,
//! a screen sleeps on its connection. Every screen has a connection of its own, and closing it
//! makes the server forget everything that was made for it.

mod client;
mod events;
mod grab;
mod monitors;
mod pointer;
mod screen;
mod shm;

use rh_protocol::{Display, DisplayId};

use crate::{CaptureError, Screen};
use client::Client;
use screen::X11Screen;

/// Which X server, and how to ask it.
#[derive(Clone, Debug)]
pub struct Server {
    name: Option<String>,
    shared_memory: bool,
}

impl Default for Server {
    /// The server that the environment's `DISPLAY` names.
    fn default() -> Self {
        Self { name: None, shared_memory: true }
    }
}

impl Server {
    /// The server of this name, such as `:0` or `host:1.0`.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }

    /// Brings pixels over the connection even if the server could share memory, as is always done
    /// with a server on another machine.
    #[must_use]
    pub fn without_shared_memory(self) -> Self {
        Self { shared_memory: false, ..self }
    }

    /// The monitors there are now.
    ///
    /// A monitor keeps its id, RandR's atom of its name, as long as the server runs. If RandR
    /// names no primary monitor, the first is the main one.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Unavailable`] if there is no such server or it lacks an extension,
    /// [`CaptureError::Platform`] if it fails.
    pub fn displays(&self) -> Result<Vec<Display>, CaptureError> {
        monitors::list(&Client::connect(self.name.as_deref())?)
    }

    /// Opens one monitor.
    ///
    /// # Errors
    ///
    /// [`CaptureError::NoDisplay`] if there is no such monitor; else as
    /// [`displays`](Self::displays).
    pub fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        let client = Client::connect(self.name.as_deref())?;
        Ok(Box::new(X11Screen::open(client, display, self.shared_memory)?))
    }
}
