//! The sessions that run, and their end.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rh_policy::Duty;
use rh_protocol::SessionId;
use schemars::JsonSchema;
use serde::Serialize;

use super::views::{Session, Side};
use crate::clock;
use crate::http::identity::{Acting, SignedIn};
use crate::http::{App, Failure};
use crate::hub::Running;

/// The sessions that run.
#[derive(JsonSchema, Serialize)]
pub(super) struct Sessions {
    sessions: Vec<Session>,
}

/// M-08: who helps whom now.
pub(super) async fn running(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<Sessions>, Failure> {
    let administrator = app.administrator(&signed_in, Duty::ReadRecords)?;
    let (now, wall) = (clock::now(), clock::wall());
    let see = |it: Running<'_>| Session {
        session: it.session,
        helper: Side::present(&it.helper.person.id, &it.helper.card),
        sharer: Side::present(&it.sharer.person.id, &it.sharer.card),
        device: it.device.cloned(),
        started: wall.before(now.saturating_duration_since(it.since)),
        role: it.role,
        ended: None,
    };
    Ok(Json(Sessions { sessions: app.board.running(&administrator.tenant, see) }))
}

/// Ends a session; both sides are told that an administrator did.
pub(super) async fn end(
    State(app): State<Arc<App>>,
    Path(session): Path<String>,
    Acting(signed_in): Acting,
) -> Result<StatusCode, Failure> {
    let administrator = app.administrator(&signed_in, Duty::EndSessions)?;
    let session: SessionId = session.parse().map_err(|_| Failure::NotFound)?;
    let tenant = &administrator.tenant;
    if !app.board.running(tenant, |it| it.session).contains(&session) {
        return Err(Failure::NotFound);
    }
    app.act(&administrator, Some(session.to_string())).await?;
    let ended = app.board.end(clock::now(), tenant, session);
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Failure::NotFound) }
}
