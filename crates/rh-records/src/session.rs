//! Sessions and consents, as reports need them (M-08).

use rh_policy::{DeviceId, PersonId, TenantId};
use rh_protocol::{Consent, EndReason, Role, SessionId};
use serde::{Deserialize, Serialize};

use crate::{Event, Fact, Party, Shown, Suspension, Timestamp};

/// One session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionRecord {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub session: SessionId,
    /// Who helped.
    pub helper: Party,
    /// Who was helped.
    pub sharer: Party,
    /// The sharer's device, if a directory knows it.
    pub device: Option<DeviceId>,
    /// When it began.
    pub started: Timestamp,
    /// How it ended, once it has.
    pub ended: Option<Ended>,
    /// The most that the sharer allowed, if anything.
    pub role: Option<Role>,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: EndReason,
}

/// One answer of a sharer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// When.
    pub at: Timestamp,
    /// What the helper asked for.
    pub role: Role,
    /// The answer.
    pub consent: Consent,
    /// What the sharer was shown.
    #[serde(default)]
    pub shown: Shown,
}

/// What an event changes beside the chain.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// A session begins.
    Begin(SessionRecord),
    /// A sharer answered.
    Answer(SessionId, Given),
    /// A session ends.
    End(SessionId, Ended),
    /// A helper is suspended.
    Suspend(Suspension),
    /// A suspension is lifted.
    Reinstate(PersonId),
}

impl Change {
    /// What `fact` changes, if anything.
    pub(crate) fn of(fact: &Fact) -> Option<Self> {
        let (tenant, at) = (fact.tenant.clone(), fact.at);
        match fact.event.clone() {
            Event::SessionStarted { session, helper, sharer, device } => {
                let (started, ended, role) = (at, None, None);
                let record =
                    SessionRecord { tenant, session, helper, sharer, device, started, ended, role };
                Some(Self::Begin(record))
            }
            Event::Consented { session, role, consent, shown } => {
                Some(Self::Answer(session, Given { at, role, consent, shown }))
            }
            Event::SessionEnded { session, reason } => {
                Some(Self::End(session, Ended { at, reason }))
            }
            Event::Suspended { person, session } => {
                Some(Self::Suspend(Suspension { tenant, person, at, session }))
            }
            Event::Reinstated { person, .. } => Some(Self::Reinstate(person)),
            Event::Reported { .. }
            | Event::SignedIn { .. }
            | Event::SignedOut { .. }
            | Event::DeviceLookedUp { .. }
            | Event::Lowered { .. }
            | Event::Refused { .. }
            | Event::Administered { .. }
            | Event::GuessedCodes { .. }
            | Event::Introduced { .. }
            | Event::Lost { .. } => None,
        }
    }
}
