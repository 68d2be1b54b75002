//! Everything that crosses the network, and nothing else.
//!
//! Four conversations:
//!
//! - [`FromClient`] and [`ToClient`]: a helper's page or a sharer's agent with the service, over a
//!   WebSocket. Who is who, codes, requests for a role, answers, the negotiation of the link, and chat.
//! - [`FromHelper`] and [`ToHelper`]: helper and agent with one another, over the reliable data
//!   channel of the link. Input, displays, the cursor, heartbeats, and goodbyes.
//! - [`PointerMove`]: helper to agent, over the unreliable data channel.
//! - [`tile::TileMessage`]: agent to helper, binary, over the data channel of exact pixels.
//!
//! Values only: no I/O, no clock, no platform code. [`decode`] reads any of them from bytes that
//! nobody vouches for, but the last, which reads itself. Every limit is in [`limits`].

mod background;
mod card;
mod chat;
mod consent;
mod control;
mod desktop;
mod device;
mod display;
mod end;
mod id;
mod input;
mod key;
pub mod limits;
mod media;
mod path;
pub mod policy;
mod relay;
mod safe_text;
mod signal;
pub mod tile;
mod wire;

pub use background::{Background, Oddity, OddityCode};
pub use card::IdentityCard;
pub use chat::chat_text;
pub use consent::{Consent, Role, Shown};
pub use control::{FromHelper, Introduction, ToHelper};
pub use desktop::DesktopState;
pub use device::{
    DeviceAssurance, DeviceClaim, DeviceProof, ProofFault, SignatureAlgorithm, device_statement,
};
pub use display::Display;
pub use end::EndReason;
pub use id::{DisplayId, ParseSessionIdError, PeerId, SessionId};
pub use input::{Button, Fraction, InputEvent, OutOfRange, Point, PointerMove};
pub use key::{Key, UnknownKey};
pub use media::{EncodedFrame, Size};
pub use path::PathReason;
pub use relay::IceServer;
pub use safe_text::safe_text;
pub use signal::{Client, FromClient, IceCandidate, Negotiation, Refusal, ToClient};
pub use wire::{WireError, decode, encode};

/// The version of the wire that this crate speaks; both sides say theirs in the hello.
///
/// Sides with different versions part at once, with [`EndReason::Version`] or
/// [`Refusal::Version`]; new messages and fields do not change it, since unknown ones are ignored.
pub const VERSION: u16 = 1;
