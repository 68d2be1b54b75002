//! Relays beside the service, such as coturn, which know the same secret.

use std::net::SocketAddr;
use std::time::SystemTime;

use async_trait::async_trait;

use super::{Credentials, Here, Relay, Secret, Stream};

/// Names relays that somebody else runs.
#[derive(Clone, Debug)]
pub struct External {
    /// What the service shares with them.
    pub secret: Secret,
    /// Their `turn:` and `turns:` addresses (RFC 7065).
    pub urls: Vec<String>,
}

#[async_trait]
impl Relay for External {
    fn urls(&self, _: &Here) -> Vec<String> {
        self.urls.clone()
    }

    fn mint(&self, session: &str, now: SystemTime) -> Credentials {
        self.secret.mint(session, now)
    }

    /// Nobody speaks TURN here: the connection is closed.
    async fn serve(&self, _: Box<dyn Stream>, _: SocketAddr) {}
}
