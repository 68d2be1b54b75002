//! The sessions that were, and what sharers answered in them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use rh_policy::Duty;
use rh_protocol::SessionId;
use rh_records::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::views::{Answer, Session};
use super::{malformed, page, rows};
use crate::clock;
use crate::http::identity::SignedIn;
use crate::http::read::Query;
use crate::http::{App, Failure};

/// Which page.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// `next` of the page before; the newest sessions without.
    after: Option<String>,
    /// Sessions on the page, 1 to 200.
    limit: Option<u32>,
}

/// One page of sessions, the newest first.
#[derive(JsonSchema, Serialize)]
pub(super) struct History {
    sessions: Vec<Session>,
    /// Where the next page begins, if there is one.
    next: Option<String>,
}

/// One session with the sharer's answers.
#[derive(JsonSchema, Serialize)]
pub(super) struct Detail {
    #[serde(flatten)]
    session: Session,
    consents: Vec<Answer>,
}

/// A place in the list: behind this session.
struct Place {
    started: Timestamp,
    session: SessionId,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.started, self.session)
    }
}

impl FromStr for Place {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let parts = text.split_once('_');
        let place = parts.and_then(|(started, session)| {
            Some(Self { started: started.parse().ok()?, session: session.parse().ok()? })
        });
        place.ok_or_else(|| malformed("after: take it from `next` of the page before"))
    }
}

/// M-08: who helped whom, when, on which device and how far.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Query(Page { after, limit }): Query<Page>,
    signed_in: SignedIn,
) -> Result<Json<History>, Failure> {
    let tenant = app.administrator(&signed_in, Duty::ReadRecords)?.tenant;
    let store = app.store()?;
    let most = rows(limit)?;
    let place = after.as_deref().map(str::parse::<Place>).transpose()?;
    // What begins at this very moment is on no page yet.
    let before = place.as_ref().map_or_else(clock::wall, |it| it.started);
    let past = place.map(|it| it.session);
    let (found, more) = page(store.sessions(&tenant, before, past, most + 1).await?, most);
    let last = found.last().filter(|_| more);
    let next = last.map(|it| Place { started: it.started, session: it.session }.to_string());
    Ok(Json(History { sessions: found.into_iter().map(Session::from).collect(), next }))
}

/// One session, and what the sharer answered.
pub(super) async fn one(
    State(app): State<Arc<App>>,
    Path(session): Path<String>,
    signed_in: SignedIn,
) -> Result<Json<Detail>, Failure> {
    let tenant = app.administrator(&signed_in, Duty::ReadRecords)?.tenant;
    let store = app.store()?;
    let session: SessionId = session.parse().map_err(|_| Failure::NotFound)?;
    let record = store.session(&tenant, session).await?.ok_or(Failure::NotFound)?;
    let consents = store.consents(&tenant, session).await?;
    let consents = consents.into_iter().map(Answer::from).collect();
    Ok(Json(Detail { session: record.into(), consents }))
}
