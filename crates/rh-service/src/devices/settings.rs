//! Where an organisation's devices are known, as its operator writes it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rh_devices::fleet::Fleet;
use rh_devices::graph::{self, ClientSecret, Graph};
use rh_devices::proof::{Authority, NameField, Names};
use rh_devices::webhook::Rule;
use rh_devices::{DeviceDirectory, DirectoryError, Stored};
use rh_identity::{Problem, SecretSource, is_safe_address};
use rh_policy::{AuthContext, TenantId};
use rh_records::DeviceStore;
use serde::Deserialize;
use zeroize::Zeroizing;

/// Seconds within which a change has to take effect.
const REFRESH: std::ops::RangeInclusive<u32> = 1..=60;

/// `[[devices]]`: the devices of one organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceSettings {
    /// Whose they are.
    pub(crate) tenant: TenantId,
    /// Who knows them.
    #[serde(default)]
    pub(crate) source: Source,
    /// How often it is asked again about a device that is connected.
    #[serde(default = "refresh")]
    pub(crate) refresh_seconds: u32,
    /// The authentication context that the identity provider gives to compliant devices only.
    pub(crate) compliant_context: Option<AuthContext>,
    /// Whose certificates prove which device it is.
    #[serde(default, rename = "authority")]
    pub(crate) authorities: Vec<AuthoritySettings>,
    /// How Microsoft Graph is asked.
    graph: Option<GraphSettings>,
    /// How Fleet is asked.
    fleet: Option<FleetSettings>,
    /// What the device management's webhook has to know; without it there is no webhook.
    pub(crate) webhook_secret: Option<SecretSource>,
    /// What has to be on for a device of the webhook to be compliant; without rules the webhook says
    /// nothing of compliance.
    #[serde(default)]
    pub(crate) compliant_if: Vec<Rule>,
}

/// Who knows the devices.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    /// The database of the records: what was imported, and what the webhook told.
    #[default]
    Store,
    /// Microsoft Intune, by Microsoft Graph.
    Graph,
    /// Fleet.
    Fleet,
}

/// `[devices.graph]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GraphSettings {
    /// The directory's id.
    directory: String,
    /// The service's own id there.
    client_id: String,
    /// The secret that goes with it.
    client_secret: SecretSource,
    /// Graph's address.
    #[serde(default = "graph_address")]
    address: String,
    /// Where tokens are given out.
    #[serde(default = "login_address")]
    login: String,
}

/// `[devices.fleet]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FleetSettings {
    /// Fleet's address.
    address: String,
    /// The token of a user who may read.
    token: SecretSource,
}

fn graph_address() -> String {
    graph::GRAPH.to_owned()
}

fn login_address() -> String {
    graph::LOGIN.to_owned()
}

/// `[[devices.authority]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthoritySettings {
    /// Its certificate, or several (PEM).
    file: PathBuf,
    /// Where a certificate names its device.
    #[serde(default)]
    field: NameField,
    /// What that name is.
    #[serde(default)]
    names: Names,
    /// Whether it issues certificates for attested keys in hardware only.
    #[serde(default)]
    attested: bool,
}

fn refresh() -> u32 {
    20
}

impl Source {
    /// Its name, as the configuration has it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Graph => "graph",
            Self::Fleet => "fleet",
        }
    }
}

impl DeviceSettings {
    /// Makes paths relative to `folder`.
    pub(crate) fn resolve(&mut self, folder: &Path) {
        let graph = self.graph.as_mut().map(|it| &mut it.client_secret);
        let fleet = self.fleet.as_mut().map(|it| &mut it.token);
        let secrets = self.webhook_secret.as_mut().into_iter().chain(graph).chain(fleet);
        let secrets = secrets.filter_map(|secret| match secret {
            SecretSource::File(path) => Some(path),
            SecretSource::Env(_) => None,
        });
        for path in self.authorities.iter_mut().map(|it| &mut it.file).chain(secrets) {
            *path = folder.join(&*path);
        }
    }

    /// Everything in it that cannot be used; files and secrets are tried too.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut tell = |key: &str, text: String| {
            problems.push(Problem { key: format!("devices of {}: {key}", self.tenant), text });
        };
        if !REFRESH.contains(&self.refresh_seconds) {
            tell("refresh_seconds", "a change has to take effect in time; write 1 to 60".into());
        }
        for authority in &self.authorities {
            if let Err(text) = authority.read() {
                tell("authority: file", text);
            }
        }
        for (key, secret) in self.secrets() {
            if let Err(text) = secret.read() {
                tell(key, text);
            }
        }
        for (key, address) in self.addresses().into_iter().filter(|(_, it)| !is_safe_address(it)) {
            tell(key, format!("{address:?} is not an https address; write one in full"));
        }
        match self.source {
            Source::Graph if self.graph.is_none() => tell("source", missing("graph")),
            Source::Fleet if self.fleet.is_none() => tell("source", missing("fleet")),
            Source::Store | Source::Graph | Source::Fleet => {}
        }
        problems
    }

    fn secrets(&self) -> Vec<(&'static str, &SecretSource)> {
        let webhook = self.webhook_secret.as_ref().map(|it| ("webhook_secret", it));
        let graph = self.graph.as_ref().map(|it| ("graph: client_secret", &it.client_secret));
        let fleet = self.fleet.as_ref().map(|it| ("fleet: token", &it.token));
        [webhook, graph, fleet].into_iter().flatten().collect()
    }

    fn addresses(&self) -> Vec<(&'static str, &str)> {
        let graph = self.graph.as_ref().map(|it| ("graph: address", it.address.as_str()));
        let login = self.graph.as_ref().map(|it| ("graph: login", it.login.as_str()));
        let fleet = self.fleet.as_ref().map(|it| ("fleet: address", it.address.as_str()));
        [graph, login, fleet].into_iter().flatten().collect()
    }

    /// Who knows the devices; `store` is the database of the records.
    ///
    /// # Errors
    ///
    /// What is wrong and what to do.
    pub(super) fn directory(
        &self,
        store: impl FnOnce() -> Result<Arc<dyn DeviceStore>, String>,
    ) -> Result<Box<dyn DeviceDirectory>, String> {
        let tenant = self.tenant.clone();
        let text = |error: DirectoryError| error.to_string();
        Ok(match (self.source, &self.graph, &self.fleet) {
            (Source::Store, ..) => Box::new(Stored::new(tenant, store()?)),
            (Source::Graph, Some(it), _) => Box::new(it.directory(tenant)?),
            (Source::Fleet, _, Some(it)) => {
                let token = Zeroizing::new(it.token.read()?.expose().to_owned());
                Box::new(Fleet::new(tenant, &it.address, token).map_err(text)?)
            }
            (Source::Graph, None, _) => return Err(missing("graph")),
            (Source::Fleet, _, None) => return Err(missing("fleet")),
        })
    }
}

impl GraphSettings {
    fn directory(&self, tenant: TenantId) -> Result<Graph, String> {
        let secret = Zeroizing::new(self.client_secret.read()?.expose().to_owned());
        let client = graph::Client {
            graph: self.address.clone(),
            login: self.login.clone(),
            directory: self.directory.clone(),
            id: self.client_id.clone(),
            secret: ClientSecret(secret),
        };
        Graph::new(tenant, client).map_err(|error| error.to_string())
    }
}

fn missing(source: &str) -> String {
    format!("there is no [devices.{source}]; add it, or choose another source")
}

impl AuthoritySettings {
    /// The authority.
    ///
    /// # Errors
    ///
    /// What is wrong and what to do.
    pub(crate) fn read(&self) -> Result<Authority, String> {
        let path = self.file.display();
        let pem = std::fs::read(&self.file)
            .map_err(|e| format!("cannot read {path}: {e}; correct the path"))?;
        let read = Authority::read(&pem, self.field, self.names, self.attested);
        read.map_err(|e| format!("{path}: {e}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(toml: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("empty"), "").unwrap();
        std::fs::write(folder.path().join("full"), "secret").unwrap();
        let mut settings: DeviceSettings =
            toml::from_str(&format!("tenant = \"ours\"\n{toml}")).unwrap();
        settings.resolve(folder.path());
        settings.problems().into_iter().map(|it| it.key).collect()
    }

    #[test]
    fn every_problem_names_its_key() {
        assert_eq!(keys(""), [""; 0]);
        for (toml, key) in [
            ("refresh_seconds = 0", "refresh_seconds"),
            ("refresh_seconds = 61", "refresh_seconds"),
            ("webhook_secret = { file = \"empty\" }", "webhook_secret"),
            ("source = \"graph\"", "source"),
            ("source = \"fleet\"", "source"),
            (
                "[fleet]\naddress = \"http://a.example\"\ntoken = { file = \"full\" }",
                "fleet: address",
            ),
            (
                "[fleet]\naddress = \"https://a.example\"\ntoken = { file = \"empty\" }",
                "fleet: token",
            ),
            ("[[authority]]\nfile = \"empty\"", "authority: file"),
            ("[[authority]]\nfile = \"nowhere\"", "authority: file"),
        ] {
            assert_eq!(keys(toml), [format!("devices of ours: {key}")]);
        }
        for unknown in ["sauce = 1", "source = \"elsewhere\"", "[[authority]]\nfile = 1\nx = 1"] {
            assert!(toml::from_str::<DeviceSettings>(unknown).is_err(), "{unknown}");
        }
    }
}
