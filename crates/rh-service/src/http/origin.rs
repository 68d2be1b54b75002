//! Which pages may speak to the service.
//!
//! A WebSocket is not bound by the same-origin policy, so without an exact check any page could
//! open one with the visitor's cookie (CVE-2024-26135 was that). Origins are compared as whole
//! strings (RFC 6454 6.2): no prefix, no suffix, no case folding, and `null` is never one of ours.

use std::net::SocketAddr;

use axum::http::{HeaderMap, header};

use crate::ServeError;

/// The origins of the service's own pages.
#[derive(Clone, Debug)]
pub(crate) struct Origins(Vec<String>);

impl Origins {
    /// The given origins, or those by which a browser on this machine reaches `bound`.
    pub(crate) fn new(given: &[String], bound: SocketAddr, tls: bool) -> Result<Self, ServeError> {
        if given.is_empty() {
            let scheme = if tls { "https" } else { "http" };
            return Ok(Self(vec![
                format!("{scheme}://{bound}"),
                format!("{scheme}://localhost:{}", bound.port()),
            ]));
        }
        match given.iter().find(|origin| !is_origin(origin)) {
            Some(bad) => Err(ServeError::Origin(bad.clone())),
            None => Ok(Self(given.to_vec())),
        }
    }

    /// The one to tell people.
    pub(crate) fn first(&self) -> &str {
        &self.0[0]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether the request names exactly one origin, and that is ours.
    pub(super) fn are_named_in(&self, headers: &HeaderMap) -> bool {
        let mut named = headers.get_all(header::ORIGIN).iter();
        match (named.next(), named.next()) {
            (Some(origin), None) => self.0.iter().any(|ours| ours.as_bytes() == origin.as_bytes()),
            (None | Some(_), _) => false,
        }
    }
}

/// Whether `text` is an origin as browsers write it (RFC 6454 6.2).
pub(crate) fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-:[]_".contains(&c);
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(sent: &[&str]) -> bool {
        let ours = ["http://127.0.0.1:8080".to_owned()];
        let origins = Origins::new(&ours, "127.0.0.1:8080".parse().unwrap(), false).unwrap();
        let sent = sent.iter().map(|origin| (header::ORIGIN, origin.parse().unwrap()));
        origins.are_named_in(&sent.collect())
    }

    /// CVE-2024-26135: only the service's own pages.
    #[test]
    fn only_the_exact_origin_passes() {
        assert!(allowed(&["http://127.0.0.1:8080"]));
        for other in [
            "null",
            "",
            "http://127.0.0.1",
            "http://127.0.0.1:80801",
            "http://127.0.0.1:8080.evil.example",
            "http://127.0.0.1:8080/",
            "https://127.0.0.1:8080",
            "HTTP://127.0.0.1:8080",
            "http://evil.example",
        ] {
            assert!(!allowed(&[other]), "{other:?}");
        }
        assert!(!allowed(&[]));
        assert!(!allowed(&["http://127.0.0.1:8080", "http://127.0.0.1:8080"]));
    }

    #[test]
    fn an_origin_with_a_path_is_refused_at_the_start() {
        let bound = "127.0.0.1:8080".parse().unwrap();
        for bad in ["127.0.0.1:8080", "http://a/", "HTTP://a", "https://", "ws://a", "*"] {
            assert!(Origins::new(&[bad.to_owned()], bound, false).is_err(), "{bad:?}");
        }
        assert!(Origins::new(&["https://help.example.com".to_owned()], bound, true).is_ok());
    }
}
