//! Both ports on Redis 7, or what speaks its protocol.
//!
//! | key | what | lives |
//! |---|---|---|
//! | `rh:code:HASH` | the node that has the code | as long as the code |
//! | `rh:node:NODE` | the node lives | 4 s after its last beat |
//! | `rh:nodes` | the nodes that live, and some that did until now | 4 s after the last beat of any |
//! | `rh:in:NODE` | a stream of the letters to it that it has not read | 60 s after the last |
//! | `rh:wrong:KIND:HASH` | when codes were wrong, of an account, a network or a tenant | an hour after the last |
//! | `rh:guessers:HASH` | the accounts of a tenant that entered wrong ones | likewise |
//! | `rh:alarm:HASH` | the tenant's alarm was raised | an hour |
//!
//! Nothing in it is a code, a name or an address; letters hold what the two sides of a session say
//! to the service.

mod directory;
mod post;

use std::fmt;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncConnectionConfig, Client, IntoConnectionInfo, RedisError};

use super::{ClusterSettings, Unreachable};
use crate::hub::NodeId;

/// How long Redis has for an answer, and for taking a connection.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// The longest pause before another attempt to connect.
const RECONNECT: Duration = Duration::from_millis(300);

/// A connection to Redis that comes back by itself.
pub(crate) struct Redis {
    manager: ConnectionManager,
    /// For the connection on which letters are waited for.
    client: Client,
    reading: tokio::sync::Mutex<Option<post::Reading>>,
    /// How far the clock of the limits is ahead.
    #[cfg(test)]
    pub(super) ahead: std::sync::atomic::AtomicU64,
}

impl Redis {
    /// Connects.
    ///
    /// # Errors
    ///
    /// [`Unreachable`] if the address is none, or nobody answers there.
    pub(crate) async fn connect(settings: &ClusterSettings) -> Result<Self, Unreachable> {
        let mut info = settings.redis.as_str().into_connection_info()?;
        if let Some(password) = settings.password()? {
            let login = info.redis_settings().clone().set_password(password.expose());
            info = info.set_redis_settings(login);
        }
        let client = Client::open(info)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(ANSWER_WITHIN))
            .set_response_timeout(Some(ANSWER_WITHIN))
            .set_max_delay(RECONNECT)
            .set_number_of_retries(2);
        let manager = ConnectionManager::new_with_config(client.clone(), config).await?;
        Ok(Self {
            manager,
            client,
            reading: tokio::sync::Mutex::default(),
            #[cfg(test)]
            ahead: Default::default(),
        })
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "tests have clocks that are ahead")]
    fn ahead(&self) -> u64 {
        0
    }

    #[cfg(test)]
    fn ahead(&self) -> u64 {
        self.ahead.load(std::sync::atomic::Ordering::Relaxed)
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redis")
    }
}

impl From<RedisError> for Unreachable {
    fn from(error: RedisError) -> Self {
        Self(format!("Redis: {error}"))
    }
}

fn config_for_reading() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(ANSWER_WITHIN))
        .set_response_timeout(Some(post::WAIT + ANSWER_WITHIN))
}

fn inbox(node: &NodeId) -> String {
    format!("rh:in:{node}")
}

/// What the key of a node's sign of life begins with.
const LIFE_SIGN: &str = "rh:node:";

fn life_sign(node: &NodeId) -> String {
    format!("{LIFE_SIGN}{node}")
}

/// The set of the nodes that live.
const NODES: &str = "rh:nodes";

/// Milliseconds, at least one: Redis refuses a life of none.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).max(1)
}
