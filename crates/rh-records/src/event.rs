//! What is recorded.

use std::net::IpAddr;

use rh_policy::{Action, Assurance, DeviceId, PersonId, TenantId};
use rh_protocol::{Consent, EndReason, Role, SessionId};
use serde::{Deserialize, Serialize};

use crate::{DeviceKey, DeviceSource, DirectoryAnswer, Party, Shown, Timestamp};

/// One event, where and when it happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fact {
    /// Whose chain it belongs to.
    pub tenant: TenantId,
    /// When, by the service's clock.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// What happened. Metadata only: nothing that was seen, typed, said or transferred.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// A person signed in.
    SignedIn {
        /// Who.
        person: PersonId,
        /// From where.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<IpAddr>,
    },
    /// A person signed out, or a sign-in was ended.
    SignedOut {
        /// Who.
        person: PersonId,
    },
    /// A directory of devices was asked about the one that a sharer presented; recorded once for each
    /// device and answer on a connection, however often it is asked.
    DeviceLookedUp {
        /// The sharer.
        person: PersonId,
        /// From where the sharer is connected.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<IpAddr>,
        /// The session that the sharer is in, if it was asked during one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<SessionId>,
        /// What the sharer says that the device is.
        presented: DeviceKey,
        /// Which directory was asked; a word of the program, such as `graph`.
        directory: String,
        /// What it answered.
        answer: DirectoryAnswer,
        /// Who said last what it knows of the device.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<DeviceSource>,
        /// The device, if it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<DeviceId>,
        /// What shows that this is the device.
        assurance: Assurance,
    },
    /// A sharer entered a helper's code.
    SessionStarted {
        /// Which session.
        session: SessionId,
        /// Who helps.
        helper: Party,
        /// Who is helped.
        sharer: Party,
        /// The sharer's device, if a directory knows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<DeviceId>,
    },
    /// The sharer was asked and answered; silence is a no.
    Consented {
        /// Which session.
        session: SessionId,
        /// What the helper asked for.
        role: Role,
        /// What the sharer said.
        consent: Consent,
        /// What the sharer was shown.
        #[serde(default)]
        shown: Shown,
    },
    /// The helper brought a colleague's code to the sharer, who is asked about the colleague in a session of
    /// its own.
    Introduced {
        /// Of which session the helper is.
        session: SessionId,
        /// Whether the helper meant to stay, or to hand over.
        stays: bool,
    },
    /// The organisation's rules took a role back while the session goes on.
    Lowered {
        /// Which session.
        session: SessionId,
        /// The most that may be held from then on.
        role: Role,
    },
    /// A session is over.
    SessionEnded {
        /// Which session.
        session: SessionId,
        /// Why.
        reason: EndReason,
    },
    /// The service refused something.
    Refused {
        /// To whom.
        person: PersonId,
        /// From where.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<IpAddr>,
        /// What was wanted; a word of the program, such as `join`.
        action: String,
        /// Why not; a word of the program, such as `code`.
        reason: String,
    },
    /// An administrator did something for the tenant.
    Administered {
        /// Who.
        person: PersonId,
        /// What, under the name that the rules have for it.
        action: Action,
        /// What it was done to, such as the id of a session or a role.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
        /// What is different from then on; words of the program, and no text of a session.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<String>,
    },
    /// A sharer reported a helper.
    Reported {
        /// The session.
        session: SessionId,
        /// The sharer.
        by: PersonId,
        /// The helper.
        person: PersonId,
    },
    /// A helper may not help anybody until that is lifted.
    Suspended {
        /// Who.
        person: PersonId,
        /// The session in which the helper was reported, if that is why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<SessionId>,
    },
    /// A suspension was lifted.
    Reinstated {
        /// Whose.
        person: PersonId,
        /// Who lifted it; absent if it was done on the service's own machine.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonId>,
    },
    /// So many codes were wrong that the whole tenant had to wait.
    GuessedCodes {
        /// How many codes were wrong.
        failures: u64,
        /// How many accounts entered them.
        accounts: u64,
    },
    /// So many events could not be recorded, since the store was down or too slow.
    Lost {
        /// How many.
        events: u64,
    },
}

impl Event {
    /// Whether administrators should look at it.
    pub fn is_alarm(&self) -> bool {
        matches!(self, Self::Reported { .. } | Self::GuessedCodes { .. } | Self::Lost { .. })
    }
}
