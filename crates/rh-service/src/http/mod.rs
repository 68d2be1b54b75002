//! The HTTP side: routes, sign-in, headers and pages.

mod api;
mod failure;
mod headers;
mod identity;
mod origin;
mod pages;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, map_response_with_state};
use axum::routing::{any, get, post};
use axum::{Router, response::IntoResponse};
use tokio::sync::watch;

use crate::people::People;
use crate::sign_in::SignIns;
use crate::socket::Switchboard;
use failure::Failure;
pub(crate) use origin::Origins;
pub(crate) use pages::Pages;

/// Bytes of a request's body.
const BODY_BYTES: usize = 4 * 1024;

/// What every request may need.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) people: People,
    pub(crate) origins: Origins,
    pub(crate) board: Arc<Switchboard>,
    pub(crate) stop: watch::Receiver<bool>,
    sign_ins: Mutex<SignIns>,
}

impl App {
    pub(crate) fn new(
        people: People,
        origins: Origins,
        board: Arc<Switchboard>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self { people, origins, board, stop, sign_ins: Mutex::default() }
    }

    fn sign_ins(&self) -> MutexGuard<'_, SignIns> {
        self.sign_ins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everything that is served.
pub(crate) fn router(app: App, pages: &Pages) -> Router {
    let policy = headers::Policy::new(&app.origins);
    Router::new()
        .route("/api/people", get(api::people))
        .route("/api/people/{id}/picture", get(api::picture))
        .route("/api/sign-in", post(api::sign_in))
        .route("/api/sign-out", post(api::sign_out))
        .route("/api/me", get(api::me))
        .route("/api/version", get(api::version))
        .route("/api", any(nothing))
        .route("/api/{*rest}", any(nothing))
        .route("/ws", any(api::socket))
        .route("/healthz", get("ok\n"))
        .merge(pages.router())
        .layer(from_fn(headers::cache))
        .layer(map_response_with_state(policy, headers::secure))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(Arc::new(app))
}

async fn nothing() -> impl IntoResponse {
    Failure::NotFound
}
