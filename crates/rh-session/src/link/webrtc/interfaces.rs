//! The addresses of this machine.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::vec;

use rtc::shared::ifaces::ifaces;

/// Most addresses that are offered.
const MOST: usize = 16;

/// A free port on every interface there is, looked up anew each time: after a change of network,
/// an ICE restart (RFC 8445, section 2.4) binds the interfaces there are then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interfaces {
    pub(super) loopback: bool,
}

impl ToSocketAddrs for Interfaces {
    type Iter = vec::IntoIter<SocketAddr>;

    fn to_socket_addrs(&self) -> io::Result<Self::Iter> {
        let addresses = ifaces()?.into_iter().filter_map(|interface| Some(interface.addr?.ip()));
        Ok(self.usable(addresses).into_iter())
    }
}

impl Interfaces {
    fn usable(self, addresses: impl Iterator<Item = IpAddr>) -> Vec<SocketAddr> {
        let mut usable: Vec<IpAddr> = addresses.filter(|ip| self.is_usable(*ip)).collect();
        usable.sort_unstable_by_key(|ip| (ip.is_loopback(), *ip));
        usable.dedup();
        usable.truncate(MOST);
        usable.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect()
    }

    fn is_usable(self, ip: IpAddr) -> bool {
        // A link-local address is nothing to a peer that does not know the interface (RFC 4007).
        let link_local = match ip {
            IpAddr::V4(v4) => v4.is_link_local(),
            IpAddr::V6(v6) => v6.is_unicast_link_local(),
        };
        !ip.is_unspecified() && !link_local && (self.loopback || !ip.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usable(loopback: bool, addresses: &[&str]) -> Vec<String> {
        let addresses = addresses.iter().map(|a| a.parse().unwrap());
        let usable = Interfaces { loopback }.usable(addresses);
        usable.into_iter().map(|a| a.ip().to_string()).collect()
    }

    const MACHINE: [&str; 6] =
        ["::1", "127.0.0.1", "192.0.2.2", "fe80::1", "169.254.1.1", "192.0.2.2"];

    #[test]
    fn every_interface_but_loopback_and_link_local_is_offered_once() {
        assert_eq!(usable(false, &MACHINE), ["192.0.2.2"]);
        assert_eq!(usable(true, &MACHINE), ["192.0.2.2", "127.0.0.1", "::1"]);
    }

    #[test]
    fn a_machine_without_network_offers_loopback_if_it_may() {
        assert_eq!(usable(true, &["127.0.0.1"]), ["127.0.0.1"]);
        assert!(usable(false, &["127.0.0.1"]).is_empty());
    }
}
