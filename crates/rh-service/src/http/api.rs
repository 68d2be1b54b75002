//! The requests under `/api`, and the way into the WebSocket.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, Path, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rh_policy::AuthContext;
use rh_protocol::{IdentityCard, limits};
use rh_records::Event as Recorded;
use serde::{Deserialize, Serialize};

use super::identity::{COOKIE, SignedIn};
use super::{App, Failure};
use crate::hub::OsRandom;
use crate::sign_in::SIGN_IN_LIFE;
use crate::{PersonId, clock, socket};

/// A person and what others are shown of them.
#[derive(Serialize)]
pub(super) struct Known {
    id: PersonId,
    card: IdentityCard,
}

#[derive(Serialize)]
pub(super) struct Everyone {
    people: Vec<Known>,
}

#[derive(Clone, Copy, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
enum SignInAs {
    /// Gets a cookie.
    #[default]
    Browser,
    /// Gets a token.
    Agent,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    person: String,
    #[serde(default)]
    client: SignInAs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepUp {
    /// The authentication context that an action asked for.
    context: AuthContext,
}

#[derive(Serialize)]
struct Welcome {
    #[serde(flatten)]
    you: Known,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Version {
    service: &'static str,
    protocol: u16,
}

pub(super) async fn version() -> Json<Version> {
    Json(Version { service: env!("CARGO_PKG_VERSION"), protocol: rh_protocol::VERSION })
}

/// The development sign-in's choices.
pub(super) async fn people(State(app): State<Arc<App>>) -> Json<Everyone> {
    let known = app.people.iter().map(|(id, who)| Known { id: id.clone(), card: who.card.clone() });
    Json(Everyone { people: known.collect() })
}

pub(super) async fn picture(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    let person = app.people.find(&id).ok_or(Failure::NotFound)?;
    let picture = person.picture.clone().ok_or(Failure::NotFound)?;
    Ok(([(header::CONTENT_TYPE, picture.media_type)], picture.bytes).into_response())
}

pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Result<Json<SignIn>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(SignIn { person, client }) =
        body.map_err(|e| Failure::Malformed(e.status(), e.body_text()))?;
    let from_the_right_place = match client {
        SignInAs::Browser => app.origins.are_named_in(&headers),
        SignInAs::Agent => !headers.contains_key(header::ORIGIN),
    };
    if !from_the_right_place {
        return Err(Failure::Origin);
    }
    let id: PersonId = person.parse().map_err(|_| Failure::NotFound)?;
    let found = app.people.find(&id).ok_or(Failure::NotFound)?;
    let (tenant, card) = (found.tenant.clone(), found.card.clone());
    let token = app.sign_ins().add(clock::now(), id.clone(), &mut OsRandom).ok_or(Failure::Busy)?;
    tracing::info!(person = %id, "signed in");
    app.board.record(tenant, Recorded::SignedIn { person: (&id).into(), address: None });
    let you = Known { id, card };
    Ok(match client {
        SignInAs::Agent => Json(Welcome { you, token: Some(token) }).into_response(),
        SignInAs::Browser => {
            let cookie = set_cookie(&token, SIGN_IN_LIFE.as_secs());
            ([(header::SET_COOKIE, cookie)], Json(Welcome { you, token: None })).into_response()
        }
    })
}

pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    who: SignedIn,
) -> Result<Response, Failure> {
    let who = who.acting()?;
    app.sign_ins().remove(who.id);
    app.board.sign_out(who.id);
    if let Some(known) = app.people.find(&who.person) {
        let event = Recorded::SignedOut { person: (&who.person).into() };
        app.board.record(known.tenant.clone(), event);
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, set_cookie("", 0))]).into_response())
}

/// The development sign-in believes everybody: whoever asks for a stronger sign-in has one.
pub(super) async fn step_up(
    State(app): State<Arc<App>>,
    who: SignedIn,
    body: Result<Json<StepUp>, JsonRejection>,
) -> Result<StatusCode, Failure> {
    let who = who.acting()?;
    let Json(StepUp { context }) =
        body.map_err(|e| Failure::Malformed(e.status(), e.body_text()))?;
    let contexts = app.sign_ins().step_up(who.id, context).ok_or(Failure::Busy)?;
    app.board.step_up(clock::now(), who.id, &contexts);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn me(State(app): State<Arc<App>>, who: SignedIn) -> Result<Json<Known>, Failure> {
    let card = app.people.find(&who.person).ok_or(Failure::SignedOut)?.card.clone();
    Ok(Json(Known { id: who.person, card }))
}

/// Upgrades to the WebSocket on which [`rh_protocol::FromClient`] and [`rh_protocol::ToClient`]
/// travel; refused before the upgrade to whoever is not signed in or comes from another page.
pub(super) async fn socket(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    who: SignedIn,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    let who = who.acting()?;
    let upgrade = upgrade.map_err(|e| Failure::Malformed(e.status(), e.body_text()))?;
    let known = app.people.find(&who.person).ok_or(Failure::SignedOut)?;
    let contexts = app.sign_ins().contexts(who.id);
    let caller = app.caller(&who.person, known, contexts, from.ip());
    let (board, stop) = (Arc::clone(&app.board), app.stop.clone());
    Ok(upgrade
        .max_message_size(limits::MESSAGE_BYTES)
        .max_frame_size(limits::MESSAGE_BYTES)
        .on_upgrade(move |ws| socket::run(ws, board, stop, who.id, caller)))
}

fn set_cookie(token: &str, seconds: u64) -> String {
    format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}")
}
