//! `[cluster]` of the configuration.

use std::path::{Path, PathBuf};

use rh_identity::{Problem, Secret, SecretSource};
use rh_relay::server::Secret as RelaySecret;
use rh_signed::SigningKey;
use serde::Deserialize;

use super::Unreachable;
use super::letter::ClusterKey;
use crate::ServeError;
use crate::hub::{NodeId, OsRandom, Random};

/// Characters of the shortest secret: as much as a key that is drawn by lot has in hexadecimal.
const SECRET_CHARS: usize = 32;

/// Characters of the longest name; a number is added to it.
const NAME_CHARS: usize = 64;

/// `[cluster]`: this service is one node of several.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClusterSettings {
    /// Where Redis is, such as `redis://10.0.0.5` or `unix:///run/redis/redis.sock`.
    pub(crate) redis: String,
    /// Where its password is.
    password: Option<SecretSource>,
    /// Where the secret is that all nodes have, and nobody else.
    secret: SecretSource,
    /// What the node is called in logs.
    #[serde(default = "unnamed")]
    node: String,
}

fn unnamed() -> String {
    "node".to_owned()
}

impl ClusterSettings {
    /// Makes paths relative to the configuration's folder.
    pub(crate) fn resolve(&mut self, folder: &Path) {
        for source in self.password.iter_mut().chain([&mut self.secret]) {
            if let SecretSource::File(path) = source {
                *path = folder.join(PathBuf::from(&*path));
            }
        }
    }

    /// Everything that is wrong.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut tell = |key: &str, text: String| {
            problems.push(Problem { key: format!("cluster: {key}"), text });
        };
        match redis::parse_redis_url(&self.redis) {
            None => tell("redis", "no address of Redis; write redis://HOST or unix:///PATH".into()),
            Some(url) if url.password().is_some() => {
                tell("redis", "a password stands in it; name its file in `password`".into());
            }
            Some(url) if url.scheme() == "rediss" => tell(
                "redis",
                "TLS to Redis is not built in; use a private network or a tunnel on this machine"
                    .into(),
            ),
            Some(_) => {}
        }
        if self.node.len() > NAME_CHARS || self.node.parse::<NodeId>().is_err() {
            let most = NAME_CHARS;
            tell("node", format!("write 1 to {most} letters, digits, points and dashes"));
        }
        if let Some(Err(error)) = self.password.as_ref().map(SecretSource::read) {
            tell("password", error);
        }
        match self.secret.read() {
            Ok(secret) if secret.expose().len() < SECRET_CHARS => {
                let fix = "write what `openssl rand -hex 32` prints there";
                tell("secret", format!("it has less than {SECRET_CHARS} characters; {fix}"));
            }
            Ok(_) => {}
            Err(error) => tell("secret", error),
        }
        problems
    }

    pub(super) fn password(&self) -> Result<Option<Secret>, Unreachable> {
        self.password.as_ref().map(SecretSource::read).transpose().map_err(Unreachable)
    }

    pub(super) fn key(&self) -> Result<ClusterKey, Unreachable> {
        Ok(ClusterKey::new(self.secret.read().map_err(Unreachable)?.expose()))
    }

    /// What a node without records signs consents with.
    ///
    /// # Errors
    ///
    /// [`ServeError::Cluster`].
    pub(crate) fn signing_key(&self) -> Result<SigningKey, ServeError> {
        Ok(self.shared()?.consents())
    }

    /// What the relays of all nodes take credentials by, unless the configuration has one for them.
    ///
    /// # Errors
    ///
    /// [`ServeError::Cluster`].
    pub(crate) fn relay_secret(&self) -> Result<RelaySecret, ServeError> {
        Ok(self.shared()?.relay())
    }

    fn shared(&self) -> Result<ClusterKey, ServeError> {
        self.key().map_err(|error| ServeError::Cluster(error.to_string()))
    }

    /// An id that no other node has, nor this one once it is started again.
    pub(super) fn new_node(&self) -> NodeId {
        let mut bytes = [0; 8];
        OsRandom.fill(&mut bytes);
        let id = format!("{}-{}", self.node, hex::encode(bytes));
        id.parse().expect("a checked name and hexadecimal digits")
    }
}
