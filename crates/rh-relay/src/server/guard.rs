//! What of a client's messages the relay gets to see.
//!
//! The crate `turn` does whatever a signed request asks for: it makes a permission, and a task, for
//! every address that is named, and binds ports until it finds an even one. So requests are counted,
//! what no session needs is dropped, and a request for peers none of which may be reached is refused here
//! (RFC 8656, section 10.2, error 403). One that also names others passes, since clients refresh all
//! their permissions at once; the relayed port itself sends nothing to peers that may not be reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use super::reach::Reach;
use crate::frame::{self, Kind, STUN_HEAD};

/// Requests in one burst: allocating, and a permission for every candidate of the other side.
const BURST: u32 = 128;
/// One more request is allowed in this time.
const REFILL: Duration = Duration::from_millis(100);
/// Peers that one request may name.
const PEERS: usize = 64;

// Methods (RFC 8656, section 17) with the class of a request or an indication.
const ALLOCATE: u16 = 0x0003;
const REFRESH: u16 = 0x0004;
const CREATE_PERMISSION: u16 = 0x0008;
const CHANNEL_BIND: u16 = 0x0009;
const SEND: u16 = 0x0016;
const BINDING: u16 = 0x0001;

// Attributes (RFC 8489 and 8656, section 18).
const ERROR_CODE: u16 = 0x0009;
const XOR_PEER_ADDRESS: u16 = 0x0012;
const EVEN_PORT: u16 = 0x0018;
const RESERVATION_TOKEN: u16 = 0x0022;

/// What becomes of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Verdict {
    /// The relay gets it.
    Pass,
    /// Nobody gets it.
    Drop,
    /// The client gets this answer.
    Answer(Vec<u8>),
}

/// Looks at what one client sends.
#[derive(Debug)]
pub(super) struct Guard {
    reach: Reach,
    /// The address at which relayed ports are reached, which leads to nobody but other sessions' own
    /// ends.
    own: IpAddr,
    left: u32,
    filled: Instant,
}

impl Guard {
    pub(super) fn new(reach: Reach, own: IpAddr, now: Instant) -> Self {
        Self { reach, own, left: BURST, filled: now }
    }

    /// Whether a client's first datagram may be the beginning of something: others cost nothing.
    pub(super) fn opens(message: &[u8]) -> bool {
        frame::kind(message) == Ok(Kind::Stun) && method(message) == ALLOCATE
    }

    /// What becomes of `message`, of a client that has an allocation or none.
    pub(super) fn judge(&mut self, message: &[u8], allocated: bool, now: Instant) -> Verdict {
        match frame::kind(message) {
            Ok(Kind::Channel) if allocated => Verdict::Pass,
            Ok(Kind::Stun) => self.judge_stun(message, allocated, now),
            Ok(Kind::Channel) | Err(_) => Verdict::Drop,
        }
    }

    fn judge_stun(&mut self, message: &[u8], allocated: bool, now: Instant) -> Verdict {
        let Some(attributes) = attributes(message) else { return Verdict::Drop };
        let method = method(message);
        let known = match method {
            ALLOCATE | BINDING => true,
            REFRESH | CREATE_PERMISSION | CHANNEL_BIND | SEND => allocated,
            _ => false,
        };
        let ports = |(kind, _): &(u16, &[u8])| matches!(*kind, EVEN_PORT | RESERVATION_TOKEN);
        if !known || attributes.iter().any(ports) {
            return Verdict::Drop;
        }
        let named = attributes.iter().filter(|(kind, _)| *kind == XOR_PEER_ADDRESS);
        let peers: Option<Vec<_>> = named.map(|(_, value)| peer(value, message)).collect();
        let Some(peers) = peers.filter(|peers| peers.len() <= PEERS) else { return Verdict::Drop };
        let may = |peer: &SocketAddr| peer.ip() == self.own || self.reach.allows(peer.ip());
        match (peers.is_empty() || peers.iter().any(may), method) {
            (false, SEND) => Verdict::Drop,
            (true, SEND) => Verdict::Pass,
            _ if !self.counts(now) => Verdict::Drop,
            (true, _) => Verdict::Pass,
            (false, _) => Verdict::Answer(forbidden(message)),
        }
    }

    /// Counts a request; says whether it is one too many.
    fn counts(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled);
        let fill = u32::try_from(passed.as_millis() / REFILL.as_millis()).unwrap_or(u32::MAX);
        self.filled += REFILL.saturating_mul(fill);
        self.left = self.left.saturating_add(fill).min(BURST);
        let more = self.left > 0;
        self.left = self.left.saturating_sub(1);
        more
    }
}

/// Method and class of a whole STUN message.
fn method(message: &[u8]) -> u16 {
    u16::from_be_bytes([message[0], message[1]])
}

/// The attributes of a whole STUN message, unless they are not whole.
fn attributes(message: &[u8]) -> Option<Vec<(u16, &[u8])>> {
    let mut rest = message.get(STUN_HEAD..)?;
    let mut found = Vec::new();
    while let Some((head, after)) = rest.split_first_chunk::<4>() {
        let kind = u16::from_be_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        found.push((kind, after.get(..length)?));
        rest = after.get(length.next_multiple_of(4)..)?;
    }
    rest.is_empty().then_some(found)
}

/// An XOR-PEER-ADDRESS (RFC 8489, section 14.2): XORed with the cookie and the transaction's id.
fn peer(value: &[u8], message: &[u8]) -> Option<SocketAddr> {
    let key: [u8; 16] = message.get(4..STUN_HEAD)?.try_into().ok()?;
    let (&[_, family, high, low], address) = value.split_first_chunk()?;
    let port = u16::from_be_bytes([high ^ key[0], low ^ key[1]]);
    let ip = match family {
        1 => {
            let own: [u8; 4] = address.try_into().ok()?;
            IpAddr::V4(Ipv4Addr::from(std::array::from_fn(|at| own[at] ^ key[at])))
        }
        2 => {
            let own: [u8; 16] = address.try_into().ok()?;
            IpAddr::V6(Ipv6Addr::from(std::array::from_fn(|at| own[at] ^ key[at])))
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// The answer 403 to a request.
fn forbidden(request: &[u8]) -> Vec<u8> {
    const REASON: &[u8] = b"Forbidden";
    let length = 4 + REASON.len();
    let error_response = (method(request) | 0x0110).to_be_bytes();
    let mut answer = Vec::from(error_response);
    answer.extend((4 + length.next_multiple_of(4) as u16).to_be_bytes());
    answer.extend_from_slice(&request[4..STUN_HEAD]);
    answer.extend(ERROR_CODE.to_be_bytes());
    answer.extend((length as u16).to_be_bytes());
    answer.extend([0, 0, 4, 3]);
    answer.extend_from_slice(REASON);
    answer.resize(answer.len().next_multiple_of(4), 0);
    answer
}

#[cfg(test)]
mod tests;
