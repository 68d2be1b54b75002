//! Messages between a client and the service over a WebSocket.

use serde::{Deserialize, Serialize};

use crate::policy::{Action, Reason, Unrecognised, Warning};
use crate::{
    Background, Consent, DeviceAssurance, DeviceClaim, EndReason, IceServer, IdentityCard,
    ProofFault, Role, SessionId, Shown,
};

/// What kind of client speaks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Client {
    /// A helper's page.
    Helper,
    /// A sharer's agent.
    Agent,
}

/// What a client tells the service.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromClient {
    /// First of all: the version spoken, and what kind of client this is.
    Hello {
        /// [`VERSION`](crate::VERSION).
        version: u16,
        /// What kind of client.
        client: Client,
    },
    /// Helper: wants a session and its code.
    NewSession {
        /// The device that it is for, as the directory names it: 1 to 512 visible ASCII characters. The
        /// helper is warned if another joins.
        #[serde(default)]
        #[cfg_attr(feature = "gen", ts(optional = nullable))]
        device: Option<String>,
    },
    /// Agent: wants a challenge, to prove which device it shares.
    Challenge,
    /// Agent: says which device it shares, before it joins; again, if that changes.
    Device {
        /// What it says.
        device: DeviceClaim,
    },
    /// Agent: the sharer typed a code.
    Join {
        /// As typed; the service folds spaces and other digit scripts.
        code: String,
    },
    /// Helper: asks the sharer for a role.
    Request {
        /// The role wanted.
        role: Role,
    },
    /// Agent: what the sharer answered to the open request.
    Answer {
        /// The role that was asked for.
        role: Role,
        /// The answer.
        consent: Consent,
        /// What the sharer was shown; absent if nobody was asked, or the agent states nothing.
        #[serde(default)]
        #[cfg_attr(feature = "gen", ts(optional = nullable))]
        shown: Option<Shown>,
    },
    /// Either: negotiates the link with the other side.
    Negotiate {
        /// One step of it.
        step: Negotiation,
    },
    /// Helper: the path to the agent broke, and a new one may lead over a relay; so both sides need what
    /// it takes to use one, since what they were given has its time.
    Relay,
    /// Either: writes to the other side, once the sharer has allowed something. Both hear it, with its
    /// place in the thread.
    Chat {
        /// What is written; see [`chat_text`](crate::chat_text).
        text: String,
    },
    /// Helper: brings a colleague to the sharer, once the sharer has allowed something (B-20). The colleague
    /// made this code, comes by it as any helper does, and gets nothing without the sharer's yes.
    Introduce {
        /// The colleague's code, as typed.
        code: String,
        /// Whether the helper stays, or else leaves once the colleague is allowed something.
        stays: bool,
    },
    /// Either: leaves the session.
    Leave {
        /// Why.
        reason: EndReason,
    },
}

/// One step of the negotiation of a link (RFC 8829, trickle ICE RFC 8838); the helper offers.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Negotiation {
    /// The helper's session description.
    Offer {
        /// SDP, at most [`SDP_BYTES`](crate::limits::SDP_BYTES).
        sdp: String,
    },
    /// The agent's session description.
    Answer {
        /// SDP, at most [`SDP_BYTES`](crate::limits::SDP_BYTES).
        sdp: String,
    },
    /// A way to reach the speaker.
    Candidate {
        /// The candidate.
        candidate: IceCandidate,
    },
}

/// W3C `RTCIceCandidateInit`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct IceCandidate {
    /// The candidate attribute; empty for "no more".
    pub candidate: String,
    /// The media section's `mid`.
    pub sdp_mid: Option<String>,
    /// The media section's index.
    pub sdp_m_line_index: Option<u16>,
}

/// Why the service does not do what a client wants.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The code is wrong, expired or used: one answer for all three.
    Code,
    /// The code is not eight digits.
    CodeFormat,
    /// Too many attempts; wait.
    TooManyAttempts,
    /// The two sides speak different versions.
    Version,
    /// Not now, or not for this kind of client.
    NotAllowed,
    /// The service cannot take more.
    Busy,
    /// The service is about to stop, and begins nothing new; what runs goes on.
    Stopping,
    /// A refusal that this version does not know.
    #[serde(other)]
    Other,
}

/// What the service tells a client.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToClient {
    /// Answer to the hello.
    Welcome {
        /// [`VERSION`](crate::VERSION).
        version: u16,
        /// The person this client is signed in as.
        you: IdentityCard,
        /// The public key of what this service signs: the base64 of 32 bytes (Ed25519). It holds for
        /// this connection.
        #[serde(default)]
        #[cfg_attr(feature = "gen", ts(optional = nullable))]
        key: Option<String>,
    },
    /// Agent: what to sign, once and within a minute; see [`device_statement`](crate::device_statement).
    Challenge {
        /// 64 hexadecimal digits.
        challenge: String,
    },
    /// Agent: what became of what it said of its device.
    Device {
        /// What shows which device it is.
        assurance: DeviceAssurance,
        /// Why nobody can tell whether it is enrolled, if nobody can.
        why: Option<Unrecognised>,
        /// Why its proof was none, if there was one.
        fault: Option<ProofFault>,
    },
    /// Helper: the session and its code.
    Session {
        /// The session.
        session: SessionId,
        /// Eight digits.
        code: String,
        /// Seconds until the code expires.
        expires_in: u32,
    },
    /// Either: the code was entered, and this is the other side.
    Joined {
        /// The session.
        session: SessionId,
        /// Who the other side is.
        peer: IdentityCard,
    },
    /// Either: what there is to know of the other side beside its card; comes right after `joined`.
    Background {
        /// The session; another than that which runs is over.
        session: SessionId,
        /// What there is to know.
        background: Background,
    },
    /// Agent: the helper asks for a role.
    Requested {
        /// The role.
        role: Role,
    },
    /// Helper: what the sharer answered.
    Answered {
        /// The role that was asked for.
        role: Role,
        /// The answer.
        consent: Consent,
    },
    /// Either: the sharer allowed something, and this is the signed record of it. The agent carries
    /// out no input without one that is of this very consent.
    Recorded {
        /// The document, of type `rh.consent.v1`, as JSON; at most
        /// [`RECORD_BYTES`](crate::limits::RECORD_BYTES).
        record: String,
    },
    /// Either: one step of the other side's negotiation.
    Negotiate {
        /// The step.
        step: Negotiation,
    },
    /// Either: the other side left the session, which is over.
    Ended {
        /// Why.
        reason: EndReason,
    },
    /// Either: the other side's WebSocket broke without a word.
    ///
    /// The link between the two tells whether the other side is alive; if that is silent too, it
    /// died.
    PeerVanished,
    /// Either: the last message was not carried out.
    Refused {
        /// Why.
        refusal: Refusal,
        /// Seconds to wait before another attempt, if that helps.
        retry_in: Option<u32>,
    },
    /// Either: the organisation's rules do not allow an action, now or any more.
    ///
    /// The helper hears all reasons, also those for which a sharer could not join; the sharer only
    /// what is wrong with the device.
    Denied {
        /// What is not allowed.
        action: Action,
        /// Why, and what would help; at most [`LIST`](crate::limits::LIST).
        reasons: Vec<Reason>,
    },
    /// Either: the action asks for a stronger sign-in. Nothing ends meanwhile; once it is made, say
    /// the same again.
    StepUp {
        /// What was wanted.
        action: Action,
        /// The authentication context that it asks for: a value of the claim `acrs`.
        context: String,
    },
    /// Agent: from now on the helper may hold no more than this role. A greater one is taken back,
    /// and a question for one withdrawn.
    Lowered {
        /// The most that may be held.
        role: Role,
    },
    /// Either: what the organisation's rules say of the session that both are in; again whenever
    /// that changes.
    Terms {
        /// Helper: what to know of the sharer's device; empty for the agent. At most
        /// [`LIST`](crate::limits::LIST).
        warnings: Vec<Warning>,
        /// Whether both may write to one another.
        chat: bool,
    },
    /// Either: the next message of the session's thread.
    Chat {
        /// Its place there, counted from 1 without a gap; the same on both sides.
        place: u32,
        /// Which side wrote it.
        from: Client,
        /// What was written: text, and nothing else.
        text: String,
    },
    /// Agent: the helper brings a colleague; it is the agent that enters the code, on a line of its own.
    Introduced {
        /// The colleague's code, as typed.
        code: String,
        /// Whether the helper stays.
        stays: bool,
    },
    /// Either: a relay for the session to which the sharer has agreed, if there is no direct path.
    Relay {
        /// The relay.
        server: IceServer,
        /// Seconds in which it may be begun to be used; what has begun goes on.
        expires_in: u32,
    },
}
