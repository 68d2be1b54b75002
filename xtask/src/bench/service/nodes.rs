//! Services that run for the bench.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tempfile::TempDir;

use super::growth::Host;
use super::results::OURS;
use crate::child::Child;

/// How long a program may take to come up.
const PATIENCE: Duration = Duration::from_secs(10);

/// One service, or several with a Redis between them.
pub(super) struct Nodes {
    services: Vec<Child>,
    origins: Vec<String>,
    /// Ends after the services, with its folder.
    _redis: Option<Child>,
    _folder: TempDir,
}

impl Nodes {
    pub(super) fn start(
        count: usize,
        programs: &Path,
        folder: &Path,
        log: &Arc<File>,
    ) -> Result<Self> {
        let own = tempfile::tempdir_in(folder)?;
        let mut settings = "listen = \"127.0.0.1:0\"\n[development]\n[capacity]\n\
                            connections = 100000\nsessions = 20000\n"
            .to_owned();
        let redis = if count > 1 {
            let socket = own.path().join("redis.sock");
            std::fs::write(own.path().join("secret"), "0123456789abcdef".repeat(4))?;
            settings += &format!(
                "[cluster]\nredis = \"unix://{}\"\nsecret = {{ file = \"secret\" }}\n",
                socket.display()
            );
            let mut redis = Command::new("redis-server");
            redis.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]);
            let redis = Child::spawn_quiet("Redis", redis.arg(&socket), log)?;
            redis.says("ready to accept connections", PATIENCE)?;
            Some(redis)
        } else {
            None
        };
        let file = own.path().join("service.toml");
        std::fs::write(&file, settings)?;
        let (mut services, mut origins) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let mut service = Command::new(programs.join("rh-service"));
            service.arg("--config").arg(&file).args(["--log", "warn"]);
            let service = Child::spawn_quiet("service", &mut service, log)?;
            origins.push(service.says("listening on ", PATIENCE)?);
            services.push(service);
        }
        Ok(Self { services, origins, _redis: redis, _folder: own })
    }

    /// As `rh-crowd` takes them.
    pub(super) fn origins(&self) -> String {
        self.origins.join(",")
    }
}

impl Host for Nodes {
    fn product(&self) -> &'static str {
        OURS
    }

    fn nodes(&self) -> usize {
        self.services.len()
    }

    /// Of the services; Redis is apart.
    fn pids(&self) -> Vec<u32> {
        self.services.iter().map(Child::pid).collect()
    }

    fn command(&self) -> Vec<String> {
        ["idle", "--at", &self.origins()].map(Into::into).into()
    }

    /// The crowd takes an agent for connected once the service has welcomed it.
    fn check(&self, _connected: usize) -> Result<()> {
        Ok(())
    }
}
