//! What the hub is told, and what it says.

use std::net::IpAddr;

use rh_policy::{Device, Person, Tenant, TenantId};
use rh_protocol::{FromClient, IdentityCard, SessionId, ToClient};

use crate::Close;

/// One WebSocket connection; never reused within one service.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ConnId(pub u64);

/// Who is at the other end of a connection.
#[derive(Clone, Debug, Eq, PartialEq)]
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
}

/// What must be done about it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Effect {
    /// The client must be told this.
    Tell(ConnId, ToClient),
    /// The socket must be closed; the hub has forgotten it already.
    Close(ConnId, Close),
    /// The sharer has agreed to this session of these two, helper and agent: they may use a relay.
    Agreed(SessionId, [ConnId; 2]),
    /// Administrators must hear of this.
    Alarm(Alarm),
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
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
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
