//! Where an agent's backends come from: opened only when they are needed, closed when not.

use std::process::Command;
use std::sync::Arc;

use async_trait::async_trait;
use rh_capture::{CaptureError, Screen};
use rh_codec::{EncodeError, Encoder};
use rh_input::{Injector, InputError};
use rh_protocol::{Display, DisplayId};
use rh_session::desktop::{Desktop, DesktopError};
use rh_session::link::Link;
use rh_session::link::webrtc::{Config, WebrtcLink};

use crate::{Account, AgentError, Signalling, fallback};

/// Opens lines to the service, in the name of one person.
#[async_trait]
pub trait LineSource: Send + Sync + 'static {
    /// Opens one, on which hellos were exchanged.
    ///
    /// # Errors
    ///
    /// As [`Account::connect`].
    async fn open(&self) -> Result<Signalling, AgentError>;
}

#[async_trait]
impl LineSource for Account {
    async fn open(&self) -> Result<Signalling, AgentError> {
        self.connect().await.map(|(signalling, _)| signalling)
    }
}

/// Lists and opens screens. Opened after the sharer's Allow, never before.
pub trait ScreenSource: Send + Sync + 'static {
    /// The displays there are.
    ///
    /// # Errors
    ///
    /// As [`rh_capture::Backend::displays`].
    fn displays(&self) -> Result<Vec<Display>, CaptureError>;

    /// Opens one of them.
    ///
    /// # Errors
    ///
    /// As [`rh_capture::Backend::open`].
    fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError>;
}

impl ScreenSource for rh_capture::Backend {
    fn displays(&self) -> Result<Vec<Display>, CaptureError> {
        Self::displays(*self)
    }

    fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        Self::open(*self, display)
    }
}

/// Makes encoders.
pub trait EncoderSource: Send + Sync + 'static {
    /// Makes one.
    ///
    /// # Errors
    ///
    /// As [`rh_codec::Backend::open`].
    fn open(&self) -> Result<Box<dyn Encoder>, EncodeError>;
}

impl EncoderSource for rh_codec::Backend {
    /// Where it cannot work, its fallback does, and the log says so.
    fn open(&self) -> Result<Box<dyn Encoder>, EncodeError> {
        let settings = rh_codec::Settings::default();
        fallback::open(*self, Box::new(move |backend| backend.open(settings)))
    }
}

/// Makes injectors. Opened once the sharer allowed control.
pub trait InputSource: Send + Sync + 'static {
    /// Makes one.
    ///
    /// # Errors
    ///
    /// As [`rh_input::Backend::open`].
    fn open(&self) -> Result<Box<dyn Injector>, InputError>;

    /// The program that lets go of what is pressed if this process is killed or freezes: it runs
    /// [`rh_input::keeper::run`] on its standard input. None by default, since only a program knows
    /// how it is started; then a killed process can leave a key pressed.
    fn keeper(&self) -> Option<Command> {
        None
    }
}

impl InputSource for rh_input::Backend {
    fn open(&self) -> Result<Box<dyn Injector>, InputError> {
        Self::open(*self)
    }
}

/// Watches the desktop.
pub trait DesktopSource: Send + Sync + 'static {
    /// Opens the watch.
    ///
    /// # Errors
    ///
    /// As [`rh_session::desktop::Backend::open`].
    fn open(&self) -> Result<Box<dyn Desktop>, DesktopError>;
}

impl DesktopSource for rh_session::desktop::Backend {
    fn open(&self) -> Result<Box<dyn Desktop>, DesktopError> {
        Self::open(*self)
    }
}

/// Makes the agent's end of a link, one for each helper.
#[async_trait]
pub trait LinkSource: Send + Sync + 'static {
    /// Makes one.
    ///
    /// # Errors
    ///
    /// What went wrong, as text for the log; the helper is then told that the connection is lost.
    async fn open(&self) -> Result<Arc<dyn Link>, String>;
}

/// Links to browsers.
#[derive(Clone, Debug, Default)]
pub struct Webrtc(pub Config);

#[async_trait]
impl LinkSource for Webrtc {
    async fn open(&self) -> Result<Arc<dyn Link>, String> {
        let link = WebrtcLink::new(&self.0).await.map_err(|e| e.to_string())?;
        Ok(Arc::new(link))
    }
}
