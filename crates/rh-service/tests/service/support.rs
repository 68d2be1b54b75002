//! A running service and clients of it.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::StatusCode;
use rh_protocol::{Client, FromClient, IdentityCard, SessionId, ToClient, VERSION, encode};
use rh_service::{Config, Server, serve};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Longest wait for anything that must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Where a service is; its origin stands for one in another process.
pub(crate) trait Place {
    fn address(&self) -> String;
    fn origin(&self) -> &str;
}

impl Place for Server {
    fn address(&self) -> String {
        self.address().to_string()
    }

    fn origin(&self) -> &str {
        self.origin()
    }
}

impl Place for str {
    fn address(&self) -> String {
        self.strip_prefix("http://").unwrap().to_owned()
    }

    fn origin(&self) -> &str {
        self
    }
}

/// A service on a free port of this machine.
pub(crate) async fn service() -> Server {
    serve(Config::new("127.0.0.1:0".parse().unwrap())).await.unwrap()
}

/// One client's socket.
pub(crate) struct Socket {
    pub(crate) stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Whether what is known of the other side is heard too, which comes when it comes.
    pub(crate) all: bool,
}

/// How an answer to an upgrade looks when there is none.
pub(crate) fn refused(error: Error) -> StatusCode {
    let Error::Http(response) = error else { panic!("not an HTTP answer: {error}") };
    response.status()
}

/// Opens `/ws` with these headers.
pub(crate) async fn open(
    server: &(impl Place + ?Sized),
    headers: &[(&'static str, &str)],
) -> Result<Socket, Error> {
    let mut request = format!("ws://{}/ws", server.address()).into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().append(*name, HeaderValue::from_str(value).unwrap());
    }
    connect_async(request).await.map(|(stream, _)| Socket { stream, all: false })
}

/// Signs in as an agent does; returns the token.
pub(crate) async fn token(server: &(impl Place + ?Sized), person: &str) -> String {
    let body = json!({ "person": person, "client": "agent" });
    let request = reqwest::Client::new().post(format!("{}/api/sign-in", server.origin()));
    let answer: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
    answer["token"].as_str().expect("a token").to_owned()
}

/// Signs in as a browser does; returns the cookie pair.
pub(crate) async fn cookie(server: &(impl Place + ?Sized), person: &str) -> String {
    let request = reqwest::Client::new().post(format!("{}/api/sign-in", server.origin()));
    let request = request.header("origin", server.origin()).json(&json!({ "person": person }));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// A helper's page, greeted.
pub(crate) async fn helper(server: &(impl Place + ?Sized)) -> Socket {
    helper_of(server, "helper").await
}

/// The page of a helper of that name, greeted.
pub(crate) async fn helper_of(server: &(impl Place + ?Sized), person: &str) -> Socket {
    let cookie = cookie(server, person).await;
    let headers = [("cookie", cookie.as_str()), ("origin", server.origin())];
    greeted(open(server, &headers).await.unwrap(), Client::Helper).await.0
}

/// A sharer's agent, greeted.
pub(crate) async fn agent(server: &(impl Place + ?Sized)) -> Socket {
    agent_of(server, "sharer").await
}

/// The agent of a sharer of that name, greeted.
pub(crate) async fn agent_of(server: &(impl Place + ?Sized), person: &str) -> Socket {
    let bearer = format!("Bearer {}", token(server, person).await);
    let socket = open(server, &[("authorization", &bearer)]).await.unwrap();
    greeted(socket, Client::Agent).await.0
}

/// Says hello; returns who the service says this is.
pub(crate) async fn greeted(mut socket: Socket, client: Client) -> (Socket, IdentityCard) {
    socket.say(&FromClient::Hello { version: VERSION, client }).await;
    let answer = socket.hear().await;
    let ToClient::Welcome { version: VERSION, you, .. } = answer else { panic!("{answer:?}") };
    (socket, you)
}

/// A helper and an agent in one session.
pub(crate) async fn pair(server: &(impl Place + ?Sized)) -> (Socket, Socket) {
    let (mut helper, mut agent) = (helper(server).await, agent(server).await);
    let (_, code) = helper.code().await;
    agent.say(&FromClient::Join { code }).await;
    assert!(matches!(helper.hear().await, ToClient::Joined { .. }));
    assert!(matches!(agent.hear().await, ToClient::Joined { .. }));
    (helper, agent)
}

impl Socket {
    pub(crate) async fn say(&mut self, message: &FromClient) {
        self.send(&encode(message)).await;
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    /// The next message of the service.
    pub(crate) async fn hear(&mut self) -> ToClient {
        self.hear_within(PATIENCE).await.expect("a message in time")
    }

    /// The next message of the service, or nothing within `patience`.
    pub(crate) async fn hear_within(&mut self, patience: Duration) -> Option<ToClient> {
        let next = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => {
                        let message = serde_json::from_str(&text).unwrap();
                        if self.all || !matches!(message, ToClient::Background { .. }) {
                            return message;
                        }
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    other => panic!("no message: {other:?}"),
                }
            }
        };
        timeout(patience, next).await.ok()
    }

    /// Asks for a session; returns it and its code.
    pub(crate) async fn code(&mut self) -> (SessionId, String) {
        self.say(&FromClient::NewSession { device: None }).await;
        let answer = self.hear().await;
        let ToClient::Session { session, code, .. } = answer else { panic!("{answer:?}") };
        (session, code)
    }

    /// Waits for the end of the socket; the close frame, if one came.
    pub(crate) async fn end(&mut self) -> Option<CloseFrame> {
        let end = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Close(frame))) => return frame,
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return None,
                }
            }
        };
        timeout(PATIENCE, end).await.expect("the socket ends in time")
    }
}
