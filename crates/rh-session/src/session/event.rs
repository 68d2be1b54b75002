//! What happens to a session.

use std::time::Duration;

use rh_protocol::{
    Consent, Display, DisplayId, EndReason, FromHelper, IdentityCard, PeerId, PointerMove, Role,
};

use super::QuestionId;
use crate::desktop::DesktopState;

/// Something that happened.
///
/// An event about a helper who is not in the session, or about a question that is not open, has no
/// effect. So nothing has to be filtered, and a late event can do no harm.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Service: a helper's code was entered, and this is who the helper is.
    Joined(PeerId, IdentityCard),
    /// Service: a helper asks for a role. Only the service may bring this.
    Requested(PeerId, Role),
    /// Service: a helper may hold no more than this role from now on.
    Lowered(PeerId, Role),
    /// Service: there is a signed record that the sharer allowed a helper this role, and it was checked
    /// against the question and the link. No input of a helper is carried out without.
    Recorded(PeerId, Role),
    /// Link: it is no longer between the certificates that the record is of. What it allowed has to be
    /// asked for again.
    Unrecorded(PeerId),
    /// Service: a helper's WebSocket broke without a word.
    Vanished(PeerId),
    /// Service: a helper's session is over.
    Left(PeerId, EndReason),
    /// Link: up.
    LinkUp(PeerId),
    /// Link: the helper said something.
    Heard(PeerId, FromHelper),
    /// Link: the helper's pointer moved.
    Pointer(PeerId, PointerMove),
    /// Link: nothing was heard for this long; zero once the helper is heard again.
    Silent(PeerId, Duration),
    /// Link: down for good.
    LinkDown(PeerId),
    /// Sharer: answered a question. Closing its dialog is a decline.
    Answered(QuestionId, Consent),
    /// Sharer: wants to show another display.
    Selected(DisplayId),
    /// Sharer: wants it all to end.
    Stopped,
    /// Desktop: locked, unlocked, and so on.
    DesktopChanged(DesktopState),
    /// Desktop: the displays there are now; also once at the beginning.
    DisplaysChanged(Vec<Display>),
    /// Capture: no picture can be had any more, of any display.
    CaptureFailed,
}
