//! What administrators should look at.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use rh_policy::Duty;
use schemars::JsonSchema;
use serde::Serialize;

use crate::http::identity::SignedIn;
use crate::http::{App, Failure};
use crate::observe::Raised;

/// The alarms of the tenant and of the service, the newest first.
#[derive(JsonSchema, Serialize)]
pub(super) struct List {
    alarms: Vec<Raised>,
}

/// What was raised since the service started, a hundred of each at most.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<List>, Failure> {
    let tenant = app.administrator(&signed_in, Duty::ReadRecords)?.tenant;
    Ok(Json(List { alarms: app.observers.alarms.of(&tenant) }))
}
