//! The configuration: one TOML file.
//!
//! Everything in it is checked before the service starts, all of it at once; every problem names its
//! key and what to do. Unknown keys are refused, so that a misspelt one is not silently the default.
//! Secrets are not in it: it says in which file or environment variable they are.

mod operations;
mod records;
mod relay;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rh_identity::{Problem, ProviderSettings, SecretSource};
use serde::Deserialize;

use crate::ServeError;
use crate::cluster::ClusterSettings;
use crate::devices::DeviceSettings;
use crate::http::is_origin;
use crate::hub::Capacity;
use crate::port::Tls;
use crate::sign_in::Life;
pub use operations::LogFormat;
use operations::Operations;
pub(crate) use records::RecordSettings;
pub(crate) use relay::RelaySettings;

/// The file, as written; a path in it is relative to the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where to listen.
    pub(crate) listen: Option<SocketAddr>,
    /// The origins of the pages as browsers see them; the first is where providers send people to.
    #[serde(default)]
    pub(crate) public_origins: Vec<String>,
    /// The certificate, if the service has TLS itself.
    pub(crate) tls: Option<Tls>,
    /// A folder of web pages in place of those built in.
    pub(crate) pages: Option<PathBuf>,
    /// The rules of the tenants (docs/tenants.md); a tenant without rules is switched off.
    pub(crate) rules: Option<PathBuf>,
    /// The sign-in without passwords, for loopback only.
    pub(crate) development: Option<Development>,
    /// Where it is kept who helped whom; nowhere without.
    pub(crate) records: Option<RecordSettings>,
    /// How sessions are relayed.
    pub(crate) relay: Option<RelaySettings>,
    /// How long sign-ins last.
    #[serde(default)]
    sessions: Sessions,
    /// What whoever runs the service sees of it.
    #[serde(default)]
    pub(crate) operations: Operations,
    /// Ways to sign in.
    #[serde(default)]
    pub(crate) sign_in: Ways,
    /// How much it takes.
    #[serde(default)]
    pub(crate) capacity: Capacity,
    /// That this is one node of several.
    pub(crate) cluster: Option<ClusterSettings>,
    /// The organisations.
    #[serde(default, rename = "tenant")]
    pub(crate) tenants: Vec<ProviderSettings>,
    /// Where their devices are known (docs/devices.md).
    #[serde(default)]
    pub(crate) devices: Vec<DeviceSettings>,
}

/// `[development]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Development {
    /// The people file; without it, two made-up people.
    people: Option<PathBuf>,
}

/// `[sessions]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Sessions {
    /// After so many minutes without use a person has to sign in again.
    idle_minutes: u32,
    /// And after so many hours in any case.
    absolute_hours: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_minutes: 60, absolute_hours: 12 }
    }
}

/// `[sign_in]`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Ways {
    /// Whether an agent may sign in by a code that is typed on another device.
    pub(crate) device_flow: bool,
}

impl Settings {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`ServeError::Read`] or [`ServeError::Settings`].
    pub(crate) fn read(path: &Path) -> Result<Self, ServeError> {
        let fix = "give a file that can be read with --config";
        let text = std::fs::read_to_string(path).map_err(|source| ServeError::Read {
            path: path.to_owned(),
            source,
            fix,
        })?;
        let wrong = |problem: String| ServeError::Settings { path: path.to_owned(), problem };
        let mut settings: Self = toml::from_str(&text).map_err(|e| {
            wrong(format!("{e}Correct this key, or take it out; docs/configuration.md lists all"))
        })?;
        settings.resolve(path.parent().unwrap_or(Path::new("")));
        let problems = settings.problems();
        if problems.is_empty() {
            return Ok(settings);
        }
        let lines = problems.iter().map(|it| format!("{}: {}", it.key, it.text));
        Err(wrong(lines.collect::<Vec<_>>().join("\n")))
    }

    /// Makes paths relative to the file.
    fn resolve(&mut self, folder: &Path) {
        let people = self.development.as_mut().and_then(|it| it.people.as_mut());
        if let Some(cluster) = &mut self.cluster {
            cluster.resolve(folder);
        }
        self.devices.iter_mut().for_each(|it| it.resolve(folder));
        let relays = self.relay.iter_mut().map(|relay| &mut relay.secret);
        let tenants = self.tenants.iter_mut().map(|tenant| &mut tenant.client_secret);
        let secrets = relays.chain(tenants).filter_map(|secret| match secret {
            Some(SecretSource::File(path)) => Some(path),
            Some(SecretSource::Env(_)) | None => None,
        });
        let tls = self.tls.iter_mut().flat_map(Tls::paths);
        let own = self.pages.iter_mut().chain(&mut self.rules).chain(tls).chain(people);
        let records = self.records.iter_mut().flat_map(RecordSettings::paths);
        for path in own.chain(secrets).chain(records).chain(self.operations.path()) {
            *path = folder.join(&*path);
        }
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<_> =
            self.tenants.iter().flat_map(ProviderSettings::problems).collect();
        problems.extend(self.operations.problems(self.listen));
        problems.extend(self.records.iter().filter_map(|it| it.records().err()));
        problems.extend(self.relay.iter().flat_map(RelaySettings::problems));
        problems.extend(self.cluster.iter().flat_map(ClusterSettings::problems));
        problems.extend(self.devices.iter().flat_map(DeviceSettings::problems));
        let mut tell = |key: &str, text: &str| {
            problems.push(Problem { key: key.to_owned(), text: text.to_owned() });
        };
        if self.tenants.is_empty() && self.development.is_none() {
            tell("tenant", "nobody could sign in; add a [[tenant]], or [development] on loopback");
        }
        let mut ids = BTreeSet::new();
        if !self.tenants.iter().all(|tenant| ids.insert(&tenant.id)) {
            tell("tenant", "two have the same id; give each its own");
        }
        let mut named = BTreeSet::new();
        if !self.devices.iter().all(|it| named.insert(&it.tenant)) {
            tell("devices", "two are of the same tenant; join them");
        }
        for origin in self.public_origins.iter().filter(|origin| !is_origin(origin)) {
            let fix = "write scheme, host and port only, in lower case and without a final slash";
            tell("public_origins", &format!("{origin:?} is not an origin; {fix}"));
        }
        if self.sessions.idle_minutes == 0 || self.sessions.absolute_hours == 0 {
            tell("sessions", "nobody would stay signed in; write numbers above 0");
        }
        let elsewhere = self.listen.is_some_and(|listen| !listen.ip().is_loopback());
        if elsewhere && self.development.is_some() {
            tell("development", "it lets anyone be anyone; take it out, or listen on loopback");
        }
        let https = !self.public_origins.is_empty()
            && self.public_origins.iter().all(|it| it.starts_with("https://"));
        if elsewhere && !https {
            let fix = "name the https origin under which browsers reach it, by `[tls]` or a proxy";
            tell("public_origins", &format!("other machines can reach `listen`; {fix}"));
        }
        problems
    }

    pub(crate) fn life(&self) -> Life {
        Life {
            absolute: Duration::from_secs(u64::from(self.sessions.absolute_hours) * 3600),
            idle: Duration::from_secs(u64::from(self.sessions.idle_minutes) * 60),
        }
    }

    /// The people file of the development sign-in.
    pub(crate) fn people(&self) -> Option<PathBuf> {
        self.development.as_ref().and_then(|it| it.people.clone())
    }
}

#[cfg(test)]
mod tests;
