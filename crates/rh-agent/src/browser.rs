//! Sign-in through the system browser (S-45).
//!
//! As RFC 8252 says for native apps: the browser, not this program, speaks with the identity provider,
//! so single sign-on and conditional access see the machine as they are used to. The answer comes to
//! a port of 127.0.0.1 that is open for this alone. It holds a code that is good once, and only with
//! the PKCE verifier that never left this program (RFC 7636).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use rh_protocol::safe_text;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::websocket::{http_client, unreachable};
use crate::{Account, AgentError, random};

/// How long a person has to sign in; the service waits as long.
const SIGN_IN: Duration = Duration::from_secs(10 * 60);

/// How long a browser may take to say what it wants.
const REQUEST: Duration = Duration::from_secs(5);

/// Bytes of a request's head that are read; the first line is enough.
const HEAD: usize = 8 * 1024;

/// Characters of a word of the service.
const WORD: usize = 40;

/// Signs in at `service` through the browser: `open` is given the address to open there. Returns once
/// the person has signed in.
///
/// # Errors
///
/// [`AgentError::Unreachable`], or [`AgentError::Browser`] if nobody was signed in.
pub async fn sign_in_by_browser(
    service: &str,
    open: impl FnOnce(&str),
) -> Result<Account, AgentError> {
    let service = service.trim_end_matches('/');
    let failed = |e: std::io::Error| AgentError::Browser(format!("no port of 127.0.0.1: {e}"));
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    let (verifier, state) = (random::hex::<32>(), random::hex::<32>());
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    open(&format!("{service}/auth/agent?port={port}&challenge={challenge}&state={state}"));
    let late = |_| AgentError::Browser("nobody signed in within ten minutes; try again".to_owned());
    let code = timeout(SIGN_IN, answer(&listener, &state)).await.map_err(late)??;
    Account::redeem(service, &code, &verifier).await
}

/// Waits for the browser to bring the answer; whatever else knocks is sent away.
async fn answer(listener: &TcpListener, state: &str) -> Result<String, AgentError> {
    loop {
        let Ok((mut socket, _)) = listener.accept().await else { continue };
        let Ok(Some(target)) = timeout(REQUEST, target(&mut socket)).await else { continue };
        let Some(outcome) = read(&target, state) else {
            reply(&mut socket, "404 Not Found", "There is nothing here.").await;
            continue;
        };
        let text = match &outcome {
            Ok(_) => "You are signed in. You can close this window and go back to Remote Help.",
            Err(_) => "You are not signed in. Go back to Remote Help, which says what to do.",
        };
        reply(&mut socket, "200 OK", text).await;
        return outcome;
    }
}

/// The path and query of a GET.
async fn target(socket: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.contains(&b'\n') && head.len() < HEAD {
        let mut part = [0; 1024];
        match socket.read(&mut part).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => head.extend_from_slice(&part[..count]),
        }
    }
    let line = String::from_utf8(head).ok()?;
    let target = line.lines().next()?.strip_prefix("GET ")?.split(' ').next()?;
    Some(target.to_owned())
}

/// What the answer says; `None` if it is not the answer to our question.
fn read(target: &str, state: &str) -> Option<Result<String, AgentError>> {
    let url = Url::parse("http://127.0.0.1").ok()?.join(target).ok()?;
    let value = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    if url.path() != "/" || value("state").as_deref() != Some(state) {
        return None;
    }
    let refused = |word: &str| Err(AgentError::Browser(next_step(word)));
    Some(match (value("code"), value("error")) {
        (Some(code), None) => Ok(code),
        (_, Some(word)) => refused(&word),
        (None, None) => refused("malformed"),
    })
}

/// What a person can do about a word of the service.
fn next_step(word: &str) -> String {
    match word {
        "denied" => "the sign-in was refused; try again, or ask your administrator".to_owned(),
        "expired" | "other_browser" | "mixed_up" => {
            "the sign-in got mixed up; try again".to_owned()
        }
        "other_directory" => {
            "this account is of another organisation; sign in with the one of yours".to_owned()
        }
        "busy" => "the service is busy; try again in a minute".to_owned(),
        "provider" | "token" => {
            "your organisation's sign-in does not work; tell your administrator".to_owned()
        }
        other => format!("the service says {:?}; try again", safe_text(other, WORD)),
    }
}

async fn reply(socket: &mut TcpStream, status: &str, text: &str) {
    let page =
        format!("<!doctype html><meta charset=utf-8><title>Remote Help</title><p>{text}</p>");
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n{page}",
        page.len()
    );
    // Nobody is worse off if the browser is gone.
    let _ = timeout(REQUEST, socket.write_all(answer.as_bytes())).await;
}

impl Account {
    /// Fetches the token that a code of the service stands for.
    async fn redeem(service: &str, code: &str, verifier: &str) -> Result<Self, AgentError> {
        let lost = |e: reqwest::Error| unreachable(service, &e);
        let http = http_client(service)?;
        let body = serde_json::json!({ "code": code, "verifier": verifier });
        let request = http.post(format!("{service}/auth/agent/token")).json(&body);
        let answer = request.send().await.map_err(lost)?;
        if !answer.status().is_success() {
            return Err(AgentError::Browser(next_step("expired")));
        }
        Self::of_answer(service, answer).await.map_err(lost)
    }
}

/// Opens an address in the system's browser; whether one opened cannot be known, so the address is
/// shown too.
///
/// # Errors
///
/// If there is no program that opens addresses.
pub fn open_browser(address: &str) -> std::io::Result<()> {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = std::process::Stdio::null;
    let mut command = std::process::Command::new(program);
    command.arg(address).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn().map(drop)
}

#[cfg(test)]
mod tests;
