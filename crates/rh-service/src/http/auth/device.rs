//! The device flow, for agents on machines without a browser. Off unless the operator turns it on.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rh_identity::IdentityError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agent::welcome;
use super::begin::report;
use super::{lock, who};
use crate::clock;
use crate::http::{App, Failure};
use crate::sign_in::Who;

/// How a sign-in on another device stands.
#[derive(Debug)]
pub(super) enum Device {
    Waiting,
    Done(Box<Who>),
    Failed(&'static str),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Begin {
    tenant: Option<String>,
}

#[derive(JsonSchema, Serialize)]
pub(super) struct Begun {
    /// The address to open elsewhere.
    address: String,
    /// The code to type there.
    code: String,
    /// What to ask with.
    grant: String,
    expires_in: u64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    grant: String,
}

/// Begins, and waits in the background for the person.
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Result<Json<Begin>, JsonRejection>,
) -> Result<Json<Begun>, Failure> {
    let Json(Begin { tenant }) = body?;
    let desk = app.desk.as_ref().ok_or(Failure::NotFound)?;
    let devices = desk.devices.as_ref().ok_or(Failure::NotFound)?;
    if headers.contains_key(header::ORIGIN) {
        return Err(Failure::Origin);
    }
    let provider = desk.provider(tenant.as_deref()).ok_or(Failure::NotFound)?;
    let begun = provider.begin_device(clock::both()).await;
    let device = begun.map_err(|error| {
        report(&error);
        Failure::Provider(error.word())
    })?;
    let now = clock::now();
    let grant =
        lock(devices).put(now, now + device.life(), Device::Waiting).ok_or(Failure::Busy)?;
    let answer = Begun {
        address: device.address().to_owned(),
        code: device.code().to_owned(),
        grant: grant.clone(),
        expires_in: device.life().as_secs(),
    };
    let tenant = provider.settings().id.clone();
    let (app, mut stop) = (Arc::clone(&app), app.stop.clone());
    tokio::spawn(async move {
        let Some(desk) = app.desk.as_ref() else { return };
        let Some(provider) = desk.provider(Some(tenant.as_str())) else { return };
        let outcome = tokio::select! {
            outcome = provider.finish_device(clock::both(), &device) => outcome,
            _ = stop.changed() => Err(IdentityError::Expired),
        };
        let stands = match outcome {
            Ok(identity) => Device::Done(Box::new(who(identity))),
            Err(error) => {
                report(&error);
                Device::Failed(error.word())
            }
        };
        let mut waiting = desk.devices.as_ref().map(lock);
        if let Some(place) = waiting.as_mut().and_then(|it| it.get(clock::now(), &grant)) {
            *place = stands;
        }
    });
    Ok(Json(answer))
}

/// Tells an agent how it stands: 202 while nobody has signed in.
pub(super) async fn token(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Result<Json<Ask>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(Ask { grant }) = body?;
    let desk = app.desk.as_ref().ok_or(Failure::NotFound)?;
    let devices = desk.devices.as_ref().ok_or(Failure::NotFound)?;
    if headers.contains_key(header::ORIGIN) {
        return Err(Failure::Origin);
    }
    let now = clock::now();
    let stands = {
        let mut devices = lock(devices);
        match devices.get(now, &grant) {
            Some(Device::Waiting) => return Ok(StatusCode::ACCEPTED.into_response()),
            Some(Device::Done(_) | Device::Failed(_)) => devices.take(now, &grant),
            None => None,
        }
    };
    match stands {
        Some(Device::Done(who)) => Ok(welcome(&app, *who)?.into_response()),
        Some(Device::Failed(word)) => Err(Failure::Provider(word)),
        Some(Device::Waiting) | None => Err(Failure::SignedOut),
    }
}
