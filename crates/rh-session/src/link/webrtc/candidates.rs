//! ICE candidates as they cross the wire (RFC 8839, section 5.1; trickled as RFC 8838).

use std::net::IpAddr;

use rh_protocol::IceCandidate;
use rtc::peer_connection::transport::{RTCIceCandidate, RTCIceCandidateInit};

/// Bytes of the longest candidate that is looked into.
const LONGEST: usize = 1024;

/// Our candidate for the helper, unless no peer could reach it.
pub(super) fn ours(candidate: &RTCIceCandidate) -> Option<IceCandidate> {
    let unspecified = candidate.address.parse().is_ok_and(|ip: IpAddr| ip.is_unspecified());
    let line = candidate.to_json().ok()?.candidate;
    (!unspecified).then(|| of_the_bundle(line))
}

/// Our word that there are no more (RFC 8838, section 8.2).
pub(super) fn no_more() -> IceCandidate {
    of_the_bundle(String::new())
}

/// All media share one transport (RFC 8843), that of the first section.
fn of_the_bundle(candidate: String) -> IceCandidate {
    IceCandidate { candidate, sdp_mid: None, sdp_m_line_index: Some(0) }
}

/// The helper's candidate for the library, if it is worth a look.
///
/// Only UDP is: helpers reach our TCP ports, and we connect nowhere on a helper's word.
pub(super) fn theirs(candidate: IceCandidate) -> Option<RTCIceCandidateInit> {
    let line = candidate.candidate;
    let transport = line.split_ascii_whitespace().nth(2).unwrap_or_default();
    (line.len() <= LONGEST && transport.eq_ignore_ascii_case("udp")).then(|| RTCIceCandidateInit {
        candidate: line,
        sdp_mid: candidate.sdp_mid,
        sdp_mline_index: candidate.sdp_m_line_index,
        ..RTCIceCandidateInit::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked_into(line: &str) -> bool {
        theirs(of_the_bundle(line.to_owned())).is_some()
    }

    #[test]
    fn only_udp_candidates_of_the_helper_are_looked_into() {
        assert!(looked_into("candidate:1 1 udp 2130706431 192.0.2.7 50000 typ host"));
        assert!(looked_into("candidate:1 1 UDP 2130706431 192.0.2.7 50000 typ host"));
        let passive = "candidate:1 1 tcp 2130706431 192.0.2.7 22 typ host tcptype passive";
        assert!(!looked_into(passive));
        assert!(!looked_into(""));
        assert!(!looked_into(&format!("candidate:{} 1 udp", "9".repeat(LONGEST))));
    }
}
