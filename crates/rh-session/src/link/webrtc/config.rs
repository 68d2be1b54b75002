//! How a link is made.

/// How a link is made.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether a helper on this machine can connect too, over the loopback interface.
    pub loopback: bool,
    /// Whether UDP is offered (RFC 8445).
    pub udp: bool,
    /// Whether passive TCP is offered (RFC 6544), for networks that let no UDP through.
    pub tcp: bool,
    /// What the network is believed to carry before it is measured, in bits per second.
    pub start_bitrate: u32,
    /// What it is believed to carry at most, in bits per second.
    pub max_bitrate: u32,
}

impl Default for Config {
    /// UDP and TCP on every interface but loopback; 8 Mbit/s at first, at most 40 Mbit/s.
    fn default() -> Self {
        Self {
            loopback: false,
            udp: true,
            tcp: true,
            start_bitrate: 8_000_000,
            max_bitrate: 40_000_000,
        }
    }
}

/// No link can be made on this machine now.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no link can be made: {0}")]
pub struct Unavailable(pub String);
