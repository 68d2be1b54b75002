//! The relay: a port, what is embedded, and what stands beside the service.
//!
//! [`Relay`] gives a session's two sides credentials, and takes in clients that speak TURN over the
//! service's own port. [`Embedded`] relays itself; [`External`] names relays that know the same
//! secret, such as coturn with `use-auth-secret`.

mod client;
mod clock;
mod credentials;
mod embedded;
mod external;
mod guard;
mod hall;
mod quota;
mod reach;
mod relayed;
mod stream;
mod udp;
mod visit;

use std::fmt;
use std::net::SocketAddr;
use std::time::SystemTime;

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};

pub use credentials::{Credentials, LIFE, Secret};
pub use embedded::{Embedded, Settings};
pub use external::External;
pub use quota::Limits;
pub use reach::{Network, ParseNetworkError, Reach};

/// What relays sessions.
#[async_trait]
pub trait Relay: fmt::Debug + Send + Sync + 'static {
    /// The `turn:` and `turns:` addresses (RFC 7065) of the relay for a client that reached the service
    /// as `here`; any of them will do.
    fn urls(&self, here: &Here) -> Vec<String>;

    /// What lets the two sides of `session` use it. Only for a session to which the sharer has agreed.
    fn mint(&self, session: &str, now: SystemTime) -> Credentials;

    /// Serves a client that speaks TURN over the service's own port, until it leaves or breaks a
    /// rule.
    async fn serve(&self, stream: Box<dyn Stream>, from: SocketAddr);
}

/// A connection over which TURN is spoken.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// How a client reached the service: what is beside the service is reached the same way, whatever
/// names and ports are forwarded to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Here {
    /// A name or an address; an IPv6 address in brackets.
    host: String,
    port: Option<u16>,
    /// Whether the service itself has TLS.
    tls: bool,
}

impl Here {
    /// From the value of the request's `Host` (RFC 9110, section 7.2), if it is one.
    pub fn new(authority: &str, tls: bool) -> Option<Self> {
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
            Some(_) | None => (authority, None),
        };
        let fits = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let fine = match inner {
            Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
            None => !host.is_empty() && host.chars().all(fits),
        };
        fine.then(|| Self { host: host.to_owned(), port, tls })
    }

    /// The address of TURN over TLS on the service's own port.
    fn over_tls(&self) -> Option<String> {
        let Self { host, port, tls } = self;
        let port = port.unwrap_or(443);
        tls.then(|| format!("turns:{host}:{port}?transport=tcp"))
    }

    /// The address of TURN over UDP on another port of the same machine.
    fn over_udp(&self, port: u16) -> String {
        format!("turn:{}:{port}?transport=udp", self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_relay_is_where_the_service_is() {
        let urls = |authority: &str| {
            let here = Here::new(authority, true).unwrap();
            [here.over_tls().unwrap(), here.over_udp(3478)]
        };
        assert_eq!(
            urls("help.example.com"),
            [
                "turns:help.example.com:443?transport=tcp",
                "turn:help.example.com:3478?transport=udp"
            ]
        );
        assert_eq!(urls("192.0.2.1:8443")[0], "turns:192.0.2.1:8443?transport=tcp");
        assert_eq!(urls("[2001:db8::1]:444")[0], "turns:[2001:db8::1]:444?transport=tcp");
        assert_eq!(urls("[2001:db8::1]")[0], "turns:[2001:db8::1]:443?transport=tcp");
        assert_eq!(Here::new("127.0.0.1:80", false).unwrap().over_tls(), None);
    }

    #[test]
    fn a_host_that_is_none_is_refused() {
        for wrong in ["", ":1", "a:b", "a:99999", "a b", "a?b", "a/b", "[::1", "[a]:1", "a@b:1"] {
            assert_eq!(Here::new(wrong, true), None, "{wrong:?}");
        }
    }
}
