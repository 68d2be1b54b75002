//! A session that whoever asks was in.

use rh_policy::PersonId;
use rh_protocol::SessionId;
use rh_records::SessionRecord;

use super::{App, Archive, Failure};
use crate::sign_in::Who;

/// The session of that id, and the records that it is in, if `who` was in it; nobody else learns that there
/// was such a session.
pub(super) async fn session_of<'a>(
    app: &'a App,
    who: &Who,
    id: &str,
) -> Result<(&'a Archive, SessionRecord), Failure> {
    let archive = app.archive.as_ref().ok_or(Failure::NotFound)?;
    let id: SessionId = id.parse().map_err(|_| Failure::NotFound)?;
    let found = archive.store.session(&who.person.tenant, id).await?;
    let person: PersonId = (&who.id).into();
    let found = found.filter(|it| person == it.helper.id || person == it.sharer.id);
    Ok((archive, found.ok_or(Failure::NotFound)?))
}
