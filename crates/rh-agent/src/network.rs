//! Which ways to the service and its relay work from this machine, each really tried (S-23).

use std::time::Duration;

use futures_util::StreamExt as _;
use rh_protocol::{limits, safe_text};
use rh_relay::bridge::{RelayUrl, probe_tls, probe_udp, trust};
use serde::Deserialize;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;

use crate::doctor::{Check, Finding};

/// How long the service may take to answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// Characters of what others say that are shown.
const DETAIL: usize = 200;

#[derive(Deserialize)]
struct Relay {
    urls: Vec<String>,
}

/// Tries every way to the service at an address such as `https://help.example.com`.
pub async fn check(service: &str) -> Vec<Check> {
    let service = service.trim_end_matches('/');
    let host = service.split_once("://").map_or(service, |(_, host)| host);
    let http = match reqwest::Client::builder().timeout(PATIENCE).build() {
        Ok(http) => http,
        Err(error) => return vec![fails("the service over HTTP", &error, "report this")],
    };
    let relay = ask(&http, service).await;
    let urls = relay.as_ref().map(|relay| relay.urls.clone()).unwrap_or_default();
    let reached = match &relay {
        Ok(_) => works("the service over HTTP", format!("{service} answers")),
        Err(error) => {
            let fix = format!(
                "let TCP to {host} through; for a certificate of your own making, name its file in \
                 the environment variable SSL_CERT_FILE"
            );
            fails("the service over HTTP", error, &fix)
        }
    };
    let (websocket, udp, tls) = tokio::join!(
        check_websocket(service, host),
        check_udp(&urls, relay.is_ok()),
        check_tls(&urls, relay.is_ok())
    );
    vec![reached, websocket, udp, tls]
}

async fn ask(http: &reqwest::Client, service: &str) -> Result<Relay, reqwest::Error> {
    let answer = http.get(format!("{service}/api/relay")).send().await?.error_for_status()?;
    answer.json().await
}

async fn check_websocket(service: &str, host: &str) -> Check {
    let name = "the service over a WebSocket";
    let url = format!("ws{}/ws/check", service.strip_prefix("http").unwrap_or_default());
    let fix = format!(
        "a proxy in between may let no WebSockets through: exempt {host} from its inspection"
    );
    let speaking = async {
        let (mut socket, _) = connect_async(url).await?;
        Ok::<_, tokio_tungstenite::tungstenite::Error>(socket.next().await.is_some())
    };
    match timeout(PATIENCE, speaking).await {
        Ok(Ok(true)) => works(name, "opened, and heard from".to_owned()),
        Ok(Ok(false)) => fails(name, &"it was closed without a word", &fix),
        Ok(Err(error)) => fails(name, &error, &fix),
        Err(late) => fails(name, &late, &fix),
    }
}

async fn check_udp(urls: &[String], known: bool) -> Check {
    let name = "the relay over UDP";
    let Some((host, port)) = urls.iter().find_map(|url| over_udp(url)) else {
        return absent(name, known, "nothing is relayed over UDP; sessions work without");
    };
    let fix = format!(
        "sessions work without, if the relay is reached over TLS; with it they are smoother: let UDP \
         to {host}:{port} through"
    );
    match probe_udp(&host, port).await {
        Ok(()) => works(name, format!("{host}:{port} answers")),
        Err(error) => fails(name, &error, &fix),
    }
}

async fn check_tls(urls: &[String], known: bool) -> Check {
    let name = "the relay over TLS";
    let relay = urls.iter().find_map(|url| url.parse::<RelayUrl>().ok());
    let Some(relay) = relay else {
        let seen = "nothing is relayed over TLS, so sessions need a direct path or UDP";
        return absent(name, known, seen);
    };
    let fix = format!(
        "something in between may break TLS that carries no web page: exempt {}:{} from inspection",
        relay.host(),
        relay.port()
    );
    match probe_tls(&relay, trust()).await {
        Ok(()) => works(name, format!("{relay} answers")),
        Err(error) => fails(name, &error, &fix),
    }
}

/// Host and port of a relay over UDP (RFC 7065).
fn over_udp(url: &str) -> Option<(String, u16)> {
    let rest = url.strip_prefix("turn:")?;
    let authority = rest.strip_suffix("?transport=udp").unwrap_or(rest);
    let (host, port) = authority.rsplit_once(':')?;
    let host = host.trim_matches(['[', ']']);
    Some((host.to_owned(), port.parse().ok()?))
}

/// What the service does not have: nothing is wrong with the network.
fn absent(name: &'static str, known: bool, seen: &str) -> Check {
    let finding = match known {
        true => Finding::Works { seen: format!("not offered by the service: {seen}") },
        false => Finding::NotTried,
    };
    Check { name, finding }
}

fn works(name: &'static str, seen: String) -> Check {
    Check { name, finding: Finding::Works { seen: safe_text(&seen, limits::TEXT_CHARS) } }
}

fn fails(name: &'static str, why: &dyn std::fmt::Display, fix: &str) -> Check {
    // What a service says goes to a terminal.
    let why = safe_text(&why.to_string(), DETAIL);
    let fix = safe_text(fix, limits::TEXT_CHARS);
    Check { name, finding: Finding::Fails { why, fix, denied: false } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_over_udp_is_understood() {
        let read = |url: &str| over_udp(url);
        assert_eq!(read("turn:a:1?transport=udp"), Some(("a".to_owned(), 1)));
        assert_eq!(read("turn:[::1]:443"), Some(("::1".to_owned(), 443)));
        assert_eq!(read("turns:a:1?transport=tcp"), None);
        assert_eq!(read("turn:a"), None);
    }

    /// S-23: what is not reached is said so, with what to do; nothing is tried that is not known.
    #[tokio::test]
    async fn a_service_that_is_not_there_is_told_apart() {
        let checks = check("http://127.0.0.1:9").await;
        let states: Vec<_> = checks.iter().map(|check| &check.finding).collect();
        assert!(matches!(states[0], Finding::Fails { fix, .. } if fix.contains("127.0.0.1:9")));
        assert!(matches!(states[1], Finding::Fails { .. }));
        assert!(matches!(states[2..], [Finding::NotTried, Finding::NotTried]));
    }
}
