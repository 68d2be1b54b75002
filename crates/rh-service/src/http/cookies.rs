//! The cookies of a browser: who is signed in, and which sign-in is under way.

use axum::http::{HeaderMap, header};

use super::Origins;

/// Seconds that a sign-in may be under way.
const ATTEMPT_SECONDS: u64 = 600;

/// How cookies are named and guarded.
///
/// On TLS their names begin with `__Host-`, so that no other host, path or plain connection can set
/// them (RFC 6265bis 4.1.3.2). With an identity provider they are `Lax`, since people come back from
/// another site; what acts is guarded by `Origin` all the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cookies {
    session: &'static str,
    attempt: &'static str,
    flags: &'static str,
}

impl Cookies {
    /// Those of the development sign-in.
    pub(crate) const DEVELOPMENT: Self = Self {
        session: "rh_session",
        attempt: "rh_attempt",
        flags: "HttpOnly; SameSite=Strict; Path=/",
    };

    /// Those of people who come back from an identity provider to `origins`.
    pub(crate) fn new(origins: &Origins) -> Self {
        if origins.iter().all(|origin| origin.starts_with("https://")) {
            Self {
                session: "__Host-rh_session",
                attempt: "__Host-rh_attempt",
                flags: "Secure; HttpOnly; SameSite=Lax; Path=/",
            }
        } else {
            Self { flags: "HttpOnly; SameSite=Lax; Path=/", ..Self::DEVELOPMENT }
        }
    }

    /// Sets the token of a sign-in; none is forgotten.
    pub(super) fn set_session(&self, token: Option<&str>, seconds: u64) -> String {
        self.set(self.session, token, seconds)
    }

    /// Sets the secret of an attempt; none is forgotten.
    pub(super) fn set_attempt(&self, secret: Option<&str>) -> String {
        self.set(self.attempt, secret, ATTEMPT_SECONDS)
    }

    fn set(&self, name: &str, value: Option<&str>, seconds: u64) -> String {
        let seconds = if value.is_some() { seconds } else { 0 };
        format!("{name}={}; {}; Max-Age={seconds}", value.unwrap_or_default(), self.flags)
    }

    /// The token that came along.
    pub(super) fn session<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        find(headers, self.session)
    }

    /// The secret of an attempt that came along.
    pub(super) fn attempt<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        find(headers, self.attempt)
    }
}

fn find<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == wanted).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(origin: &str) -> Cookies {
        let bound = "127.0.0.1:1".parse().unwrap();
        Cookies::new(&Origins::new(&[origin.to_owned()], bound, false).unwrap())
    }

    #[test]
    fn on_tls_no_other_host_can_set_them() {
        let set = cookies("https://help.example.com").set_session(Some("t"), 9);
        let flags = "Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=9";
        assert_eq!(set, format!("__Host-rh_session=t; {flags}"));
        assert!(!cookies("http://127.0.0.1:1").set_attempt(None).contains("Secure"));
        assert!(cookies("http://127.0.0.1:1").set_attempt(None).ends_with("Max-Age=0"));
    }
}
