//! The line to a real service: sign-in over HTTP, messages over a WebSocket.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::StatusCode;
use rh_protocol::{Client, FromClient, IdentityCard, Refusal, ToClient, VERSION, decode, encode};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Message, http::HeaderValue};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::{AgentError, Signalling, SignallingPeer};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How long the service may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A signed-in person.
#[derive(Clone)]
pub struct Account {
    service: String,
    token: String,
}

impl std::fmt::Debug for Account {
    /// Leaves the token out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("service", &self.service).finish_non_exhaustive()
    }
}

#[derive(serde::Deserialize)]
struct SignedIn {
    token: String,
}

/// Signs `person` in at `service`, such as `http://127.0.0.1:8080`, by its development sign-in.
///
/// # Errors
///
/// [`AgentError::Unreachable`] or [`AgentError::SignIn`].
pub async fn sign_in(service: &str, person: &str) -> Result<Account, AgentError> {
    let service = service.trim_end_matches('/').to_owned();
    let lost = |e: reqwest::Error| unreachable(&service, &e);
    let http = reqwest::Client::builder().timeout(PATIENCE).build().map_err(lost)?;
    let body = serde_json::json!({ "person": person, "client": "agent" });
    let url = format!("{service}/api/sign-in");
    let answer = http.post(url).json(&body).send().await.map_err(lost)?;
    if !answer.status().is_success() {
        let detail = match answer.status() {
            StatusCode::NOT_FOUND => {
                "it knows nobody of that name; its page lists who there is".to_owned()
            }
            status => {
                answer.text().await.ok().filter(|it| !it.is_empty()).unwrap_or(status.to_string())
            }
        };
        return Err(AgentError::SignIn { person: person.to_owned(), detail });
    }
    let SignedIn { token } = answer.json().await.map_err(lost)?;
    Ok(Account { service, token })
}

impl Account {
    /// Opens the line and exchanges hellos; returns it with the account's own card.
    ///
    /// # Errors
    ///
    /// [`AgentError::Unreachable`], or [`AgentError::Refused`] if the versions differ.
    pub async fn connect(&self) -> Result<(Signalling, IdentityCard), AgentError> {
        let mut socket = self.open().await?;
        let you =
            timeout(PATIENCE, greet(&mut socket)).await.map_err(|_| AgentError::LineLost)??;
        let (signalling, peer) = Signalling::pair();
        tokio::spawn(carry(socket, peer));
        Ok((signalling, you))
    }

    async fn open(&self) -> Result<Socket, AgentError> {
        let lost = |detail: String| AgentError::Unreachable { url: self.service.clone(), detail };
        let address = match self.service.strip_prefix("http") {
            Some(rest) => format!("ws{rest}/ws"),
            None => return Err(lost("an address starts with http:// or https://".to_owned())),
        };
        let mut request = address.into_client_request().map_err(|e| lost(e.to_string()))?;
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", self.token))
            .map_err(|e| lost(e.to_string()))?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, bearer);
        let connecting = timeout(PATIENCE, connect_async(request)).await;
        let (socket, _) =
            connecting.map_err(|e| lost(e.to_string()))?.map_err(|e| lost(e.to_string()))?;
        Ok(socket)
    }
}

async fn greet(socket: &mut Socket) -> Result<IdentityCard, AgentError> {
    let hello = FromClient::Hello { version: VERSION, client: Client::Agent };
    send(socket, &hello).await.map_err(|_| AgentError::LineLost)?;
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) => match decode(text.as_bytes()) {
                Ok(ToClient::Welcome { version: VERSION, you }) => return Ok(you.cleaned()),
                Ok(ToClient::Welcome { .. }) => {
                    return Err(AgentError::Refused { refusal: Refusal::Version, retry_in: None });
                }
                Ok(ToClient::Refused { refusal, retry_in }) => {
                    return Err(AgentError::Refused { refusal, retry_in });
                }
                Ok(_) | Err(_) => {}
            },
            Message::Close(_) => break,
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
    Err(AgentError::LineLost)
}

/// Carries messages both ways until either end is done.
async fn carry(mut socket: Socket, mut peer: SignallingPeer) {
    loop {
        tokio::select! {
            message = peer.outgoing.recv() => {
                let Some(message) = message else { break };
                if send(&mut socket, &message).await.is_err() { return; }
            }
            received = socket.next() => {
                let Some(Ok(message)) = received else { return };
                let Message::Text(text) = message else { continue };
                match decode::<ToClient>(text.as_bytes()) {
                    Ok(message) => if peer.incoming.send(message).await.is_err() { break },
                    Err(error) => tracing::debug!(%error, "ignored a message of the service"),
                }
            }
        }
    }
    let bye = CloseFrame { code: CloseCode::Normal, reason: "".into() };
    let _ = timeout(Duration::from_millis(500), socket.close(Some(bye))).await;
}

async fn send(
    socket: &mut Socket,
    message: &FromClient,
) -> Result<(), tokio_tungstenite::tungstenite::Error> {
    socket.send(Message::text(encode(message))).await
}

/// The error with its causes, since the outermost alone says little.
fn unreachable(url: &str, error: &dyn std::error::Error) -> AgentError {
    let mut detail = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        detail = format!("{detail}: {inner}");
        cause = inner.source();
    }
    AgentError::Unreachable { url: url.to_owned(), detail }
}
