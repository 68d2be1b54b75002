//! That a sharer allowed something, for both sides to keep (S-46, B-05).
//!
//! The agent states what its person was shown and between which certificates; the service adds who
//! both are and when, and signs. [`check`] is what the agent does with it: a record of another
//! session, role, person, link or question counts for nothing, and neither does one that was signed by
//! somebody else or came before.

use rh_policy::{PersonId, TenantId};
use rh_protocol::{Consent, IdentityCard, Role, SessionId, limits};
use serde::{Deserialize, Serialize};

use crate::{NotGenuine, PublicKey, Signed, Statement, Timestamp, Trust};

/// One side of a session, as the other side was shown it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Who it is.
    pub id: PersonId,
    /// First and last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// The domain that the directory or the operator vouches for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_domain: Option<String>,
}

/// What the sharer saw when saying yes or no, as the agent tells it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Names the question: a random number of the agent, never used twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The version of the question's wording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// The language, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The helper's DTLS fingerprint, as in the SDP that was applied (RFC 8122).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helper_fingerprint: Option<String>,
    /// The sharer's DTLS fingerprint, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharer_fingerprint: Option<String>,
}

impl From<rh_protocol::Shown> for Shown {
    fn from(stated: rh_protocol::Shown) -> Self {
        Self {
            nonce: Some(stated.nonce),
            wording: Some(stated.wording),
            language: Some(stated.language),
            helper_fingerprint: stated.helper_fingerprint,
            sharer_fingerprint: stated.sharer_fingerprint,
        }
    }
}

/// What was allowed, by whom, to whom, as what was shown.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentRecord {
    /// The organisation.
    pub tenant: TenantId,
    /// Which session.
    pub session: SessionId,
    /// Who helps.
    pub helper: Party,
    /// Who is helped.
    pub sharer: Party,
    /// What the helper asked for.
    pub role: Role,
    /// What the sharer said.
    pub consent: Consent,
    /// What the sharer was shown, as the agent states it.
    pub shown: Shown,
    /// When, by the service's clock.
    pub at: Timestamp,
}

impl Statement for ConsentRecord {
    const TYPE: &'static str = "rh.consent.v1";
}

/// What an agent knows by itself of a consent that was given.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Which session.
    pub session: SessionId,
    /// Who the sharer was shown to ask.
    pub helper: &'a IdentityCard,
    /// What was allowed.
    pub role: Role,
    /// What the agent stated.
    pub shown: &'a Shown,
}

/// Why a record does not count.
#[derive(Debug, thiserror::Error)]
pub enum Mismatch {
    /// It is no record of this service.
    #[error("it is not signed by this service: {0}")]
    NotGenuine(#[from] NotGenuine),
    /// It is longer than any record.
    #[error("it is too long")]
    TooLong,
    /// It says something else than what happened here; the name of the field.
    #[error("it is of another {0}")]
    Another(&'static str),
}

/// Whether `record` says of this service's signature what was given, and nothing else.
///
/// # Errors
///
/// [`Mismatch`].
pub fn check(record: &str, key: PublicKey, given: Given<'_>) -> Result<ConsentRecord, Mismatch> {
    if record.len() > limits::RECORD_BYTES {
        return Err(Mismatch::TooLong);
    }
    let trust = Trust::Only([key.id()].into());
    let (said, _) = Signed::<ConsentRecord>::open(record, &trust)?;
    let Given { session, helper, role, shown } = given;
    let named = (&said.helper.full_name, &said.helper.verified_domain);
    let alike = [
        ("session", said.session == session),
        ("answer", said.consent == Consent::Allow),
        ("mode", said.role == role),
        ("helper", named == (&helper.full_name, &helper.verified_domain)),
        ("fingerprint", is_bound(shown) && fingerprints(&said.shown) == fingerprints(shown)),
        // Two questions differ in the nonce at least, which makes an old record useless.
        ("question", said.shown == *shown && shown.nonce.is_some()),
    ];
    match alike.into_iter().find(|(_, same)| !same) {
        Some((what, _)) => Err(Mismatch::Another(what)),
        None => Ok(said),
    }
}

/// Whether both certificates are known: a record that names none would do for any link.
fn is_bound(shown: &Shown) -> bool {
    shown.helper_fingerprint.is_some() && shown.sharer_fingerprint.is_some()
}

/// Of both certificates.
fn fingerprints(shown: &Shown) -> (Option<&str>, Option<&str>) {
    (shown.helper_fingerprint.as_deref(), shown.sharer_fingerprint.as_deref())
}

#[cfg(test)]
mod tests;
