//! `[operations]`: what whoever runs the service sees of it, and how it ends.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use rh_identity::{Problem, SecretSource};
use serde::Deserialize;

use crate::http::MetricsAt;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object to a line.
    Json,
}

/// The section, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Operations {
    /// Where metrics are served, if at all.
    metrics: Option<SocketAddr>,
    /// What a scraper must show.
    metrics_token: Option<SecretSource>,
    /// How the log is written.
    pub(crate) log_format: LogFormat,
    /// How long what runs may take to end once the service is told to.
    drain_seconds: u32,
}

impl Default for Operations {
    fn default() -> Self {
        let (metrics, metrics_token, log_format) = (None, None, LogFormat::default());
        Self { metrics, metrics_token, log_format, drain_seconds: 30 }
    }
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("write text or json".to_owned()),
        }
    }
}

impl Operations {
    pub(crate) fn drain(&self) -> Duration {
        Duration::from_secs(u64::from(self.drain_seconds))
    }

    /// The file of the token, whose path is relative to the configuration.
    pub(super) fn path(&mut self) -> Option<&mut PathBuf> {
        match &mut self.metrics_token {
            Some(SecretSource::File(path)) => Some(path),
            Some(SecretSource::Env(_)) | None => None,
        }
    }

    /// Where metrics are served, with the token read; nothing if nowhere.
    pub(crate) fn metrics(&self) -> Result<Option<MetricsAt>, String> {
        let Some(listen) = self.metrics else { return Ok(None) };
        let token = self.metrics_token.as_ref().map(SecretSource::read).transpose()?;
        Ok(Some(MetricsAt { listen, token }))
    }

    /// Everything that is wrong; `listen` is where the pages are served.
    pub(super) fn problems(&self, listen: Option<SocketAddr>) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut tell = |key: &str, text: &str| {
            problems.push(Problem { key: format!("operations.{key}"), text: text.to_owned() });
        };
        match (self.metrics, &self.metrics_token) {
            (Some(metrics), None) if !metrics.ip().is_loopback() => tell(
                "metrics_token",
                "other machines can reach `metrics`; name a token's file or environment variable, \
                 or serve metrics on a loopback address",
            ),
            (None, Some(_)) => tell("metrics", "there is a token, and no address; add one"),
            (Some(_) | None, _) => {}
        }
        if self.metrics.is_some_and(|metrics| metrics.port() != 0 && Some(metrics) == listen) {
            tell("metrics", "the pages are served there; choose another port");
        }
        if let Some(Err(problem)) = self.metrics_token.as_ref().map(SecretSource::read) {
            tell("metrics_token", &problem);
        }
        if self.drain_seconds > 24 * 3600 {
            tell("drain_seconds", "this is longer than a day; write 86400 or less");
        }
        problems
    }
}
