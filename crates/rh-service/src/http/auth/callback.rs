//! The way back from the provider.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use rh_identity::{Answer, Attempt, Identity, IdentityError};
use schemars::JsonSchema;
use serde::Deserialize;

use super::begin::{begin, failed, stepped};
use super::{Desk, Purpose, Wish, lock, who};
use crate::clock;
use crate::http::{App, Failure};
use crate::hub::OsRandom;
use crate::sign_in::Who;

/// What the provider says (RFC 6749 4.1.2, RFC 9207), as text.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Back(#[schemars(with = "BTreeMap<String, String>")] Answer);

/// Takes the provider's answer. The cookie of the attempt is used up like the attempt itself.
pub(super) async fn callback(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Query(Back(answer)): Query<Back>,
) -> Result<Response, Failure> {
    let desk = app.desk.as_ref().ok_or(Failure::NotFound)?;
    let browser = app.cookies.attempt(&headers);
    let state = answer.state.clone().unwrap_or_default();
    let taken = lock(&desk.attempts).take(clock::now(), &state, browser);
    let attempt = match taken {
        Ok(attempt) => attempt,
        Err(error) => return Ok(failed(&error)),
    };
    let identity = identify(desk, &attempt, answer).await;
    if let Err(IdentityError::ClaimsChallenge(claims)) = &identity
        && !attempt.purpose.again
        && let Some(provider) = desk.provider(Some(attempt.tenant.as_str()))
    {
        let wish = Wish { again: true, ..attempt.purpose };
        let begun = begin(&app, desk, provider, from.ip(), wish, Some(claims)).await;
        return Ok(begun.unwrap_or_else(|error| failed(&error)));
    }
    let mut response = match attempt.purpose.purpose {
        Purpose::Page => welcome(&app, &headers, identity),
        Purpose::Agent(wish) => match identity {
            Ok(identity) => wish.grant(desk, who(identity)),
            Err(error) => wish.refuse(&error),
        },
        purpose @ Purpose::StepUp { .. } => step_up(&app, &purpose, identity),
    };
    let used = app.cookies.set_attempt(None).parse().expect("a cookie is a header");
    response.headers_mut().append(header::SET_COOKIE, used);
    Ok(response)
}

async fn identify(
    desk: &Desk,
    attempt: &Attempt<Wish>,
    answer: Answer,
) -> Result<Identity, IdentityError> {
    let provider = desk.provider(Some(attempt.tenant.as_str())).ok_or(IdentityError::Expired)?;
    provider.finish(clock::both(), attempt, answer).await
}

/// Signs a browser in; whoever was signed in there is signed out.
fn welcome(app: &App, headers: &HeaderMap, identity: Result<Identity, IdentityError>) -> Response {
    let who = match identity {
        Ok(identity) => who(identity),
        Err(error) => return failed(&error),
    };
    let before = app.cookies.session(headers);
    let before = before.and_then(|token| app.sign_ins().find(clock::now(), token));
    if let Some((id, who)) = before {
        app.sign_out(id, &who);
    }
    match app.sign_in(who) {
        Some(token) => (session_cookie(app, &token), Redirect::to("/")).into_response(),
        None => failed(&IdentityError::Busy),
    }
}

fn step_up(app: &App, purpose: &Purpose, identity: Result<Identity, IdentityError>) -> Response {
    let Purpose::StepUp { sign_in, person, context } = purpose else {
        return failed(&IdentityError::Expired);
    };
    let Who { id, contexts, .. } = match identity {
        Ok(identity) => who(identity),
        Err(error) => return stepped(Err(&error)),
    };
    if id != *person || !contexts.contains(context) {
        return stepped(Err(&IdentityError::StepUp(context.to_string())));
    }
    let token = app.sign_ins().step_up(clock::now(), *sign_in, contexts, &mut OsRandom);
    match token {
        Some((token, contexts)) => {
            tracing::info!(%person, %context, "stepped up");
            app.board.step_up(clock::now(), *sign_in, &contexts);
            (session_cookie(app, &token), stepped(Ok(()))).into_response()
        }
        None => stepped(Err(&IdentityError::Expired)),
    }
}

fn session_cookie(app: &App, token: &str) -> AppendHeaders<[(header::HeaderName, String); 1]> {
    let seconds = app.sign_ins().life().as_secs();
    AppendHeaders([(header::SET_COOKIE, app.cookies.set_session(Some(token), seconds))])
}
