//! An exported audit log, checked with nothing but the files and the id of the key.
//!
//! A file is read line by line, whatever its length; `http::admin::export` says what its lines are.
//! What was hashed is taken from the file byte by byte, so that nothing can be written beside it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use rh_policy::TenantId;
use rh_records::audit::{Broken, Verified, Walk};
use rh_records::{Checkpoint, Entry, Hash, Head, Signed, Timestamp, Trust};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Failure;

/// Exported files, one after the other.
#[derive(Debug)]
pub(super) struct Exported<'a> {
    trust: &'a Trust,
    /// Whose log it should be, if somebody said.
    wanted: Option<&'a TenantId>,
    /// What others keep of the chain.
    witnesses: &'a [(TenantId, Head)],
    tenant: Option<TenantId>,
    /// The checkpoints that come before the first entry of all.
    documents: Vec<String>,
    walk: Option<Walk>,
    /// The last entry.
    at: Option<Head>,
    /// What is being read.
    path: PathBuf,
    line: usize,
    stage: Stage,
}

/// How far a file was read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    Checkpoints,
    Entries,
    Ended(Head),
}

#[derive(Deserialize)]
struct Kind {
    r#type: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointLine {
    #[serde(rename = "type")]
    _kind: String,
    document: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryLine<'a> {
    #[serde(rename = "type")]
    _kind: String,
    seq: u64,
    prev: Hash,
    hash: Hash,
    #[serde(borrow)]
    body: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndLine {
    #[serde(rename = "type")]
    _kind: String,
    seq: u64,
    hash: Hash,
}

/// Of a body, what it is filed under.
#[derive(Deserialize)]
struct Filed {
    tenant: TenantId,
    at: Timestamp,
}

/// What to do about a first entry that is not the first of the log.
const EARLIER_FIRST: &str =
    "; if this export goes on where another ended, give that one first, with --file";

/// What is wrong, in words.
type Fault = String;

impl<'a> Exported<'a> {
    pub(super) fn new(
        trust: &'a Trust,
        wanted: Option<&'a TenantId>,
        witnesses: &'a [(TenantId, Head)],
    ) -> Self {
        Self {
            trust,
            wanted,
            witnesses,
            tenant: None,
            documents: Vec::new(),
            walk: None,
            at: None,
            path: PathBuf::new(),
            line: 0,
            stage: Stage::Checkpoints,
        }
    }

    /// Reads one file; the next goes on where it ends.
    pub(super) fn read(&mut self, path: &Path) -> Result<(), Failure> {
        let unknown = |error: std::io::Error| {
            let path = path.display();
            Failure::Unknown(format!("{path}: {error}; give an exported file that can be read"))
        };
        let file = File::open(path).map_err(unknown)?;
        (self.path, self.line, self.stage) = (path.to_owned(), 0, Stage::Checkpoints);
        for text in BufReader::new(file).split(b'\n') {
            self.line += 1;
            let text = text.map_err(unknown)?;
            self.take(&text).map_err(|fault| self.broken(&fault))?;
        }
        match (self.stage, self.at) {
            (Stage::Ended(_), _) => Ok(()),
            (_, Some(Head { seq, .. })) => {
                Err(self.broken(&format!("the file is cut off after entry {seq}")))
            }
            (_, None) => Err(self.broken("the file is cut off before its first entry")),
        }
    }

    /// What all of it says.
    pub(super) fn finish(mut self) -> Result<(TenantId, Verified), Failure> {
        let Stage::Ended(head) = self.stage else { return Err(self.broken("it has no end")) };
        let Some(tenant) = self.tenant.clone() else {
            return Err(self.broken("there is neither an entry nor a checkpoint in it"));
        };
        self.begin(&tenant).map_err(|fault| self.broken(&fault))?;
        let verified = self.walk.take().map(|walk| walk.finish(head));
        let verified = verified.ok_or_else(|| self.broken("it has no end"))?;
        let verified = verified.map_err(|broken| self.broken(&broken.to_string()))?;
        if verified.sealed < verified.last {
            let (from, to) = (verified.sealed + 1, verified.last);
            return Err(self.broken(&format!(
                "no checkpoint is about entries {from} to {to}: anybody may have written them"
            )));
        }
        Ok((tenant, verified))
    }

    fn take(&mut self, text: &[u8]) -> Result<(), Fault> {
        let strange = |error: serde_json::Error| format!("this is no line of an export: {error}");
        let kind: Kind = serde_json::from_slice(text).map_err(strange)?;
        match (kind.r#type.as_str(), self.stage) {
            (_, Stage::Ended(_)) => Err("something follows the line that ends an export".into()),
            ("checkpoint", Stage::Entries) => {
                Err("a checkpoint stands behind entries; lines were moved or added".into())
            }
            ("checkpoint", Stage::Checkpoints) => {
                let line: CheckpointLine = serde_json::from_slice(text).map_err(strange)?;
                self.checkpoint(line.document)
            }
            ("entry", _) => {
                self.stage = Stage::Entries;
                self.entry(&serde_json::from_slice(text).map_err(strange)?)
            }
            ("end", _) => {
                let EndLine { seq, hash, .. } = serde_json::from_slice(text).map_err(strange)?;
                self.end(Head { seq, hash })
            }
            (other, _) => Err(format!("this is no line of an export: its type is {other:?}")),
        }
    }

    fn checkpoint(&mut self, document: String) -> Result<(), Fault> {
        let opened = Signed::<Checkpoint>::open(&document, self.trust);
        let (checkpoint, _) = opened.map_err(|why| Broken::Checkpoint(why).to_string())?;
        self.is_of(&checkpoint.tenant)?;
        match &mut self.walk {
            Some(walk) => walk.vouch(&document, self.trust).map_err(|broken| broken.to_string()),
            None => {
                self.documents.push(document);
                Ok(())
            }
        }
    }

    fn entry(&mut self, line: &EntryLine<'_>) -> Result<(), Fault> {
        let &EntryLine { seq, prev, hash, body, .. } = line;
        let body = body.get().to_owned();
        let Ok(Filed { tenant, at }) = serde_json::from_str(&body) else {
            return Err(Broken::Altered(seq).to_string());
        };
        self.is_of(&tenant)?;
        self.begin(&tenant)?;
        let entry = Entry { seq, at, prev, hash, body };
        let first = self.at.is_none();
        let taken = self.walk.as_mut().map_or(Ok(()), |walk| walk.take(&entry));
        taken.map_err(|broken| {
            let later = first && matches!(broken, Broken::Missing { .. });
            let hint = if later { EARLIER_FIRST } else { "" };
            format!("{broken}{hint}")
        })?;
        self.at = Some(entry.head());
        Ok(())
    }

    fn end(&mut self, head: Head) -> Result<(), Fault> {
        self.stage = Stage::Ended(head);
        match self.at {
            Some(at) if at.seq < head.seq => {
                Err(Broken::Missing { from: at.seq + 1, to: head.seq }.to_string())
            }
            Some(at) if at != head => {
                Err(format!("the end is not the one of entry {}, the last one", at.seq))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Begins the walk, once, after the checkpoints of the first file.
    fn begin(&mut self, tenant: &TenantId) -> Result<(), Fault> {
        if self.walk.is_some() {
            return Ok(());
        }
        let told = |broken: Broken| broken.to_string();
        let mut walk = Walk::new(tenant.clone(), &self.documents, self.trust).map_err(told)?;
        for (whose, witness) in self.witnesses {
            if whose != tenant {
                return Err(format!("it is the log of {tenant}, and a receipt is of {whose}"));
            }
            walk.expect(*witness).map_err(told)?;
        }
        self.walk = Some(walk);
        Ok(())
    }

    /// Sees that everything is of one tenant, and of the one that was asked about.
    fn is_of(&mut self, tenant: &TenantId) -> Result<(), Fault> {
        match self.tenant.as_ref().or(self.wanted) {
            Some(whose) if whose != tenant => {
                Err(format!("this is of {tenant}, and the log should be that of {whose}"))
            }
            Some(_) | None => {
                self.tenant = Some(tenant.clone());
                Ok(())
            }
        }
    }

    fn broken(&self, fault: &str) -> Failure {
        let (path, line) = (self.path.display(), self.line);
        Failure::Broken(format!(
            "{path}: line {line}: {fault}\n  do not rely on this file; keep it as it is, export the \
             log again, and compare the two"
        ))
    }
}
