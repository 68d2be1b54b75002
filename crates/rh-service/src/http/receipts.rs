//! What a sharer takes home (B-13).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rh_protocol::SessionId;
use rh_records::{RecordError, RecordStore, SigningKey, receipt};

use super::identity::SignedIn;
use super::{App, Failure};
use crate::clock;

/// Where sessions are looked up, and what receipts are signed with.
#[derive(Debug)]
pub(crate) struct Archive {
    pub(crate) store: Arc<dyn RecordStore>,
    pub(crate) key: Arc<SigningKey>,
}

/// The signed receipt of a session that is over, for whoever shared in it. Nobody else learns that
/// there was such a session.
pub(super) async fn receipt(
    State(app): State<Arc<App>>,
    Path(session): Path<String>,
    signed_in: SignedIn,
) -> Result<Response, Failure> {
    let archive = app.archive.as_ref().ok_or(Failure::NotFound)?;
    let session: SessionId = session.parse().map_err(|_| Failure::NotFound)?;
    let (tenant, person) = (&signed_in.who.person.tenant, (&signed_in.who.id).into());
    let found = archive.store.session(tenant, session).await.map_err(failed)?;
    found.filter(|it| it.sharer.id == person).ok_or(Failure::NotFound)?;
    let issued = receipt::issue(&*archive.store, tenant, session, &archive.key, clock::wall());
    let text = issued.await.map_err(failed)?.to_pretty();
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

fn failed(error: RecordError) -> Failure {
    match error {
        RecordError::NoSession => Failure::NotFound,
        RecordError::Running => Failure::Conflict("the session is still going on"),
        RecordError::Address(_)
        | RecordError::Missing(_)
        | RecordError::Foreign(_)
        | RecordError::Newer { .. }
        | RecordError::Unavailable(_)
        | RecordError::Damaged(_) => error.into(),
    }
}
