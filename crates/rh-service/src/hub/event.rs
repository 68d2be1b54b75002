//! What the hub is told, and what it says.

use std::net::IpAddr;
use std::time::Duration;

use rh_policy::{Device, Person, PersonId, Tenant, TenantId};
use rh_protocol::{FromClient, IdentityCard, Role, SessionId, Shown, ToClient};
use rh_records::Party;
use serde::{Deserialize, Serialize};

use super::nodes::{FromNodes, ToNodes};
use crate::Close;

/// One WebSocket connection; never reused within one service.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ConnId(pub u64);

/// Who is at the other end of a connection.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Caller {
    /// The signed-in person; nobody meets anybody of another tenant.
    pub person: Person,
    /// What the other side is shown of that person.
    pub card: IdentityCard,
    /// Where the connection comes from.
    pub address: IpAddr,
    /// What the directory says now of the device that would be shared, if anything was said that
    /// could be looked up.
    pub device: Option<Device>,
}

impl Caller {
    /// The person, as records name them.
    pub fn party(&self) -> Party {
        let card = self.card.cleaned();
        Party {
            id: self.person.id.clone(),
            full_name: card.full_name,
            verified_domain: card.verified_domain,
        }
    }
}

/// What happened on a connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// A signed-in client connected.
    Connected(ConnId, Box<Caller>),
    /// A client said something.
    Said(ConnId, FromClient),
    /// A client closed its socket in order.
    Closed(ConnId),
    /// A socket broke without a word, or was closed by the service.
    Broke(ConnId),
    /// A person signed in more strongly, or is in other groups now.
    Known(ConnId, Person),
    /// The directory says something else of a device now.
    Found(ConnId, Device),
    /// The rules of one tenant, new or changed.
    Ruled(Box<Tenant>),
    /// A person may not help anybody any more.
    Suspended(TenantId, PersonId),
    /// The rules count again for a person.
    Reinstated(TenantId, PersonId),
    /// The other nodes say something about a connection.
    Node(ConnId, FromNodes),
}

/// What must be done about it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Effect {
    /// The client must be told this.
    Tell(ConnId, ToClient),
    /// The socket must be closed; the hub has forgotten it already.
    Close(ConnId, Close),
    /// The sharer agrees to this session: these sides of it may use a relay, all that this hub tells of it.
    Agreed(SessionId, Vec<ConnId>),
    /// Administrators must hear of this.
    Alarm(Alarm),
    /// Two met: each must be told what there is to know of the other.
    Acquaint(Box<Meeting>),
    /// The sharer allowed something: both must get a signed record of it.
    Sign(Box<Consented>),
    /// Somebody wrote this, which belongs into the thread of the session.
    Keep(Box<Written>),
    /// The other nodes must hear of a connection; only of [`Hub::among_nodes`](super::Hub::among_nodes).
    Node(ConnId, ToNodes),
}

/// That a helper and a sharer met.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Meeting {
    /// The session that begins.
    pub session: SessionId,
    /// The helper's connection, and the agent's.
    pub conns: [ConnId; 2],
    /// The helper, and the sharer.
    pub callers: [Caller; 2],
    /// How long ago the code was made.
    pub code_age: Duration,
}

/// That a sharer allowed something.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Consented {
    /// The helper's connection.
    pub helper: ConnId,
    /// The agent's.
    pub agent: ConnId,
    /// Which session, between whom, and for what.
    pub session: SessionId,
    /// The organisation of both.
    pub tenant: TenantId,
    /// Who helps and who is helped, as each was shown to the other.
    pub parties: [Party; 2],
    /// What was allowed.
    pub role: Role,
    /// What the agent states.
    pub shown: Shown,
}

/// A message of a chat.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Written {
    /// The organisation of both.
    pub tenant: TenantId,
    /// The thread: one for each session.
    pub session: SessionId,
    /// Who wrote it.
    pub author: PersonId,
    /// What was written.
    pub text: String,
}

/// What administrators of a tenant should look at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Alarm {
    /// So many wrong codes were entered within an hour that all of the tenant's people must wait
    /// before they may enter another; raised at most once an hour.
    GuessedCodes {
        /// The tenant.
        tenant: TenantId,
        /// How many codes were wrong.
        failures: usize,
        /// How many accounts entered them.
        accounts: usize,
    },
}

/// How much one hub takes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Capacity {
    /// Connections.
    pub connections: usize,
    /// Sessions, together with codes that wait for one.
    pub sessions: usize,
}

impl Default for Capacity {
    fn default() -> Self {
        Self { connections: 10_000, sessions: 2_000 }
    }
}
