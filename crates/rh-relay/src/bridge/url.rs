//! The address of a relay over TLS (RFC 7065).

use std::fmt;
use std::str::FromStr;

use rustls::pki_types::ServerName;

/// The port of `turns` where none is named (RFC 7065, section 3).
const PORT: u16 = 5349;

/// A relay over TLS, such as `turns:help.example.com:443?transport=tcp`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RelayUrl {
    /// Without brackets.
    host: String,
    port: u16,
    name: ServerName<'static>,
}

/// The text is not the address of a relay over TLS.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0:?} is not the address of a relay over TLS")]
pub struct ParseUrlError(String);

impl RelayUrl {
    /// A name or an address.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn server_name(&self) -> ServerName<'static> {
        self.name.clone()
    }
}

impl FromStr for RelayUrl {
    type Err = ParseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ParseUrlError(text.chars().take(200).collect());
        let rest = text.strip_prefix("turns:").ok_or_else(wrong)?;
        let (authority, query) = rest.split_once('?').unwrap_or((rest, "transport=tcp"));
        if query != "transport=tcp" {
            return Err(wrong());
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| wrong())?)
            }
            Some(_) | None => (authority, PORT),
        };
        let v6 = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let host = v6.unwrap_or(host).to_owned();
        let name = ServerName::try_from(host.clone()).map_err(|_| wrong())?;
        Ok(Self { host, port, name })
    }
}

impl fmt::Display for RelayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "turns:{open}{}{close}:{}?transport=tcp", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_service_names_is_understood() {
        for (text, host, port) in [
            ("turns:help.example.com:443?transport=tcp", "help.example.com", 443),
            ("turns:help.example.com", "help.example.com", PORT),
            ("turns:192.0.2.1:8443?transport=tcp", "192.0.2.1", 8443),
            ("turns:[2001:db8::1]:443?transport=tcp", "2001:db8::1", 443),
            ("turns:[2001:db8::1]", "2001:db8::1", PORT),
        ] {
            let url: RelayUrl = text.parse().unwrap();
            assert_eq!((url.host(), url.port()), (host, port));
            assert_eq!(url.to_string().parse(), Ok(url));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in [
            "",
            "turns:",
            "turn:a:1?transport=tcp",
            "turns:a:1?transport=udp",
            "turns:a:99999",
            "turns:a b:1",
            "turns:[::1:1",
            "https://help.example.com",
        ] {
            assert!(wrong.parse::<RelayUrl>().is_err(), "{wrong:?}");
        }
    }
}
