//! The service: sign-in, codes, signalling and the web pages.
//!
//! [`serve`] starts it; the program `rh-service` is a thin shell around that. Beneath the HTTP and
//! WebSocket shell lies the [`hub`], which is pure. People sign in at their organisation's identity
//! provider, as the configuration says (docs/configuration.md); without one there is the built-in
//! sign-in for development, which asks for no password and is served on loopback only. Media never
//! passes through the service, and a session goes on over its own link when the service stops.
//!
//! # HTTP
//!
//! Bodies are JSON. A failure is `{"error": "<word>", "message": "<text>"}` with the words
//! `signed_out` (401), `origin` (403), `not_found` (404), `malformed` (4xx) and `busy` (503).
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/people` | `{"people": [{"id", "card"}]}`: who may sign in; `card` is an [`IdentityCard`](rh_protocol::IdentityCard) |
//! | `GET /api/people/{id}/picture` | PNG or JPEG |
//! | `GET /api/sign-in` | `{"development": bool, "tenants": [{"id", "name"}]}`: the ways to sign in |
//! | `/auth/…` | sign-in at an identity provider, for pages and agents |
//! | `POST /api/sign-in` `{"person": "<id>"}` | `{"id", "card"}` and the cookie `rh_session` |
//! | `POST /api/sign-in` `{"person": "<id>", "client": "agent"}` | `{"id", "card", "token"}` |
//! | `POST /api/step-up` `{"context": "c1"}` | 204; the sign-in has this authentication context |
//! | `POST /api/sign-out` | 204; the sockets of this sign-in are closed |
//! | `GET /api/me` | `{"id", "card"}`, or 401; `contexts` of a stronger sign-in, and `provider` if one is made at an identity provider |
//! | `GET /api/receipts/{session}` | the signed receipt of a session that is over, for whoever shared in it; `conflict` (409) before |
//! | `POST /api/reports` `{"session": "<id>"}` | 204; whoever helped in it is suspended, if the session was one's own |
//! | `GET /api/relay` | `{"urls": ["turns:…"]}`: where sessions are relayed, for who looks whether that is reached |
//! | `GET /api/version` | `{"service": "0.1.0", "protocol": 1}` |
//! | `GET /healthz` | `ok`: the process answers |
//! | `GET /readyz` | 200 if new work should be sent here, else 503; `{"ready", "draining", "records"}` |
//! | `GET /ws` | the WebSocket |
//! | `GET /ws/check` | a WebSocket that says `ok`, for who looks whether any gets through |
//! | any other `GET` | a web page |
//!
//! A browser is known by its cookie, and its POSTs and its WebSocket must carry the `Origin` of the
//! service's own pages, which browsers do by themselves. An agent sends `Authorization: Bearer
//! <token>` and no `Origin`. Development sign-ins last twelve hours, others as configured. Unknown fields of a body are refused.
//!
//! # WebSocket
//!
//! Text messages, each one [`FromClient`](rh_protocol::FromClient) or
//! [`ToClient`](rh_protocol::ToClient) as JSON. No subprotocol.
//!
//! 1. Both: `hello` within ten seconds; answered with `welcome`, or with `refused` `version` and a
//!    close.
//!
//!    What the tenant's rules do not allow is answered with `denied` in place of what follows, what
//!    asks for a stronger sign-in with `step_up`; say the same again once that is made.
//! 2. Helper: `new_session`; answered with `session`. Saying it again replaces the code. A service that
//!    is about to stop answers `refused` with `stopping`. It may name a `device`, as the directory does: if
//!    another joins, or one that nobody knows, `terms` warn of `other_device`.
//!
//!    Agent: `device` says which device it shares, before `join`; answered with `device`, which tells what
//!    shows that. A proof answers the service's `challenge`, which the agent asks for by the same word.
//!    What is known of the device is looked up then, and again as long as the agent is connected.
//! 3. Agent: `join` with the code; both hear `joined`. Or `refused`: `code_format` (costs nothing),
//!    `code` (wrong, expired, used or another tenant's), `too_many_attempts` with `retry_in`
//!    seconds, whether the code was right or not. Whom the rules keep out hears what a wrong code
//!    hears, or `denied` with what is wrong with the device; the helper hears `denied` with all
//!    reasons. What there is to know of the device, or of the chat, comes as `terms`.
//!    Right after `joined` each hears as `background` what there is to know of the other beside the
//!    card: how old the code was, whether they met before, what is odd about the name.
//! 4. Helper: `request`; the agent hears `requested`. Agent: `answer`; the helper hears `answered`.
//!    One question at a time; an answer to another question is refused. A yes with which the agent
//!    states what was shown is signed, and both hear the record as `recorded`: the agent carries out
//!    no input without one that is of this consent. `welcome` says what the service signs with.
//! 5. Either: `negotiate`; the other side hears the same. The helper offers, the agent answers.
//! 6. Either: `leave`; the other side hears `ended`, and both sockets are free for another session.
//!    Nobody may claim another's reason: what a side cannot know becomes `other`.
//!
//! Once a minute, and whenever rules, people or devices change, the service asks the rules again:
//! `lowered` takes control back, and `ended` with `right_revoked` ends the session; the helper hears
//! the reasons as `denied` before.
//!
//! A socket that is closed with 1000, 1001 or no status ends the session (`helper_left` or
//! `sharer_ended`). A socket that breaks without a word, or that the service closes, gives the
//! other side `peer_vanished`: the session is over for signalling, and the link of the two tells
//! whether anybody is still there. Messages that come late, for a session that is over, are dropped
//! (`negotiate`, `leave`) or refused with `not_allowed` (`request`, `answer`); clients ignore that.
//!
//! The service pings every second and a half and gives up after nine, so clients must keep reading. It
//! closes a socket with 1008 (no hello, garbage, flood, slow or silent client, signed out, other
//! version), 1009 (message above 64 KiB), 1012 (the service stops; sessions go on) or 1013 (full).
//! See [`Close`].

mod clock;
mod close;
mod cluster;
mod devices;
mod error;
mod http;
pub mod hub;
mod observe;
mod people;
mod port;
mod recorder;
mod relaying;
mod server;
mod settings;
mod shield;
mod sign_in;
mod socket;
mod tenants;

pub use close::Close;
pub use error::ServeError;
pub use http::MetricsAt;
pub use people::{ParsePersonIdError, PersonId};
pub use port::Tls;
pub use recorder::Records;
pub use server::{Config, LISTEN, Server, serve};
pub use settings::{LogFormat, Settings};

/// The description of the HTTP interface (OpenAPI 3.1), as JSON.
pub fn openapi() -> String {
    http::description()
}
