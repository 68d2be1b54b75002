//! The audit log, taken out of the service: JSON lines that can be checked without it.
//!
//! The log is sealed first, so that nothing in the file is without a signature. Checkpoints come
//! first, as they were signed; then every entry with its canonical body, whose bytes are
//! what was hashed; at last a line that says how far the log had come, so that a file that was cut
//! off is told from a whole one. Lines are written as they are read, whatever the log's length.

use std::sync::Arc;

use axum::body::{Body as Stream, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, TryStreamExt};
use rh_policy::{Duty, TenantId};
use rh_records::{
    Checkpoint, Entry, Head, RecordError, RecordStore, Signed, SigningKey, Trust, upkeep,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock;
use crate::http::identity::Acting;
use crate::http::read::Body;
use crate::http::{App, Failure};

/// Entries that are read at a time.
const PAGE: u32 = 500;

/// What to export.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Only entries after this number; all without.
    #[serde(default)]
    after: u64,
}

/// How far an export has come.
struct Export {
    store: Arc<dyn RecordStore>,
    tenant: TenantId,
    /// Where the log was when the export began.
    head: Head,
    after: u64,
    /// Checkpoints that are still to be written, before everything else.
    documents: Vec<String>,
    done: bool,
}

/// Takes the audit log out; that is an entry in it too, and the last one that is taken.
pub(super) async fn export(
    State(app): State<Arc<App>>,
    Acting(signed_in): Acting,
    Body(Wanted { after }): Body<Wanted>,
) -> Result<Response, Failure> {
    let administrator = app.administrator(&signed_in, Duty::Export)?;
    let store = Arc::clone(app.store()?);
    let from = (after > 0).then(|| format!("after {after}"));
    app.act(&administrator, from).await?;
    let tenant = administrator.tenant;
    let (documents, head) = sealed(&*store, &tenant, app.signing_key()?).await?;
    let export = Export { store, tenant, head, after, documents, done: false };
    let lines = stream::try_unfold(export, Export::next).inspect_err(|error| {
        tracing::error!(alarm = "records", "an export was cut off: {error}");
    });
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\""),
    ];
    Ok((headers, Stream::from_stream(lines)).into_response())
}

/// Seals the log; returns the checkpoints, and where the last of them is, which is where the export
/// ends.
async fn sealed(
    store: &dyn RecordStore,
    tenant: &TenantId,
    key: &SigningKey,
) -> Result<(Vec<String>, Head), RecordError> {
    upkeep::seal(store, tenant, key, clock::wall()).await?;
    let documents = store.checkpoints(tenant).await?;
    let genuine = documents.iter().filter_map(|it| Signed::open(it, &Trust::Any).ok());
    let heads = genuine.map(|(checkpoint, _): (Checkpoint, _)| checkpoint.head());
    let head = heads.max_by_key(|head| head.seq).unwrap_or(Head::START);
    Ok((documents, head))
}

impl Export {
    /// The next lines, and what is left.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, RecordError> {
        if !self.documents.is_empty() {
            let documents = std::mem::take(&mut self.documents);
            let line = |document| json!({ "type": "checkpoint", "document": document });
            return Ok(Some((lines(documents.into_iter().map(line)), self)));
        }
        let mut page = self.store.entries(&self.tenant, self.after, PAGE).await?;
        page.retain(|entry| entry.seq <= self.head.seq);
        if let Some(last) = page.last() {
            self.after = last.seq;
            return Ok(Some((page.iter().map(entry).collect::<String>().into(), self)));
        }
        if std::mem::replace(&mut self.done, true) {
            return Ok(None);
        }
        let Head { seq, hash } = self.head;
        Ok(Some((lines([json!({ "type": "end", "seq": seq, "hash": hash })]), self)))
    }
}

fn lines(values: impl IntoIterator<Item = Value>) -> Bytes {
    values.into_iter().map(|it| format!("{it}\n")).collect::<String>().into()
}

/// An entry with its body as it was hashed, or as text if somebody made it something that is no JSON.
fn entry(Entry { seq, prev, hash, body, .. }: &Entry) -> String {
    let sound = !body.contains('\n') && serde_json::from_str::<Value>(body).is_ok();
    let body = if sound { body.clone() } else { Value::from(body.as_str()).to_string() };
    let head = format!("\"type\":\"entry\",\"seq\":{seq},\"prev\":\"{prev}\"");
    format!("{{{head},\"hash\":\"{hash}\",\"body\":{body}}}\n")
}

#[cfg(test)]
mod tests {
    use rh_records::{Hash, Timestamp};

    use super::*;

    fn line(body: &str) -> Value {
        let (prev, hash) = (Hash([0; 32]), Hash([1; 32]));
        let at = Timestamp::from_millis(0).unwrap();
        let text = entry(&Entry { seq: 1, at, prev, hash, body: body.to_owned() });
        assert_eq!(text.lines().count(), 1);
        serde_json::from_str(&text).unwrap()
    }

    /// Whatever somebody wrote into the store, a line is a line.
    #[test]
    fn a_body_is_embedded_as_it_was_hashed() {
        assert_eq!(line(r#"{"a":1}"#)["body"], json!({ "a": 1 }));
        assert_eq!(line("no json")["body"], "no json");
        assert_eq!(line("{\n}")["body"], "{\n}");
    }
}
