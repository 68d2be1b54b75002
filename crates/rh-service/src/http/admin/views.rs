//! Sessions and people, as administrators are shown them.

use rh_policy::{DeviceId, PersonId};
use rh_protocol::{Consent, EndReason, Role, SessionId};
use rh_records::{Given, Party, SessionRecord, Shown, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cluster::Seen;

/// One side of a session.
#[derive(JsonSchema, Serialize)]
pub(super) struct Side {
    #[schemars(with = "String")]
    id: PersonId,
    full_name: Option<String>,
    /// The domain that the directory or the operator vouches for.
    verified_domain: Option<String>,
}

/// A session, running or over.
#[derive(JsonSchema, Serialize)]
pub(super) struct Session {
    pub(super) session: SessionId,
    pub(super) helper: Side,
    pub(super) sharer: Side,
    /// The sharer's device, if a directory knows it.
    #[schemars(with = "Option<String>")]
    pub(super) device: Option<DeviceId>,
    #[schemars(with = "String")]
    pub(super) started: Timestamp,
    /// The most that the sharer allowed, if anything.
    pub(super) role: Option<Role>,
    /// How it ended, once it has.
    pub(super) ended: Option<Ended>,
}

/// How a session ended.
#[derive(JsonSchema, Serialize)]
pub(super) struct Ended {
    #[schemars(with = "String")]
    at: Timestamp,
    reason: EndReason,
}

/// One answer of a sharer.
#[derive(JsonSchema, Serialize)]
pub(super) struct Answer {
    #[schemars(with = "String")]
    at: Timestamp,
    /// What the helper asked for.
    role: Role,
    consent: Consent,
    /// The version of the question's wording.
    wording: Option<String>,
    /// The language of the question, as a BCP 47 tag.
    language: Option<String>,
}

impl From<Party> for Side {
    fn from(Party { id, full_name, verified_domain }: Party) -> Self {
        Self { id, full_name, verified_domain }
    }
}

impl From<Seen> for Session {
    fn from(it: Seen) -> Self {
        Self {
            session: it.session,
            helper: it.helper.into(),
            sharer: it.sharer.into(),
            device: it.device,
            started: it.started,
            role: it.role,
            ended: None,
        }
    }
}

impl From<SessionRecord> for Session {
    fn from(it: SessionRecord) -> Self {
        Self {
            session: it.session,
            helper: it.helper.into(),
            sharer: it.sharer.into(),
            device: it.device,
            started: it.started,
            role: it.role,
            ended: it.ended.map(|it| Ended { at: it.at, reason: it.reason }),
        }
    }
}

impl From<Given> for Answer {
    fn from(Given { at, role, consent, shown }: Given) -> Self {
        let Shown { wording, language, .. } = shown;
        Self { at, role, consent, wording, language }
    }
}
