//! Whether the service lives, and whether it can be given work.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rh_policy::TenantId;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::time::timeout;

use super::{App, lock};
use crate::clock;

/// How long the store may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// For how long an answer of the store holds: whoever asks often asks us, and not the store.
const HOLDS: Duration = Duration::from_secs(1);

/// Whether new work should be sent here.
#[derive(JsonSchema, Serialize)]
pub(super) struct Readiness {
    ready: bool,
    /// Whether the service is about to stop.
    draining: bool,
    records: Store,
}

/// What is known of the store of records.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Store {
    /// Nothing is recorded, as configured.
    Off,
    /// It answers.
    Reachable,
    /// It does not answer.
    Unreachable,
}

/// What the store said last, and when.
#[derive(Debug, Default)]
pub(super) struct Pulse(Mutex<Option<(Instant, bool)>>);

/// The process answers; nothing else is asked.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// 200 if new work should be sent here, else 503; in both cases with the reasons.
pub(super) async fn ready(State(app): State<Arc<App>>) -> (StatusCode, Json<Readiness>) {
    let records = match app.store_answers().await {
        None => Store::Off,
        Some(true) => Store::Reachable,
        Some(false) => Store::Unreachable,
    };
    let draining = app.is_draining();
    let ready = !draining && records != Store::Unreachable;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, draining, records }))
}

impl App {
    /// Whether the store of records answers, or did so a moment ago; nothing if there is none.
    async fn store_answers(&self) -> Option<bool> {
        let store = self.store().ok()?;
        let now = clock::now();
        let known = *lock(&self.pulse.0);
        if let Some((_, answered)) = known.filter(|(at, _)| now < *at + HOLDS) {
            return Some(answered);
        }
        let nobody: TenantId = "-".parse().expect("this is an id");
        let answered = matches!(timeout(ANSWER_WITHIN, store.head(&nobody)).await, Ok(Ok(_)));
        *lock(&self.pulse.0) = Some((now, answered));
        Some(answered)
    }
}
