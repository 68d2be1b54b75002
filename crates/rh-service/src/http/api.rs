//! The requests under `/api`, and the way into the WebSocket.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, Path, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rh_policy::{AuthContext, TenantId};
use rh_protocol::{IdentityCard, limits};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::SignedIn;
use super::{App, Desk, Failure, relay};
use crate::sign_in::Who;
use crate::{PersonId, clock, socket};

/// What a socket has for what it reads: most messages fit, and longer ones grow it. The library's 128 KiB
/// would be nearly all that an idle agent costs.
const READ_BUFFER_BYTES: usize = 2 * 1024;

/// A person and what others are shown of them.
#[derive(JsonSchema, Serialize)]
pub(super) struct Known {
    #[schemars(with = "String")]
    id: PersonId,
    card: IdentityCard,
    /// The authentication contexts of the sign-in.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schemars(with = "BTreeSet<String>")]
    contexts: BTreeSet<AuthContext>,
    /// Whether the sign-in came from an identity provider: a stronger one is made there too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    provider: bool,
}

impl Known {
    fn new(id: PersonId, card: IdentityCard) -> Self {
        Self { id, card, contexts: BTreeSet::new(), provider: false }
    }
}

/// The ways to sign in.
#[derive(JsonSchema, Serialize)]
pub(super) struct Ways {
    /// Whether one may simply choose who to be.
    development: bool,
    /// The organisations whose identity providers are known.
    tenants: Vec<Organisation>,
}

#[derive(JsonSchema, Serialize)]
struct Organisation {
    #[schemars(with = "String")]
    id: TenantId,
    name: String,
}

#[derive(JsonSchema, Serialize)]
pub(super) struct Everyone {
    people: Vec<Known>,
}

#[derive(Clone, Copy, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
enum SignInAs {
    /// Gets a cookie.
    #[default]
    Browser,
    /// Gets a token.
    Agent,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    person: String,
    #[serde(default)]
    client: SignInAs,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepUp {
    /// The authentication context that an action asked for.
    #[schemars(with = "String")]
    context: AuthContext,
}

#[derive(JsonSchema, Serialize)]
pub(super) struct Welcome {
    #[serde(flatten)]
    you: Known,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl Welcome {
    /// For an agent.
    pub(super) fn agent(id: PersonId, card: IdentityCard, token: String) -> Self {
        Self { you: Known::new(id, card), token: Some(token) }
    }
}

#[derive(JsonSchema, Serialize)]
pub(super) struct Version {
    service: &'static str,
    protocol: u16,
}

pub(super) async fn version() -> Json<Version> {
    Json(Version { service: env!("CARGO_PKG_VERSION"), protocol: rh_protocol::VERSION })
}

/// How one may sign in here.
pub(super) async fn ways(State(app): State<Arc<App>>) -> Json<Ways> {
    let tenants = app.desk.iter().flat_map(Desk::tenants);
    let organisation =
        |(id, name): (&TenantId, &str)| Organisation { id: id.clone(), name: name.to_owned() };
    let development = app.people.iter().next().is_some();
    Json(Ways { development, tenants: tenants.map(organisation).collect() })
}

/// The development sign-in's choices.
pub(super) async fn people(State(app): State<Arc<App>>) -> Json<Everyone> {
    let known = app.people.iter().map(|(id, who)| Known::new(id.clone(), who.card.clone()));
    Json(Everyone { people: known.collect() })
}

/// Somebody's picture: of the development sign-in's people anybody's, else a colleague's (S-20).
pub(super) async fn picture(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    asking: Result<SignedIn, Failure>,
) -> Result<Response, Failure> {
    let id: PersonId = id.parse().map_err(|_| Failure::NotFound)?;
    let colleague = |asking: SignedIn| app.sign_ins().person(&asking.who.person.tenant, &id);
    let person = app.people.find(&id).cloned().or_else(|| asking.ok().and_then(colleague));
    let picture = person.and_then(|it| it.picture.clone()).ok_or(Failure::NotFound)?;
    Ok(([(header::CONTENT_TYPE, picture.media_type)], picture.bytes).into_response())
}

pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Result<Json<SignIn>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(SignIn { person, client }) = body?;
    let from_the_right_place = match client {
        SignInAs::Browser => app.origins.are_named_in(&headers),
        SignInAs::Agent => !headers.contains_key(header::ORIGIN),
    };
    if !from_the_right_place {
        return Err(Failure::Origin);
    }
    let id: PersonId = person.parse().map_err(|_| Failure::NotFound)?;
    let person = Arc::clone(app.people.find(&id).ok_or(Failure::NotFound)?);
    let card = person.card.clone();
    let who = Who::without_proof(id.clone(), person);
    let token = app.sign_in(who).ok_or(Failure::Busy)?;
    Ok(match client {
        SignInAs::Agent => Json(Welcome::agent(id, card, token)).into_response(),
        SignInAs::Browser => {
            let cookie = app.cookies.set_session(Some(&token), app.sign_ins().life().as_secs());
            let you = Known::new(id, card);
            ([(header::SET_COOKIE, cookie)], Json(Welcome { you, token: None })).into_response()
        }
    })
}

pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    who: SignedIn,
) -> Result<Response, Failure> {
    let SignedIn { id, who, .. } = who.acting()?;
    app.sign_out(id, &who);
    let cookie = app.cookies.set_session(None, 0);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// The development sign-in believes everybody: whoever asks for a stronger sign-in has one. Who
/// came from an identity provider proves it there.
pub(super) async fn step_up(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    body: Result<Json<StepUp>, JsonRejection>,
) -> Result<StatusCode, Failure> {
    let SignedIn { id, who, .. } = signed_in.acting()?;
    let Json(StepUp { context }) = body?;
    if who.from.is_some() {
        return Err(Failure::NotFound);
    }
    let contexts = app.sign_ins().prove(id, context).ok_or(Failure::Busy)?;
    app.board.step_up(clock::now(), id, &contexts);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn me(SignedIn { who, .. }: SignedIn) -> Json<Known> {
    let provider = who.from.is_some();
    Json(Known { contexts: who.contexts, provider, ..Known::new(who.id, who.person.card.clone()) })
}

/// Upgrades to the WebSocket on which [`rh_protocol::FromClient`] and [`rh_protocol::ToClient`]
/// travel; refused before the upgrade to whoever is not signed in or comes from another page.
pub(super) async fn socket(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    signed_in: SignedIn,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    let SignedIn { id, who, .. } = signed_in.acting()?;
    let upgrade = upgrade.map_err(|e| Failure::Malformed(e.status(), e.body_text()))?;
    let caller = app.caller(&who, from.ip());
    let (board, devices) = (Arc::clone(&app.board), Arc::clone(&app.devices));
    let stop = app.stop.clone();
    let here = relay::here(&headers, app.tls);
    Ok(upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(limits::MESSAGE_BYTES)
        .max_frame_size(limits::MESSAGE_BYTES)
        .on_upgrade(move |ws| socket::run(ws, board, devices, stop, id, caller, here)))
}
