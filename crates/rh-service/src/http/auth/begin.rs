//! The way to the provider.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use rh_identity::{Attempt, IdentityError, Provider};
use rh_policy::AuthContext;
use schemars::JsonSchema;
use serde::Deserialize;

use super::agent::AgentWish;
use super::{Desk, Purpose, Wish, lock};
use crate::clock;
use crate::http::identity::SignedIn;
use crate::http::{App, Failure};

#[derive(Deserialize, JsonSchema)]
pub(super) struct At {
    tenant: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct For {
    context: String,
}

/// Sends a browser to its provider.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Query(At { tenant }): Query<At>,
) -> Result<Response, Failure> {
    let desk = app.desk.as_ref().ok_or(Failure::NotFound)?;
    let provider = desk.provider(tenant.as_deref()).ok_or(Failure::NotFound)?;
    let wish = Wish { purpose: Purpose::Page, again: false };
    let begun = begin(&app, desk, provider, from.ip(), wish, None).await;
    Ok(begun.unwrap_or_else(|error| failed(&error)))
}

/// Sends an agent's browser to the provider, or to the page that asks which organisation's.
pub(super) async fn agent(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Query(At { tenant }): Query<At>,
    Query(wish): Query<AgentWish>,
) -> Result<Response, Failure> {
    let desk = app.desk.as_ref().ok_or(Failure::NotFound)?;
    wish.check()?;
    let Some(provider) = desk.provider(tenant.as_deref()) else {
        if tenant.is_some() {
            return Err(Failure::NotFound);
        }
        return Ok(Redirect::to(&format!("/?{}", wish.query())).into_response());
    };
    let back = wish.clone();
    let wish = Wish { purpose: Purpose::Agent(wish), again: false };
    let begun = begin(&app, desk, provider, from.ip(), wish, None).await;
    Ok(begun.unwrap_or_else(|error| back.refuse(&error)))
}

/// Sends somebody who is signed in to prove what an action asks for: the service named the context
/// when it refused.
pub(super) async fn step_up(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    signed_in: SignedIn,
    Query(For { context }): Query<For>,
) -> Result<Response, Failure> {
    let desk = app.desk.as_ref().ok_or(Failure::NotFound)?;
    let context: AuthContext = context.parse().map_err(|_| Failure::NotFound)?;
    let who = signed_in.who;
    if who.contexts.contains(&context) {
        return Ok(stepped(Ok(())));
    }
    let tenant = Some(who.person.tenant.as_str()).filter(|_| who.from.is_some());
    let provider = tenant.and_then(|it| desk.provider(Some(it))).ok_or(Failure::NotFound)?;
    let claims = claims_for(&context);
    let purpose = Purpose::StepUp { sign_in: signed_in.id, person: who.id, context };
    let wish = Wish { purpose, again: false };
    let begun = begin(&app, desk, provider, from.ip(), wish, Some(&claims)).await;
    Ok(begun.unwrap_or_else(|error| stepped(Err(&error))))
}

/// The `claims` parameter that asks for an authentication context in the ID token.
fn claims_for(context: &AuthContext) -> String {
    let wanted = serde_json::json!({ "essential": true, "value": context });
    serde_json::json!({ "id_token": { "acrs": wanted } }).to_string()
}

/// Remembers the attempt and sends the browser off.
pub(super) async fn begin(
    app: &App,
    desk: &Desk,
    provider: &Provider,
    from: IpAddr,
    wish: Wish,
    claims: Option<&str>,
) -> Result<Response, IdentityError> {
    let attempt = Attempt::new(provider.settings().id.clone(), wish);
    let now = clock::both();
    let address = provider.address(now, &attempt, claims).await?;
    let secret = lock(&desk.attempts).add(now.instant, from, attempt)?;
    let cookie = [(header::SET_COOKIE, app.cookies.set_attempt(Some(&secret)))];
    Ok((cookie, Redirect::to(&address)).into_response())
}

/// Back to the page, which says what went wrong.
pub(super) fn failed(error: &IdentityError) -> Response {
    report(error);
    Redirect::to(&format!("/?sign-in={}", error.word())).into_response()
}

/// Back to the page that waits for a stronger sign-in.
pub(super) fn stepped(outcome: Result<(), &IdentityError>) -> Response {
    let word = match outcome {
        Ok(()) => "granted",
        Err(error) => {
            report(error);
            error.word()
        }
    };
    Redirect::to(&format!("/?step-up={word}")).into_response()
}

/// What an administrator has to look at stands out in the log.
pub(super) fn report(error: &IdentityError) {
    let serious = matches!(
        error,
        IdentityError::Provider { .. } | IdentityError::Token(_) | IdentityError::MixedUp
    );
    if serious {
        tracing::warn!(%error, "a sign-in failed");
    } else {
        tracing::info!(%error, "a sign-in failed");
    }
}
