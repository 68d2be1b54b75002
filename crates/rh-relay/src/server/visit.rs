//! One client: who it is, and what it has.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex as SyncMutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::net::UdpSocket;
use tokio::sync::{Mutex, watch};
use turn::auth::{AuthHandler, generate_auth_key};
use turn::relay::RelayAddressGenerator;
use webrtc_util::Conn;

use super::clock;
use super::credentials::User;
use super::embedded::Inner;
use super::relayed::Relayed;

/// How long a client may be here without an allocation.
const WITHOUT: Duration = Duration::from_secs(10);

/// One client of the relay.
pub(super) struct Visit {
    relay: Arc<Inner>,
    state: SyncMutex<State>,
}

struct State {
    /// The user name of the request that is being looked at.
    claimed: Option<String>,
    /// The one that has proven to know its password.
    proven: Option<String>,
    allocation: Weak<Relayed>,
    /// When there was an allocation last.
    since: Instant,
}

impl Visit {
    pub(super) fn new(relay: Arc<Inner>) -> Self {
        let (allocation, since) = (Weak::new(), clock::now());
        let state = SyncMutex::new(State { claimed: None, proven: None, allocation, since });
        Self { relay, state }
    }

    /// Whether it has an allocation.
    pub(super) fn allocated(&self) -> bool {
        self.state().allocation.upgrade().is_some_and(|it| *it.open.borrow())
    }

    /// Whether it has been without one for too long.
    pub(super) fn is_over(&self) -> bool {
        let (allocated, now) = (self.allocated(), clock::now());
        let mut state = self.state();
        if allocated {
            state.since = now;
        }
        now >= state.since + WITHOUT
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of a user who may be here. Credentials have to be fresh to begin with; who began with
    /// them goes on (draft-uberti-behave-turn-rest-00, section 2.2).
    fn key(&self, username: &str, realm: &str) -> Option<Vec<u8>> {
        let mut state = self.state();
        let fresh = User::parse(username).is_some_and(|user| user.until > clock::wall());
        let may = match &state.proven {
            Some(proven) => proven == username,
            None => fresh,
        };
        if !may || realm != self.relay.realm {
            return None;
        }
        state.claimed = Some(username.to_owned());
        let password = self.relay.secret.password(username);
        Some(generate_auth_key(username, realm, &password))
    }

    /// A relayed port for the user whose request was just proven.
    async fn allocate(&self) -> Result<(Arc<Relayed>, SocketAddr), &'static str> {
        let claimed = self.state().claimed.clone().ok_or("nobody asked")?;
        let user = User::parse(&claimed).ok_or("a user without a session")?;
        let lease = self.relay.quotas.allocate(&user.session, clock::now());
        let lease = lease.ok_or("the quota is reached")?;
        // Bound where the operator said, or everywhere: the address that others know may not be ours.
        let socket = UdpSocket::bind((self.relay.bind, 0)).await.map_err(|_| "no free port")?;
        let port = socket.local_addr().map_err(|_| "no free port")?.port();
        let own = SocketAddr::new(self.relay.address, port);
        let (place, arriving) = self.relay.hall.enter(own, &user.session);
        tracing::debug!(session = user.session, %own, "relayed port opened");
        let relayed = Arc::new(Relayed {
            socket,
            place,
            arriving: Mutex::new(arriving),
            lease,
            reach: self.relay.reach.clone(),
            used: SyncMutex::new(clock::now()),
            open: watch::Sender::new(true),
        });
        let mut state = self.state();
        (state.proven, state.allocation) = (Some(claimed), Arc::downgrade(&relayed));
        drop(state);
        Ok((relayed, own))
    }
}

impl AuthHandler for Visit {
    fn auth_handle(
        &self,
        username: &str,
        realm: &str,
        _: SocketAddr,
    ) -> Result<Vec<u8>, turn::Error> {
        self.key(username, realm).ok_or_else(|| turn::Error::Other("not allowed".to_owned()))
    }
}

/// Where a client's relayed port comes from. Asked only once a request is proven to be signed.
pub(super) struct Ports(pub(super) Arc<Visit>);

#[async_trait]
impl RelayAddressGenerator for Ports {
    fn validate(&self) -> Result<(), turn::Error> {
        Ok(())
    }

    async fn allocate_conn(
        &self,
        ipv4: bool,
        port: u16,
    ) -> Result<(Arc<dyn Conn + Send + Sync>, SocketAddr), turn::Error> {
        let failed = |why: &str| turn::Error::Other(why.to_owned());
        if port != 0 || ipv4 != self.0.relay.address.is_ipv4() {
            return Err(failed("no such address"));
        }
        let (relayed, own) = self.0.allocate().await.map_err(|why| {
            tracing::warn!(why, "a relayed port was refused");
            failed(why)
        })?;
        Ok((relayed, own))
    }
}

/// Where to bind a port that is known as `address`: everywhere of the same family, unless the address
/// is this machine's loopback.
pub(super) fn bind_for(address: std::net::IpAddr) -> std::net::IpAddr {
    match address {
        loopback if loopback.is_loopback() => loopback,
        std::net::IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        std::net::IpAddr::V6(_) => std::net::Ipv6Addr::UNSPECIFIED.into(),
    }
}
