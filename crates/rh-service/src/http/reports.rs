//! A sharer reports a helper (B-05).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use rh_policy::{PersonId, TenantId};
use rh_protocol::SessionId;
use schemars::JsonSchema;
use serde::Deserialize;

use super::identity::SignedIn;
use super::{App, Failure};
use crate::clock;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    /// The session that runs, or one that is over.
    #[schemars(with = "String")]
    session: SessionId,
}

/// Suspends the helper of a session at once, if whoever reports shared in it. Nobody else learns that
/// there was such a session.
pub(super) async fn report(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    body: Result<Json<Report>, JsonRejection>,
) -> Result<StatusCode, Failure> {
    let SignedIn { who, .. } = signed_in.acting()?;
    let Json(Report { session }) = body?;
    let (tenant, by): (_, PersonId) = (&who.person.tenant, (&who.id).into());
    let helper = match app.board.helper_in(session, tenant, &by) {
        Some(helper) => Some(helper),
        None => helper_of(&app, session, tenant, &by).await?,
    };
    let helper = helper.ok_or(Failure::NotFound)?;
    app.board.report(clock::now(), tenant, &helper, &by, session);
    Ok(StatusCode::NO_CONTENT)
}

/// Who helped in a session that is over.
async fn helper_of(
    app: &App,
    session: SessionId,
    tenant: &TenantId,
    sharer: &PersonId,
) -> Result<Option<PersonId>, Failure> {
    let Some(archive) = &app.archive else { return Ok(None) };
    let found = archive.store.session(tenant, session).await?;
    Ok(found.filter(|it| it.sharer.id == *sharer).map(|it| it.helper.id))
}
