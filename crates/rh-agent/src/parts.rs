//! What an agent is made of, and what comes of it.

use std::sync::Arc;

use rh_protocol::{DisplayId, EndReason, SessionId};

use crate::sources::{DesktopSource, EncoderSource, InputSource, LinkSource, ScreenSource};
use crate::{DeviceIdentity, Prompt};

/// What an agent is made of.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) screens: Arc<dyn ScreenSource>,
    pub(crate) encoders: Arc<dyn EncoderSource>,
    pub(crate) inputs: Arc<dyn InputSource>,
    pub(crate) desktops: Arc<dyn DesktopSource>,
    pub(crate) links: Arc<dyn LinkSource>,
    pub(crate) prompt: Arc<dyn Prompt>,
    /// The display to show first, if not the main one.
    pub(crate) display: Option<DisplayId>,
    /// Which device this is, if it says so.
    pub(crate) device: Option<DeviceIdentity>,
}

/// How sharing ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// Which session: with the helper who was the last to go.
    pub session: SessionId,
    /// Why.
    pub reason: EndReason,
    /// The sessions with those who went before, if anybody brought a colleague.
    pub earlier: Vec<SessionId>,
}
