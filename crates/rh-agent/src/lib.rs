//! The sharer's side of a remote help session.
//!
//! This crate is thin: it wires a screen, an encoder, an injector and a link to a
//! [`Session`](rh_session::Session), which alone decides, and asks the person at the machine through
//! a [`Prompt`]. A downstream app links it, brings its own prompt, and may bring its own backends:
//!
//! ```no_run
//! # async fn example(prompt: impl rh_agent::Prompt) -> Result<(), rh_agent::AgentError> {
//! let agent = rh_agent::Agent::builder()
//!     .service("http://127.0.0.1:8080")
//!     .sign_in_as("sharer")
//!     .prompt(prompt)
//!     .build()?;
//! let outcome = agent.share("1234 5678").await?;
//! println!("{}", outcome.reason);
//! # Ok(())
//! # }
//! ```
//!
//! The agent is the last gate. Nothing is captured before the prompt answered
//! [`Allow`](rh_protocol::Consent::Allow), and no event reaches the desktop in view only, whatever
//! the far side sends.

mod aftermath;
mod agent;
mod browser;
mod builder;
mod clock;
mod cursor;
mod desktop_watch;
mod device;
pub mod doctor;
mod error;
mod fallback;
mod host;
mod input_queue;
mod input_thread;
mod invitation;
mod joining;
mod media;
pub mod network;
mod pace;
mod parts;
mod peers;
pub mod permissions;
mod prompt;
mod random;
mod relays;
pub mod rules;
mod sas;
mod signalling;
mod sources;
mod virtual_desktop;
mod websocket;

pub use aftermath::Receipt;
pub use agent::{Agent, Chat, Stopper};
pub use browser::{open_browser, sign_in_by_browser};
pub use builder::Builder;
pub use device::{DeviceIdentity, DeviceKey, DeviceKeyError};
pub use error::AgentError;
pub use invitation::{InvitationError, invited};
pub use parts::Outcome;
pub use prompt::{Introducer, Notice, Prompt, Question, Wording};
pub use signalling::{Signalling, SignallingPeer};
pub use sources::{
    DesktopSource, EncoderSource, InputSource, LineSource, LinkSource, ScreenSource, Webrtc,
};
pub use virtual_desktop::VirtualSources;
pub use websocket::{Account, sign_in};
