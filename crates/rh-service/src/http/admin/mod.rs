//! What administrators see and do, under `/api/v1/admin`.
//!
//! Everything is about the caller's own tenant, which is taken from the sign-in and never from a
//! request; what belongs to another tenant answers as what does not exist. `rh-policy` is asked
//! before each request: an Auditor reads and exports, a Tenant Administrator acts too. What acts is a
//! POST, PUT, PATCH or DELETE from the service's own pages (or with a bearer token from no page), and
//! is recorded before it is done; what cannot be recorded is not done.

mod alarms;
mod caller;
mod devices;
mod export;
mod history;
mod rules;
mod sessions;
mod suspensions;
mod views;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rh_policy::{Action, Duty, TenantId};
use schemars::JsonSchema;
use serde::Serialize;

use super::identity::SignedIn;
use super::openapi::{Api, Bytes};
use super::{App, Failure};
pub(super) use caller::Refusals;

/// The routes.
pub(super) fn api(api: Api) -> Api {
    api.of("administrators")
        .get("/api/v1/admin/me", "What the caller may do", me)
        .get("/api/v1/admin/sessions", "The sessions that run", sessions::running)
        .post("/api/v1/admin/sessions/{session}/end", "Ends a session", sessions::end)
        .get("/api/v1/admin/history", "The sessions that were", history::list)
        .get("/api/v1/admin/history/{session}", "One of them, with the answers", history::one)
        .post("/api/v1/admin/audit/export", "The audit log, as JSON lines", export::export)
        .answers::<Bytes>()
        .get("/api/v1/admin/devices", "What is known of devices", devices::list)
        .get("/api/v1/admin/alarms", "What to look at", alarms::list)
        .get("/api/v1/admin/suspensions", "Helpers who were reported", suspensions::list)
        .post("/api/v1/admin/suspensions/lift", "Lets one help again", suspensions::lift)
        .get("/api/v1/admin/rules", "Switches, roles and assignments", rules::read)
        .put("/api/v1/admin/rules/settings", "Sets the switches", rules::set_settings)
        .put("/api/v1/admin/rules/roles", "Sets the roles", rules::set_roles)
        .put("/api/v1/admin/rules/assignments", "Sets who has which", rules::set_assignments)
        .post("/api/v1/admin/rules/give-back", "Lets the file count again", rules::give_back)
}

/// What the caller may do here.
#[derive(JsonSchema, Serialize)]
struct Me {
    #[schemars(with = "String")]
    tenant: TenantId,
    person: String,
    /// The duties, by their names in the rules; empty for who is no administrator.
    #[schemars(with = "Vec<String>")]
    duties: Vec<Action>,
}

async fn me(State(app): State<Arc<App>>, signed_in: SignedIn) -> Json<Me> {
    let duties = [
        Duty::ReadRecords,
        Duty::EndSessions,
        Duty::ManageRoles,
        Duty::ManageDevices,
        Duty::ManageTenant,
        Duty::Export,
    ];
    let allowed = duties.into_iter().filter(|duty| app.may(&signed_in.who, *duty));
    let duties = allowed.map(Action::Administer).collect();
    let who = signed_in.who;
    Json(Me { tenant: who.person.tenant.clone(), person: who.id.to_string(), duties })
}

/// Rows on a page unless told otherwise, and at most.
const PAGE: (u32, u32) = (50, 200);

/// How many rows a page is to have.
fn rows(limit: Option<u32>) -> Result<u32, Failure> {
    let most = limit.unwrap_or(PAGE.0);
    if (1..=PAGE.1).contains(&most) { Ok(most) } else { Err(malformed("limit: write 1 to 200")) }
}

/// A page of `most` rows, of what was found when one more was asked for; and whether another follows.
fn page<T>(mut found: Vec<T>, most: u32) -> (Vec<T>, bool) {
    let more = found.len() > most as usize;
    found.truncate(most as usize);
    (found, more)
}

fn malformed(message: &str) -> Failure {
    Failure::Malformed(StatusCode::BAD_REQUEST, message.to_owned())
}
