//! What to do about an event.

use rh_protocol::{
    Consent, DisplayId, EndReason, IdentityCard, InputEvent, PeerId, Role, ToHelper,
};

use super::QuestionId;

/// Something to do. Actions are carried out in their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Ask the sharer a question, in a dialog of its own whose default is to decline.
    Ask(Ask),
    /// Close the dialog of a question: an answer has no effect any more.
    Withdraw(QuestionId),
    /// Tell the service what the answer to a helper's request is.
    Answer {
        /// Whose request.
        peer: PeerId,
        /// The role that was asked for.
        role: Role,
        /// The answer.
        consent: Consent,
    },
    /// Tell a helper something over its link, which is up.
    Tell(PeerId, ToHelper),
    /// Begin to capture this display, and say to the sharer that the screen is shared.
    StartSharing(DisplayId),
    /// Capture this display instead; sharing goes on.
    ShowDisplay(DisplayId),
    /// Cease to capture.
    StopSharing,
    /// Send the pictures to this helper too. No other helper may get one.
    Show(PeerId),
    /// Send no more pictures to this helper.
    Hide(PeerId),
    /// Carry out a helper's action.
    Inject(PeerId, InputEvent),
    /// Let go of every key and button that this helper holds down.
    ReleaseAll(PeerId),
    /// The session is over for this helper: close its link with the reason, tell the service, and
    /// tell the sharer. Telling the service again what came from it does no harm.
    Drop(PeerId, EndReason),
}

/// A question to the sharer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ask {
    /// Goes back with the answer, so that a late click cannot answer another question.
    pub question: QuestionId,
    /// Who asks.
    pub peer: PeerId,
    /// Who that is, ready to be shown.
    pub card: IdentityCard,
    /// What for.
    pub role: Role,
    /// What the helper holds already; it goes on while the question is open.
    pub held: Option<Role>,
}
