//! What administrators see and do, under `/api/v1/admin`.
//!
//! Everything is about the caller's own tenant, which is taken from the sign-in and never from a
//! request; what belongs to another tenant answers as what does not exist. `rh-policy` is asked
//! before each request: an Auditor reads and exports, a Tenant Administrator acts too. What acts is a
//! POST, PUT, PATCH or DELETE from the service's own pages (or with a bearer token from no page), and
//! is recorded before it is done; what cannot be recorded is not done.

mod alarms;
mod caller;
mod export;
mod history;
mod sessions;
mod views;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use rh_policy::{Action, Duty, TenantId};
use serde::Serialize;

use super::identity::SignedIn;
use super::{App, Failure};
pub(super) use caller::Refusals;

/// The routes.
pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/admin/me", get(me))
        .route("/api/v1/admin/sessions", get(sessions::running))
        .route("/api/v1/admin/sessions/{session}/end", post(sessions::end))
        .route("/api/v1/admin/history", get(history::list))
        .route("/api/v1/admin/history/{session}", get(history::one))
        .route("/api/v1/admin/audit/export", post(export::export))
        .route("/api/v1/admin/alarms", get(alarms::list))
}

/// What the caller may do here.
#[derive(Serialize)]
struct Me {
    tenant: TenantId,
    person: String,
    /// The duties, by their names in the rules; empty for who is no administrator.
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
