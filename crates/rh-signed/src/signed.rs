//! Documents that the service signs, and that anyone checks without it.

use std::marker::PhantomData;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{KeyId, PublicKey, SigningKey, Trust, jcs};

/// Something that the service signs.
///
/// Its fields are refused when unknown, so nobody can add a line that the signature does not cover.
pub trait Statement: Serialize + DeserializeOwned {
    /// What kind of document it is, with its version; signed too, so that none passes for another.
    const TYPE: &'static str;
}

/// A statement with its signature, as JSON:
/// `{"type", "statement": {…}, "public_key", "signature"}`.
///
/// The signature is Ed25519 over the canonical JSON of `{"statement", "type"}`. Indentation and the
/// order of members do not matter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signed<S> {
    document: Document<Value>,
    kind: PhantomData<S>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Document<S> {
    r#type: String,
    statement: S,
    public_key: PublicKey,
    signature: String,
}

/// Why a document is not what it claims to be.
#[derive(Debug, thiserror::Error)]
pub enum NotGenuine {
    /// It is not such a document at all, or one of a newer version.
    #[error("it cannot be read ({0}); see that it is whole, or use a newer version of the program")]
    Unreadable(String),
    /// It is another kind of document.
    #[error("it is a {found:?} and not a {wanted:?}; give the right file")]
    Kind {
        /// What it is.
        found: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// It was changed after it was signed.
    #[error(
        "it was changed after it was signed, or never signed with the key it names; do not rely on it"
    )]
    Forged,
    /// It is signed, but by someone else.
    #[error("it is signed with the key {0}, which is not one of yours; do not rely on it")]
    Stranger(KeyId),
}

impl<S: Statement> Signed<S> {
    /// Signs `statement`.
    pub fn new(statement: &S, key: &SigningKey) -> Self {
        let statement = serde_json::to_value(statement).expect("a statement is JSON");
        let signature = key.sign(message(S::TYPE, &statement).expect("ours is exact").as_bytes());
        let document = Document {
            r#type: S::TYPE.to_owned(),
            statement,
            public_key: key.public(),
            signature: STANDARD.encode(signature),
        };
        Self { document, kind: PhantomData }
    }

    /// Reads a document and checks who signed it; returns what it says and whose key it was.
    ///
    /// # Errors
    ///
    /// [`NotGenuine`]. With [`Trust::Any`] a document of any signer passes.
    pub fn open(text: &str, trust: &Trust) -> Result<(S, KeyId), NotGenuine> {
        let unreadable = |error: serde_json::Error| NotGenuine::Unreadable(error.to_string());
        let raw: Document<Value> = serde_json::from_str(text).map_err(unreadable)?;
        if raw.r#type != S::TYPE {
            return Err(NotGenuine::Kind { found: raw.r#type, wanted: S::TYPE });
        }
        let message = message(S::TYPE, &raw.statement).map_err(|_| NotGenuine::Forged)?;
        let signature = STANDARD.decode(&raw.signature).ok();
        let signature = signature.and_then(|it| <[u8; 64]>::try_from(it).ok());
        let signature = signature.ok_or(NotGenuine::Forged)?;
        if !raw.public_key.signed(message.as_bytes(), &signature) {
            return Err(NotGenuine::Forged);
        }
        let key = raw.public_key.id();
        if !trust.covers(key) {
            return Err(NotGenuine::Stranger(key));
        }
        // From the text once more, since a member that is there twice is an error only here.
        let read: Document<S> = serde_json::from_str(text).map_err(unreadable)?;
        Ok((read.statement, key))
    }

    /// The document on one line, as it is stored.
    pub fn to_line(&self) -> String {
        serde_json::to_string(&self.document).expect("a document is JSON")
    }

    /// The document for people to look at.
    pub fn to_pretty(&self) -> String {
        serde_json::to_string_pretty(&self.document).expect("a document is JSON")
    }
}

/// What the signature is over.
fn message(kind: &str, statement: &Value) -> Result<String, jcs::InexactNumber> {
    jcs::canonical(&json!({ "statement": statement, "type": kind }))
}

#[cfg(test)]
mod tests;
