//! The line to a real service: sign-in over HTTP, messages over a WebSocket.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::StatusCode;
use rh_protocol::{
    Client, FromClient, IdentityCard, Refusal, ToClient, VERSION, decode, encode, safe_text,
};
use rh_signed::PublicKey;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
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

/// How long the line may be silent: the service pings more often (S-61).
const SILENCE: Duration = Duration::from_secs(10);
/// Most characters of what the service says about a sign-in.
const DETAIL: usize = 200;

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

/// What to speak HTTP with `service` with.
pub(crate) fn http_client(service: &str) -> Result<reqwest::Client, AgentError> {
    let built = reqwest::Client::builder().timeout(PATIENCE).build();
    built.map_err(|e| unreachable(service, &e))
}

/// Signs `person` in at `service`, such as `http://127.0.0.1:8080`, by its development sign-in.
///
/// # Errors
///
/// [`AgentError::Unreachable`] or [`AgentError::SignIn`].
pub async fn sign_in(service: &str, person: &str) -> Result<Account, AgentError> {
    let service = service.trim_end_matches('/').to_owned();
    let lost = |e: reqwest::Error| unreachable(&service, &e);
    let http = http_client(&service)?;
    let body = serde_json::json!({ "person": person, "client": "agent" });
    let url = format!("{service}/api/sign-in");
    let answer = http.post(url).json(&body).send().await.map_err(lost)?;
    if !answer.status().is_success() {
        let detail = match answer.status() {
            StatusCode::NOT_FOUND => {
                "it knows nobody of that name; its page lists who there is".to_owned()
            }
            status => {
                let said = answer.text().await.unwrap_or_default();
                // It goes to a terminal.
                let said = safe_text(&said, DETAIL);
                if said.is_empty() { status.to_string() } else { said }
            }
        };
        return Err(AgentError::SignIn { person: person.to_owned(), detail });
    }
    Account::of_answer(&service, answer).await.map_err(lost)
}

impl Account {
    pub(crate) fn service(&self) -> &str {
        &self.service
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// The account that the service answered a sign-in with.
    pub(crate) async fn of_answer(
        service: &str,
        answer: reqwest::Response,
    ) -> Result<Self, reqwest::Error> {
        let SignedIn { token } = answer.json().await?;
        Ok(Self { service: service.to_owned(), token })
    }

    /// Opens the line and exchanges hellos; returns it with the account's own card.
    ///
    /// # Errors
    ///
    /// [`AgentError::Unreachable`], or [`AgentError::Refused`] if the versions differ.
    pub async fn connect(&self) -> Result<(Signalling, IdentityCard), AgentError> {
        let mut socket = self.open().await?;
        let greeting = timeout(PATIENCE, greet(&mut socket)).await;
        let (you, key) = greeting.map_err(|_| AgentError::LineLost)??;
        let (signalling, peer) = Signalling::pair();
        tokio::spawn(carry(socket, peer));
        Ok((Signalling { key, ..signalling }, you))
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

/// Exchanges hellos; returns the own card, and the service's key.
async fn greet(socket: &mut Socket) -> Result<(IdentityCard, Option<PublicKey>), AgentError> {
    let hello = FromClient::Hello { version: VERSION, client: Client::Agent };
    send(socket, &hello).await.map_err(|_| AgentError::LineLost)?;
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) => match decode(text.as_bytes()) {
                Ok(ToClient::Welcome { version: VERSION, you, key }) => {
                    return Ok((you.cleaned(), key.and_then(|key| key.try_into().ok())));
                }
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

/// Carries messages both ways until either end is done, or the service is silent for too long.
async fn carry<S>(mut socket: WebSocketStream<S>, mut peer: SignallingPeer)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let silence = sleep(SILENCE);
    tokio::pin!(silence);
    loop {
        tokio::select! {
            message = peer.outgoing.recv() => {
                let Some(message) = message else { break };
                if send(&mut socket, &message).await.is_err() { return; }
            }
            () = &mut silence => {
                return tracing::warn!("the service is silent; the line to it counts as lost");
            }
            received = socket.next() => {
                let Some(Ok(message)) = received else { return };
                silence.as_mut().reset(Instant::now() + SILENCE);
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

async fn send<S>(
    socket: &mut WebSocketStream<S>,
    message: &FromClient,
) -> Result<(), tokio_tungstenite::tungstenite::Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    socket.send(Message::text(encode(message))).await
}

/// The error with its causes, since the outermost alone says little.
pub(crate) fn unreachable(url: &str, error: &dyn std::error::Error) -> AgentError {
    let mut detail = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        detail = format!("{detail}: {inner}");
        cause = inner.source();
    }
    AgentError::Unreachable { url: url.to_owned(), detail }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio_tungstenite::tungstenite::protocol::Role;

    use super::*;

    /// A line as `carry` has it, and the service's end of its socket.
    async fn line() -> (Signalling, WebSocketStream<tokio::io::DuplexStream>) {
        let (near, far) = tokio::io::duplex(1024);
        let near = WebSocketStream::from_raw_socket(near, Role::Client, None).await;
        let far = WebSocketStream::from_raw_socket(far, Role::Server, None).await;
        let (signalling, peer) = Signalling::pair();
        tokio::spawn(carry(near, peer));
        (signalling, far)
    }

    /// What a service says does nothing to the terminal that shows it.
    #[tokio::test]
    async fn a_refused_sign_in_says_no_more_than_a_line_of_text() {
        let service = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", service.local_addr().unwrap());
        let answering = tokio::spawn(async move {
            let (mut socket, _) = service.accept().await.unwrap();
            let _ = socket.read(&mut [0; 1024]).await;
            let answer =
                "HTTP/1.1 403 No\r\nConnection: close\r\n\r\nno\x1b[2J\x1b]0;pwned\x07\n...";
            socket.write_all(answer.as_bytes()).await.unwrap();
        });
        let error = sign_in(&address, "eve").await.expect_err("refused").to_string();
        answering.await.unwrap();
        assert!(error.contains("pwned") && !error.contains(char::is_control), "{error:?}");
    }

    /// S-61: a cut line is known within ten seconds, also while no link tells of it.
    #[tokio::test(start_paused = true)]
    async fn a_silent_line_is_lost() {
        let (mut signalling, _service) = line().await;
        let begin = Instant::now();
        assert_eq!(signalling.incoming.recv().await, None);
        assert!(begin.elapsed() <= SILENCE + Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn pings_keep_a_line() {
        let (mut signalling, mut service) = line().await;
        for _ in 0..20 {
            sleep(Duration::from_secs(3)).await;
            service.send(Message::Ping(Vec::new().into())).await.unwrap();
        }
        service.send(Message::text(encode(&ToClient::PeerVanished))).await.unwrap();
        assert_eq!(signalling.incoming.recv().await, Some(ToClient::PeerVanished));
    }
}
