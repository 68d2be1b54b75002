//! Relays a session where no direct path is: TURN (RFC 8656) over UDP, and over TLS on the service's
//! own port, so that a network which lets nothing else through suffices (S-02, S-23).
//!
//! - [`frame`]: where one message ends and the next begins on a stream. Without I/O.
//! - `server` (feature): the port `Relay` with what is embedded, the crate `turn`, and what stands
//!   beside the service, such as coturn; credentials that only live for a while; what may be reached
//!   through a relay, and how much.
//! - `bridge` (feature): a relay over TLS for a stack that knows only those over UDP.
//!
//! Absent: who is given credentials, which is the service's to decide, and when they are used, which
//! is the link's.

#[cfg(feature = "bridge")]
pub mod bridge;
pub mod frame;
#[cfg(feature = "server")]
pub mod server;
#[cfg(any(feature = "bridge", feature = "server"))]
mod stream;
