//! What two wrote to one another, for the two of them (S-16).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use rh_policy::PersonId;
use rh_protocol::Client;
use rh_records::{Message, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::SignedIn;
use super::own::session_of;
use super::read::Query;
use super::{App, Failure};

/// Messages in one answer.
const PAGE: u32 = 200;

/// Which part of a thread.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// The place of the last message that is known already; from the first without.
    after: Option<u64>,
}

/// A part of a thread; the next begins after its last message, if there are as many as fit.
#[derive(JsonSchema, Serialize)]
pub(super) struct Thread {
    messages: Vec<Line>,
}

/// A message.
#[derive(JsonSchema, Serialize)]
struct Line {
    /// Its place in the thread, counted from 1.
    place: u64,
    #[schemars(with = "String")]
    at: Timestamp,
    /// Which side wrote it: `helper` or `agent`.
    #[schemars(with = "String")]
    from: Client,
    text: String,
}

/// The thread of a session, for whoever was in it; nobody else learns that there was such a session, and
/// no administrator reads it here.
pub(super) async fn thread(
    State(app): State<Arc<App>>,
    Path(session): Path<String>,
    Query(Part { after }): Query<Part>,
    signed_in: SignedIn,
) -> Result<Json<Thread>, Failure> {
    let (archive, found) = session_of(&app, &signed_in.who, &session).await?;
    let after = after.unwrap_or(0);
    let messages = archive.store.thread(&found.tenant, found.session, after, PAGE).await?;
    let helper = found.helper.id;
    let messages = messages.into_iter().map(|it| line(it, &helper)).collect();
    Ok(Json(Thread { messages }))
}

fn line(message: Message, helper: &PersonId) -> Line {
    let Message { place, at, author, text } = message;
    let from = if author == *helper { Client::Helper } else { Client::Agent };
    Line { place, at, from, text }
}
