//! What may be reached through a relay: the public internet, and what the operator adds.
//!
//! A relay is inside the operator's network. Without this, whoever has credentials reaches what is
//! behind the firewall with it, and the relay's own machine (CVE-2020-26262 was that).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Where datagrams may go to and come from.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Reach {
    /// What may be reached beside the public internet.
    pub also: Vec<Network>,
}

/// A network, such as `10.1.0.0/16`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

/// The text is not a network.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0:?} is not a network; write it as 10.1.0.0/16 or 2001:db8:1::/48")]
pub struct ParseNetworkError(String);

impl Reach {
    /// Whether `address` may be reached.
    pub fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.also.iter().any(|network| network.contains(address))
    }
}

impl Network {
    /// Whether `address` is in it. One that is mapped into IPv6 (RFC 4291, section 2.5.5.2) is in no
    /// IPv4 network.
    fn contains(&self, address: IpAddr) -> bool {
        let differ = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                u128::from(own.to_bits() ^ other.to_bits()) << (u128::BITS - u32::BITS)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => own.to_bits() ^ other.to_bits(),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
        };
        differ.leading_zeros() >= self.prefix
    }
}

impl FromStr for Network {
    type Err = ParseNetworkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ParseNetworkError(text.to_owned());
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let prefix: u32 = prefix.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        if prefix > most { Err(wrong()) } else { Ok(Self { address, prefix }) }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// What the IANA's registry of special IPv4 addresses (RFC 6890) does not name.
fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_documentation()
        || matches!((a, b, c), (0, ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18..=19, _))
        // Multicast, what is reserved, and broadcast.
        || a >= 224;
    !special
}

/// Global unicast is 2000::/3 (RFC 4291, section 2.4), which has neither loopback nor unique local,
/// link-local, multicast and mapped addresses; of it, not what holds an IPv4 address or is for
/// documentation.
fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [a, b, ..] = v6.segments();
    let special = matches!((a, b), (0x2001, 0 | 0x0db8) | (0x2002, _) | (0x3fff, 0..=0x0fff));
    (0x2000..=0x3fff).contains(&a) && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(reach: &Reach, address: &str) -> bool {
        reach.allows(address.parse().unwrap())
    }

    /// CVE-2020-26262, CVE-2026-27624: nothing inside is reached, however it is written.
    #[test]
    fn only_the_public_internet_is_reached() {
        let reach = Reach::default();
        for public in ["1.1.1.1", "8.8.8.8", "100.63.0.1", "223.255.255.1", "2606:4700::1111"] {
            assert!(allows(&reach, public), "{public}");
        }
        for inside in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.1.2.3",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!allows(&reach, inside), "{inside}");
        }
    }

    #[test]
    fn what_the_operator_adds_is_reached_and_nothing_beside_it() {
        let also = ["10.1.0.0/16", "fd00:1::/32"].map(|it| it.parse().unwrap()).to_vec();
        let reach = Reach { also };
        for added in ["10.1.0.1", "10.1.255.255", "fd00:1::7"] {
            assert!(allows(&reach, added), "{added}");
        }
        for other in ["10.0.255.255", "10.2.0.0", "::ffff:10.1.0.1", "fd00:2::7", "127.0.0.1"] {
            assert!(!allows(&reach, other), "{other}");
        }
        let everything: Network = "0.0.0.0/0".parse().unwrap();
        assert!(everything.contains("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for wrong in ["", "10.0.0.1", "10.0.0.0/33", "::/129", "10.0.0.0/", "a/8", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong:?}");
        }
    }
}
