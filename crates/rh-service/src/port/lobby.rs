//! Those who are not through the door yet: so many in all, and so many from one address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Handshakes at a time.
const ALL: usize = 512;
/// Handshakes at a time from one address.
const FROM_ONE: usize = 64;

/// Counts who is waiting.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lobby(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A place in the lobby; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Waiting {
    lobby: Lobby,
    from: IpAddr,
}

impl Lobby {
    /// A place for a client from this address, if there is one.
    pub(super) fn enter(&self, from: IpAddr) -> Option<Waiting> {
        let from = network(from);
        let mut all = self.all();
        let here = all.get(&from).copied().unwrap_or_default();
        if here >= FROM_ONE || all.values().sum::<usize>() >= ALL {
            return None;
        }
        all.insert(from, here + 1);
        Some(Waiting { lobby: self.clone(), from })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut all = self.lobby.all();
        if let Some(here) = all.get_mut(&self.from) {
            *here -= 1;
            if *here == 0 {
                all.remove(&self.from);
            }
        }
    }
}

/// An IPv4 address, or the /64 that one IPv6 client has (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let kept = v6.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(kept))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(lobby: &Lobby, from: &str) -> Option<Waiting> {
        lobby.enter(from.parse().unwrap())
    }

    #[test]
    fn one_address_leaves_room_for_others_and_gives_places_back() {
        let lobby = Lobby::default();
        let mut places: Vec<_> = (0..FROM_ONE).map(|_| enter(&lobby, "192.0.2.1")).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(enter(&lobby, "192.0.2.1").is_none());
        assert!(enter(&lobby, "::ffff:192.0.2.1").is_none());
        assert!(enter(&lobby, "192.0.2.2").is_some());
        places.pop();
        assert!(enter(&lobby, "192.0.2.1").is_some());
        drop(places);
        assert!(lobby.all().is_empty());
    }

    #[test]
    fn a_client_with_a_whole_network_is_one_client() {
        let lobby = Lobby::default();
        let from = |n: usize| enter(&lobby, &format!("2001:db8::{n:x}"));
        let places: Vec<_> = (0..FROM_ONE + 1).map(from).collect();
        assert_eq!(places.iter().flatten().count(), FROM_ONE);
        assert!(enter(&lobby, "2001:db8:0:1::1").is_some());
    }
}
