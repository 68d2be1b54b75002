//! `[relay]`: how sessions are relayed that find no direct path.

use std::net::{IpAddr, SocketAddr};

use rh_identity::{Problem, SecretSource};
use rh_relay::server::Network;
use serde::Deserialize;

/// `[relay]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RelaySettings {
    /// Nothing is relayed.
    pub(crate) off: bool,
    /// The address at which this machine is reached from elsewhere.
    pub(crate) address: Option<IpAddr>,
    /// Where TURN over UDP listens.
    pub(crate) udp: Option<SocketAddr>,
    /// What may be reached beside the public internet.
    pub(crate) reach: Vec<String>,
    /// Relays that somebody else runs, in place of the one that is built in.
    pub(crate) urls: Vec<String>,
    /// What is shared with them.
    pub(crate) secret: Option<SecretSource>,
}

impl RelaySettings {
    /// Everything that is wrong with it.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut tell = |key: &str, text: String| {
            problems.push(Problem { key: format!("relay.{key}"), text });
        };
        for network in &self.reach {
            if let Err(error) = network.parse::<Network>() {
                tell("reach", error.to_string());
            }
        }
        for url in self.urls.iter().filter(|url| !is_turn(url)) {
            let fix = "write it as turn:HOST:PORT?transport=udp or turns:HOST:PORT?transport=tcp";
            tell("urls", format!("{url:?} is not the address of a relay; {fix}"));
        }
        match &self.secret {
            Some(secret) => {
                if let Err(text) = secret.read() {
                    tell("secret", text);
                }
            }
            None if !self.urls.is_empty() => {
                let fix = "give the one that the relay knows, such as coturn's static-auth-secret";
                tell("secret", format!("there is none for the relay in `urls`; {fix}"));
            }
            None => {}
        }
        problems
    }

    /// The networks of `reach`.
    pub(crate) fn reach(&self) -> Vec<Network> {
        self.reach.iter().filter_map(|network| network.parse().ok()).collect()
    }
}

/// Whether `url` is one of RFC 7065.
fn is_turn(url: &str) -> bool {
    let rest = url.strip_prefix("turns:").or_else(|| url.strip_prefix("turn:"));
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-_:[]?=".contains(c);
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(fits))
}
