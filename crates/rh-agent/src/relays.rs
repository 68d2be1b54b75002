//! The relays that the service names, in a form that the link can use.

use rh_protocol::{IceServer, limits};
use rh_relay::bridge::{self, Bridge, RelayUrl};
use tokio::task::spawn_blocking;

/// Ways to relays over TLS, for as long as the link may use them.
#[derive(Debug, Default)]
pub(crate) struct Relays(Vec<(RelayUrl, Bridge)>);

impl Relays {
    /// `server` with every relay over TLS reached by a bridge, since the link knows UDP only; what
    /// cannot be used is left out.
    pub(crate) async fn within_reach(&mut self, server: IceServer) -> Vec<IceServer> {
        let IceServer { urls, username, credential } = server;
        let mut usable = Vec::new();
        for url in urls.into_iter().take(limits::LIST) {
            if let Ok(relay) = url.parse() {
                usable.extend(self.bridge(&relay).await);
            } else if url.starts_with("turn:") {
                usable.push(url);
            } else {
                tracing::warn!(url, "a relay that this agent does not know how to use");
            }
        }
        let of = |url| IceServer {
            urls: vec![url],
            username: username.clone(),
            credential: credential.clone(),
        };
        usable.into_iter().map(of).collect()
    }

    /// The addresses of a bridge to `relay`; one that is there already may be in use.
    async fn bridge(&mut self, relay: &RelayUrl) -> Vec<String> {
        if let Some((_, bridge)) = self.0.iter().find(|(to, _)| to == relay) {
            return addresses(bridge);
        }
        if self.0.len() >= limits::LIST {
            return Vec::new();
        }
        // Reading the machine's roots takes a moment.
        let trust = spawn_blocking(bridge::trust).await.ok();
        let Some(trust) = trust else { return Vec::new() };
        match Bridge::open(relay, trust).await {
            Ok(bridge) => {
                let urls = addresses(&bridge);
                self.0.push((relay.clone(), bridge));
                urls
            }
            Err(error) => {
                tracing::warn!(%relay, %error, "no bridge to the relay");
                Vec::new()
            }
        }
    }
}

fn addresses(bridge: &Bridge) -> Vec<String> {
    bridge.addresses().iter().map(|at| format!("turn:{at}?transport=udp")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-17: the link is given relays over UDP only, whatever the service names.
    #[tokio::test]
    async fn relays_over_tls_are_reached_by_a_bridge() {
        let urls = [
            "turn:192.0.2.1:443?transport=udp",
            "turns:192.0.2.1:443?transport=tcp",
            "https://192.0.2.1",
        ];
        let (username, credential) = ("1:a".to_owned(), "b".to_owned());
        let urls = urls.map(str::to_owned).to_vec();
        let mut relays = Relays::default();
        let named = IceServer { urls, username, credential };
        let usable = relays.within_reach(named.clone()).await;
        assert_eq!(relays.within_reach(named).await, usable, "the same, that may be in use");
        assert_eq!(usable[0].urls, ["turn:192.0.2.1:443?transport=udp"]);
        assert!(usable[1].urls[0].starts_with("turn:127.0.0.1:"), "{usable:?}");
        assert!(usable.iter().all(|it| it.username == "1:a" && it.credential == "b"));
        assert!(usable.iter().all(|it| !it.urls[0].contains("https")));
    }
}
