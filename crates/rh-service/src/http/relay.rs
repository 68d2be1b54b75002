//! Where sessions are relayed, for who looks whether that is reached. Who may use it is told to a
//! session to which its sharer has agreed, and to nobody else.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use rh_relay::server::Here;
use schemars::JsonSchema;
use serde::Serialize;

use super::App;

#[derive(JsonSchema, Serialize)]
pub(super) struct Urls {
    urls: Vec<String>,
}

/// `GET /api/relay`.
pub(super) async fn urls(State(app): State<Arc<App>>, headers: HeaderMap) -> Json<Urls> {
    let urls =
        app.relay.as_ref().zip(here(&headers, app.tls)).map(|(relay, here)| relay.urls(&here));
    Json(Urls { urls: urls.unwrap_or_default() })
}

/// How the client reached the service, as it says itself.
pub(super) fn here(headers: &HeaderMap, tls: bool) -> Option<Here> {
    Here::new(headers.get(header::HOST)?.to_str().ok()?, tls)
}
