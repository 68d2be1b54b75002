//! Whom an action is about.

use serde::{Deserialize, Serialize};

use crate::{Device, Person};

/// Whom a helper wants to help.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// Whoever is told the code. Only a code can be made for that.
    Anyone,
    /// Whoever is at this device. Only a code can be made for that.
    Device(&'a Device),
    /// This person, who shares this device.
    Sharer {
        /// Who shares.
        person: &'a Person,
        /// What is shared.
        device: &'a Device,
        /// With what.
        app: SharingApp,
    },
}

/// With what a sharer shares.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SharingApp {
    /// The agent.
    Native,
    /// A page in a browser, which can be viewed and no more.
    Browser,
}

impl<'a> Target<'a> {
    pub(crate) fn person(self) -> Option<&'a Person> {
        match self {
            Self::Sharer { person, .. } => Some(person),
            Self::Anyone | Self::Device(_) => None,
        }
    }

    pub(crate) fn device(self) -> Option<&'a Device> {
        match self {
            Self::Sharer { device, .. } | Self::Device(device) => Some(device),
            Self::Anyone => None,
        }
    }

    pub(crate) fn is_browser(self) -> bool {
        match self {
            Self::Sharer { app, .. } => app == SharingApp::Browser,
            Self::Anyone | Self::Device(_) => false,
        }
    }
}
