//! How one organisation signs in, as its operator writes it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use openidconnect::url::{Host, Url};
use rh_policy::TenantId;
use serde::Deserialize;

use crate::SecretSource;

/// One organisation: a `[[tenant]]` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// The organisation's id; it stands in addresses.
    pub id: TenantId,
    /// Its name, as people choose it.
    pub name: Option<String>,
    /// The issuer's address, exactly as its discovery document has it; for Entra
    /// `https://login.microsoftonline.com/<tenant id>/v2.0`.
    pub issuer: String,
    /// Our client id there.
    pub client_id: String,
    /// Where our client secret is; none for a public client.
    pub client_secret: Option<SecretSource>,
    /// What is asked for, `openid` apart.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// What the provider calls things.
    #[serde(default)]
    pub claims: ClaimNames,
    /// The directory that people must belong to, where the issuer serves several.
    pub directory: Option<Directory>,
    /// The domains that the operator vouches for.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Where names, titles and pictures come from.
    #[serde(default)]
    pub profile: ProfileKind,
    /// Microsoft Graph's address, for `profile = "graph"`.
    #[serde(default = "graph")]
    pub graph: String,
    /// Whether pictures may be fetched from addresses that only this machine can reach.
    #[serde(default)]
    pub private_pictures: bool,
}

/// What a provider calls what we need.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimNames {
    /// What names the person for good; `oid` for Entra.
    pub object_id: String,
    /// First and last name.
    pub name: String,
    /// Job title.
    pub job_title: String,
    /// Company.
    pub organisation: String,
    /// Address of the picture.
    pub picture: String,
    /// Groups.
    pub groups: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            object_id: "sub".to_owned(),
            name: "name".to_owned(),
            job_title: "job_title".to_owned(),
            organisation: "organization".to_owned(),
            picture: "picture".to_owned(),
            groups: "groups".to_owned(),
        }
    }
}

/// The directory that people must belong to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// The claim that names it; `tid` for Entra.
    pub claim: String,
    /// What it must be.
    pub value: String,
}

/// Where names, titles and pictures come from.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum ProfileKind {
    /// The ID token and user info.
    #[default]
    Claims,
    /// Microsoft Graph.
    Graph,
}

/// Something in the configuration that cannot be used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// The key.
    pub key: String,
    /// What is wrong, and what to do.
    pub text: String,
}

fn scopes() -> Vec<String> {
    vec!["profile".to_owned(), "email".to_owned()]
}

fn graph() -> String {
    "https://graph.microsoft.com/v1.0".to_owned()
}

impl ProviderSettings {
    /// Everything in it that cannot be used; the secret is tried too.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut tell = |key: &str, text: String| {
            problems.push(Problem { key: format!("tenant {}: {key}", self.id), text });
        };
        let path_safe = |c: u8| c.is_ascii_alphanumeric() || b"._-".contains(&c);
        if !self.id.as_str().bytes().all(path_safe) {
            tell("id", "it stands in addresses; use letters, digits, '.', '_' and '-' only".into());
        }
        for (key, address) in [("issuer", &self.issuer), ("graph", &self.graph)] {
            if !is_safe_address(address) {
                tell(key, format!("{address:?} is not an https address; write one in full"));
            }
        }
        let common = ["/common", "/organizations", "/consumers"];
        if common.iter().any(|it| self.issuer.contains(&format!("microsoftonline.com{it}"))) {
            let fix = "write the issuer of one directory, with its id in place of this word";
            tell("issuer", format!("{} serves every organisation; {fix}", self.issuer));
        }
        if self.client_id.trim().is_empty() {
            tell("client_id", "it is empty; write the one that the provider gave you".into());
        }
        if let Some(Err(text)) = self.client_secret.as_ref().map(SecretSource::read) {
            tell("client_secret", text);
        }
        for domain in self.domains.iter().filter(|domain| !is_domain(domain)) {
            tell("domains", format!("{domain:?} is no domain; write one such as example.com"));
        }
        let mut seen = BTreeSet::new();
        for scope in &self.scopes {
            if scope.is_empty() || !scope.bytes().all(|c| c.is_ascii_graphic()) {
                tell("scopes", format!("{scope:?} is no scope; write one word to each"));
            } else if !seen.insert(scope) {
                tell("scopes", format!("{scope:?} is there twice; take one out"));
            }
        }
        problems
    }

    /// What people choose the organisation by.
    pub fn shown_name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.id.as_str())
    }

    /// A small valid one, for tests.
    #[cfg(test)]
    pub(crate) fn example() -> Self {
        serde_json::from_value(serde_json::json!({
            "id": "example", "issuer": "https://login.example.com", "client_id": "help",
        }))
        .expect("the example is whole")
    }
}

/// Whether what is sent to `address` cannot be read on the way: https, or this very machine.
pub fn is_safe_address(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        None => return false,
    };
    plain && (url.scheme() == "https" || (url.scheme() == "http" && here))
}

fn is_domain(text: &str) -> bool {
    let label = |it: &str| {
        let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        !it.is_empty() && it.len() <= 63 && it.bytes().all(fits)
    };
    text.contains('.') && text.len() <= 253 && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(change: impl FnOnce(&mut ProviderSettings)) -> Vec<String> {
        let mut settings = ProviderSettings::example();
        change(&mut settings);
        settings.problems().into_iter().map(|problem| problem.key).collect()
    }

    #[test]
    fn every_problem_names_its_key() {
        assert!(keys(|_| ()).is_empty());
        type Change = fn(&mut ProviderSettings);
        let cases: [(&str, Change); 9] = [
            ("id", |it| it.id = "a/b".parse().unwrap()),
            ("issuer", |it| it.issuer = "http://login.example.com".to_owned()),
            ("issuer", |it| it.issuer = "login.example.com".to_owned()),
            ("issuer", |it| it.issuer = "https://login.microsoftonline.com/common/v2.0".to_owned()),
            ("graph", |it| it.graph = "http://graph.example.com".to_owned()),
            ("client_id", |it| it.client_id = " ".to_owned()),
            ("client_secret", |it| it.client_secret = Some(SecretSource::Env("RH_NONE".into()))),
            ("domains", |it| it.domains = vec!["Example".to_owned()]),
            ("scopes", |it| it.scopes = vec!["a b".to_owned()]),
        ];
        for (key, change) in cases {
            let found = keys(change);
            assert!(found.len() == 1 && found[0].ends_with(&format!(": {key}")), "{found:?}");
        }
    }

    /// A provider on this machine may speak without TLS; nothing elsewhere may.
    #[test]
    fn only_this_machine_may_do_without_tls() {
        for good in
            ["https://a.example/x", "http://127.0.0.1:4000", "http://localhost:1", "http://[::1]"]
        {
            assert!(is_safe_address(good), "{good}");
        }
        for bad in
            ["http://10.0.0.1", "http://localhost.example", "ftp://localhost", "https://a@b", ""]
        {
            assert!(!is_safe_address(bad), "{bad}");
        }
    }
}
