//! One assistance session: who may do what, and when.
//!
//! Without features this crate is a state machine without I/O: feed a [`Session`] what happens, as
//! [`Event`]s with the time, and carry out the [`Action`]s it returns, in order.
//!
//! ```
//! use std::time::Instant;
//! use rh_protocol::{Consent, IdentityCard, PeerId, Role};
//! use rh_session::{Action, Event, Session};
//!
//! # #[expect(clippy::disallowed_methods)]
//! # fn clock() -> Instant { Instant::now() }
//! let (mut session, helper, now) = (Session::default(), PeerId(1), clock());
//! session.handle(now, Event::Joined(helper, IdentityCard::default()));
//! let todo = session.handle(now, Event::Requested(helper, Role::View));
//! let Some(Action::Ask(ask)) = todo.first() else { panic!("consent comes first") };
//!
//! let todo = session.handle(now, Event::Answered(ask.question, Consent::Decline));
//! assert!(todo.iter().any(|action| matches!(action, Action::Drop(..))));
//! ```
//!
//! The features add the ports that a session needs: `link` (a connection to a helper; backends
//! `mock` and `webrtc`) and `desktop` (what the sharer's desktop is doing).

pub mod desktop;
#[cfg(feature = "link")]
pub mod link;
mod session;

pub use session::{Action, Ask, Event, QuestionId, Session};
