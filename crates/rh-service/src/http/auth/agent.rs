//! The agent's sign-in: through the system browser, back to a port of its own (RFC 8252 7.3).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use rh_identity::{IdentityError, pkce_challenge};
use schemars::JsonSchema;
use serde::Deserialize;

use super::begin::report;
use super::{CODE_LIFE, Desk, lock};
use crate::clock;
use crate::http::api::Welcome;
use crate::http::{App, Failure};
use crate::sign_in::Who;

/// Characters of an S256 challenge (RFC 7636 4.2).
const CHALLENGE_CHARS: usize = 43;

/// Characters of the longest state.
const STATE_CHARS: usize = 128;

/// What an agent asks for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(super) struct AgentWish {
    /// Where it listens, on this very machine.
    port: u16,
    /// The S256 challenge of its PKCE verifier, so that nobody else who sees the code can use it.
    challenge: String,
    /// Comes back with the answer.
    state: String,
}

/// What waits for an agent to prove that it is the one that asked.
#[derive(Debug)]
pub(super) struct Promise {
    challenge: String,
    who: Who,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Fetch {
    code: String,
    verifier: String,
}

impl AgentWish {
    /// Refuses what could lead anywhere but to an agent on this machine.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let plain =
            |text: &str| text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_');
        let good = self.port >= 1024
            && self.challenge.len() == CHALLENGE_CHARS
            && plain(&self.challenge)
            && (1..=STATE_CHARS).contains(&self.state.len())
            && plain(&self.state);
        let text = "port, challenge (S256) or state is not what an agent sends";
        if good {
            Ok(())
        } else {
            Err(Failure::Malformed(StatusCode::BAD_REQUEST, text.to_owned()))
        }
    }

    /// The same wish as a query.
    pub(super) fn query(&self) -> String {
        format!("port={}&challenge={}&state={}", self.port, self.challenge, self.state)
    }

    /// Back to the agent with a code that is good once, for a minute, and for this agent.
    pub(super) fn grant(self, desk: &Desk, who: Who) -> Response {
        let now = clock::now();
        let promise = Promise { challenge: self.challenge.clone(), who };
        let put = lock(&desk.agents).put(now, now + CODE_LIFE, promise);
        match put {
            Some(code) => self.back(&format!("code={code}")),
            None => self.refuse(&IdentityError::Busy),
        }
    }

    /// Back to the agent with the reason.
    pub(super) fn refuse(&self, error: &IdentityError) -> Response {
        report(error);
        self.back(&format!("error={}", error.word()))
    }

    fn back(&self, what: &str) -> Response {
        let Self { port, state, .. } = self;
        Redirect::to(&format!("http://127.0.0.1:{port}/?{what}&state={state}")).into_response()
    }
}

/// Hands an agent its token.
pub(super) async fn token(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Result<Json<Fetch>, JsonRejection>,
) -> Result<Json<Welcome>, Failure> {
    let Json(Fetch { code, verifier }) = body?;
    if headers.contains_key(header::ORIGIN) {
        return Err(Failure::Origin);
    }
    let desk = app.desk.as_ref().ok_or(Failure::NotFound)?;
    let promise = lock(&desk.agents).take(clock::now(), &code).ok_or(Failure::SignedOut)?;
    if pkce_challenge(&verifier) != promise.challenge {
        return Err(Failure::SignedOut);
    }
    welcome(&app, promise.who)
}

/// Signs an agent in.
pub(super) fn welcome(app: &App, who: Who) -> Result<Json<Welcome>, Failure> {
    let (id, card) = (who.id.clone(), who.person.card.clone());
    let token = app.sign_in(who).ok_or(Failure::Busy)?;
    Ok(Json(Welcome::agent(id, card, token)))
}
