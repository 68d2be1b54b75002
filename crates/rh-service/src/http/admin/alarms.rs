//! What administrators should look at.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use rh_policy::{Duty, TenantId};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::time::timeout;

use crate::http::identity::SignedIn;
use crate::http::{App, Failure};
use crate::observe::{KEPT, Raised};

/// How long a store of records may take; that it does not answer is what somebody looks for here.
const READ_WITHIN: Duration = Duration::from_secs(2);

/// The alarms of the tenant and of the service, the newest first.
#[derive(JsonSchema, Serialize)]
pub(super) struct List {
    alarms: Vec<Raised>,
}

/// What was raised at whichever node and is not yet too old to be kept, and what this one has to say
/// of itself; a hundred of each at most. A store that does not answer is one of them.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<List>, Failure> {
    let tenant = app.administrator(&signed_in, Duty::ReadRecords)?.tenant;
    let recorded = recorded(&app, &tenant).await;
    Ok(Json(List { alarms: app.observers.alarms.of(&tenant, recorded) }))
}

/// What is in the records, if there are any and they can be read in time.
async fn recorded(app: &App, tenant: &TenantId) -> Option<Vec<Raised>> {
    let reading = app.store().ok()?.alarms(tenant, KEPT as u32);
    let entries = timeout(READ_WITHIN, reading).await.ok()?.ok()?;
    Some(entries.iter().filter_map(Raised::recorded).collect())
}
