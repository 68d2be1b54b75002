//! A relay that a session may use where it finds no direct path.

use std::fmt;

use serde::{Deserialize, Serialize};

/// W3C `RTCIceServer`: a relay, and whom it serves.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct IceServer {
    /// `turn:` and `turns:` addresses (RFC 7065); any of them will do. At most
    /// [`LIST`](crate::limits::LIST).
    pub urls: Vec<String>,
    /// The user's name.
    pub username: String,
    /// The user's password.
    pub credential: String,
}

impl fmt::Debug for IceServer {
    /// Leaves the password out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IceServer").field("urls", &self.urls).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        let (urls, username, credential) = (vec![], "name".to_owned(), "hunter2".to_owned());
        let shown = format!("{:?}", IceServer { urls, username, credential });
        assert!(!shown.contains("hunter2"));
    }
}
