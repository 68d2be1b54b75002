//! Assembles an agent.

use std::net::IpAddr;
use std::sync::Arc;

use rh_protocol::DisplayId;

use crate::parts::Parts;
use rh_session::link::webrtc::Config;

use crate::sources::{DesktopSource, EncoderSource, InputSource, LinkSource, ScreenSource, Webrtc};
use crate::{Agent, AgentError, DeviceIdentity, Prompt};

/// Assembles an [`Agent`]. Only a prompt must be given; backends default to those of this machine.
#[derive(Default)]
#[must_use]
pub struct Builder {
    service: Option<String>,
    person: Option<String>,
    prompt: Option<Arc<dyn Prompt>>,
    screens: Option<Arc<dyn ScreenSource>>,
    encoders: Option<Arc<dyn EncoderSource>>,
    inputs: Option<Arc<dyn InputSource>>,
    desktops: Option<Arc<dyn DesktopSource>>,
    links: Option<Arc<dyn LinkSource>>,
    display: Option<DisplayId>,
    device: Option<DeviceIdentity>,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder").field("service", &self.service).finish_non_exhaustive()
    }
}

impl Builder {
    /// The service's address, such as `https://help.example.com`.
    pub fn service(mut self, address: impl Into<String>) -> Self {
        self.service = Some(address.into());
        self
    }

    /// Who to sign in as, by the service's development sign-in.
    pub fn sign_in_as(mut self, person: impl Into<String>) -> Self {
        self.person = Some(person.into());
        self
    }

    /// How to ask the sharer.
    pub fn prompt(mut self, prompt: impl Prompt) -> Self {
        self.prompt = Some(Arc::new(prompt));
        self
    }

    /// Where pictures come from; this machine's own displays if left out.
    pub fn screens(mut self, screens: Arc<dyn ScreenSource>) -> Self {
        self.screens = Some(screens);
        self
    }

    /// What compresses them; this machine's best if left out.
    pub fn encoders(mut self, encoders: Arc<dyn EncoderSource>) -> Self {
        self.encoders = Some(encoders);
        self
    }

    /// Where input goes; this machine's own desktop if left out.
    pub fn inputs(mut self, inputs: Arc<dyn InputSource>) -> Self {
        self.inputs = Some(inputs);
        self
    }

    /// What watches the desktop; this machine's own if left out.
    pub fn desktops(mut self, desktops: Arc<dyn DesktopSource>) -> Self {
        self.desktops = Some(desktops);
        self
    }

    /// What connects to helpers; WebRTC if left out.
    pub fn links(mut self, links: Arc<dyn LinkSource>) -> Self {
        self.links = Some(links);
        self
    }

    /// The display to show first; the main one if left out.
    pub fn display(mut self, display: DisplayId) -> Self {
        self.display = Some(display);
        self
    }

    /// Which device this is; without it the organisation is told nothing of it.
    pub fn device(mut self, device: DeviceIdentity) -> Self {
        self.device = Some(device);
        self
    }

    /// The agent.
    ///
    /// # Errors
    ///
    /// [`AgentError::Missing`] without a prompt; [`AgentError::Backend`] if this machine has no
    /// desktop that could be shared and none was given.
    pub fn build(self) -> Result<Agent, AgentError> {
        // With the service on this very machine the helper may be, too, on one without a network.
        let loopback = self.service.as_deref().is_some_and(is_loopback);
        let parts = Parts {
            prompt: self.prompt.ok_or(AgentError::Missing("a prompt"))?,
            screens: match self.screens {
                Some(screens) => screens,
                None => Arc::new(
                    rh_capture::Backend::detect()
                        .map_err(|error| AgentError::Backend(error.to_string()))?,
                ),
            },
            encoders: self.encoders.unwrap_or_else(|| Arc::new(rh_codec::Backend::best())),
            inputs: self.inputs.unwrap_or_else(|| Arc::new(rh_input::Backend::detect())),
            desktops: self
                .desktops
                .unwrap_or_else(|| Arc::new(rh_session::desktop::Backend::native())),
            links: self
                .links
                .unwrap_or_else(|| Arc::new(Webrtc(Config { loopback, ..Config::default() }))),
            display: self.display,
            device: self.device,
        };
        Ok(Agent::new(parts, self.service.zip(self.person)))
    }
}

/// Whether an address names this machine.
fn is_loopback(service: &str) -> bool {
    let Ok(address) = reqwest::Url::parse(service) else { return false };
    let host = address.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_names() {
        for here in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080/"] {
            assert!(is_loopback(here), "{here}");
        }
        for elsewhere in [
            "https://help.example.com",
            "http://10.127.0.1",
            "http://12.7.0.1",
            "http://127.example.com",
            "http://localhost.example.com",
            "http://localhost@example.com",
        ] {
            assert!(!is_loopback(elsewhere), "{elsewhere}");
        }
    }
}
