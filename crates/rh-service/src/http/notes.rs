//! What helpers note of a session, for whoever helps the same person next (B-20).
//!
//! A note is of one session and by its helper. Those who may read what was noted of a person are the person
//! and whoever was allowed to help them, the latter only what was there before their own session was over.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rh_policy::PersonId;
use rh_protocol::limits::CHAT_BYTES;
use rh_protocol::{SessionId, chat_text};
use rh_records::{Note, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::{Acting, SignedIn};
use super::own::session_of;
use super::read::Body;
use super::{App, Failure};
use crate::clock;

/// Notes in one answer.
const MOST: u32 = 50;

/// What is noted.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNote {
    /// At most 4096 bytes; empty to take the note away.
    text: String,
}

/// What was noted of a person, the newest first.
#[derive(JsonSchema, Serialize)]
pub(super) struct Notes {
    notes: Vec<Noted>,
}

/// A note.
#[derive(JsonSchema, Serialize)]
struct Noted {
    /// Of which session.
    #[schemars(with = "String")]
    session: SessionId,
    #[schemars(with = "String")]
    at: Timestamp,
    /// What its author is called.
    author: Option<String>,
    text: String,
}

/// Notes something of a session in which the sharer allowed whoever notes it something, in the place of what
/// was noted of it before.
pub(super) async fn keep(
    State(app): State<Arc<App>>,
    Path(session): Path<String>,
    Acting(SignedIn { who, .. }): Acting,
    Body(NewNote { text }): Body<NewNote>,
) -> Result<StatusCode, Failure> {
    let (archive, found) = session_of(&app, &who, &session).await?;
    if found.helper.id != PersonId::from(&who.id) || found.role.is_none() {
        return Err(Failure::NotFound);
    }
    let cleaned = chat_text(&text);
    if cleaned.is_none() && !text.trim().is_empty() {
        let too_long = format!("text: write {CHAT_BYTES} bytes of text at most");
        return Err(Failure::Malformed(StatusCode::UNPROCESSABLE_ENTITY, too_long));
    }
    let note = Note {
        tenant: found.tenant,
        session: found.session,
        about: found.sharer.id,
        author: found.helper.id,
        name: found.helper.full_name,
        at: clock::wall(),
        text: cleaned.unwrap_or_default(),
    };
    archive.store.keep_note(&note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was noted of the sharer of a session, for the two of it; nobody else learns that there was such a
/// session.
pub(super) async fn notes(
    State(app): State<Arc<App>>,
    Path(session): Path<String>,
    SignedIn { who, .. }: SignedIn,
) -> Result<Json<Notes>, Failure> {
    let (archive, found) = session_of(&app, &who, &session).await?;
    let sharer = found.sharer.id == PersonId::from(&who.id);
    if !sharer && found.role.is_none() {
        return Err(Failure::NotFound);
    }
    let until = found.ended.filter(|_| !sharer).map(|ended| ended.at);
    let notes = archive.store.notes(&found.tenant, &found.sharer.id, MOST).await?;
    let readable =
        |note: &Note| note.session == found.session || until.is_none_or(|until| note.at <= until);
    let notes = notes.into_iter().filter(readable).map(|note| Noted {
        session: note.session,
        at: note.at,
        author: note.name,
        text: note.text,
    });
    Ok(Json(Notes { notes: notes.collect() }))
}
