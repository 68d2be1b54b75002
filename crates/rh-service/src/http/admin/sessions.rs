//! The sessions that run, and their end, at whichever node of the service.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rh_policy::{Duty, TenantId};
use rh_protocol::SessionId;
use schemars::JsonSchema;
use serde::Serialize;

use super::views::Session;
use crate::clock;
use crate::cluster::{Seen, Unanswered};
use crate::http::identity::{Acting, SignedIn};
use crate::http::{App, Failure};
use crate::hub::NodeId;

/// The sessions that run.
#[derive(JsonSchema, Serialize)]
pub(super) struct Sessions {
    sessions: Vec<Session>,
    /// Whether these are all: no node of the service failed to answer.
    complete: bool,
    /// The nodes that did not, whose sessions are missing; none if it is not known which there are.
    #[schemars(with = "Vec<String>")]
    unanswered: Vec<NodeId>,
}

/// M-08: who helps whom now.
pub(super) async fn running(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<Sessions>, Failure> {
    let tenant = app.administrator(&signed_in, Duty::ReadRecords)?.tenant;
    let (mut seen, unanswered) = app.others.running(&tenant).await;
    seen.extend(Seen::at(&app.board, &tenant));
    seen.sort_by_key(|it| it.session);
    let sessions = seen.into_iter().map(Session::from).collect();
    let complete = unanswered.is_none();
    Ok(Json(Sessions { sessions, complete, unanswered: unanswered.nodes }))
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
    let elsewhere = app.place(tenant, session).await?;
    // Once, here: the node where it runs does as it is told.
    app.act(&administrator, Some(session.to_string())).await?;
    let ended = match elsewhere {
        None => app.board.end(clock::now(), tenant, session),
        Some(node) => {
            let told = app.others.end(node, tenant, session).await;
            told.map_err(|it| silent(&it, "look whether the session still runs"))?
        }
    };
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Failure::NotFound) }
}

impl App {
    /// Where a tenant's session runs: the other node, or here.
    ///
    /// # Errors
    ///
    /// [`Failure::NotFound`] if at none, and [`Failure::Nodes`] if some do not say.
    async fn place(
        &self,
        tenant: &TenantId,
        session: SessionId,
    ) -> Result<Option<NodeId>, Failure> {
        if self.board.runs(tenant, session) {
            return Ok(None);
        }
        let place = self.others.with(tenant, session).await;
        let place = place.map_err(|it| silent(&it, "nothing was done; try again later"))?;
        place.map(Some).ok_or(Failure::NotFound)
    }
}

fn silent(unanswered: &Unanswered, what_to_do: &str) -> Failure {
    Failure::Nodes(format!("{unanswered}; {what_to_do}"))
}
