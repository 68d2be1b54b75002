//! One client's socket.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use rh_protocol::{Client, FromClient, ToClient, VERSION, encode};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// Longest wait for anything that must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Sockets from one address: a system has about 28,000 ports to give for each.
const FROM_ONE_ADDRESS: usize = 8_000;

/// A service where somebody has signed in.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    address: SocketAddr,
    headers: Vec<(&'static str, String)>,
    client: Client,
}

impl Account {
    /// Signs the development sign-in's `helper` in, as a page does.
    pub(crate) async fn helper(origin: &str) -> Result<Self> {
        let request = reqwest::Client::new().post(format!("{origin}/api/sign-in"));
        let request = request.header("origin", origin).json(&json!({ "person": "helper" }));
        let answer = request.send().await?.error_for_status()?;
        let cookie = answer.headers().get("set-cookie").context("no cookie")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let headers = vec![("cookie", cookie), ("origin", origin.to_owned())];
        Ok(Self { address: address(origin)?, headers, client: Client::Helper })
    }

    /// Signs its `sharer` in, as an agent does.
    pub(crate) async fn sharer(origin: &str) -> Result<Self> {
        let body = json!({ "person": "sharer", "client": "agent" });
        let request = reqwest::Client::new().post(format!("{origin}/api/sign-in")).json(&body);
        let answer: Value = request.send().await?.error_for_status()?.json().await?;
        let token = answer["token"].as_str().context("no token")?;
        let headers = vec![("authorization", format!("Bearer {token}"))];
        Ok(Self { address: address(origin)?, headers, client: Client::Agent })
    }

    /// Opens the `nth` socket of all from `network`, and says hello.
    pub(crate) async fn connect(&self, network: u8, nth: usize) -> Result<Socket> {
        let mut request = format!("ws://{}/ws", self.address).into_client_request()?;
        for (name, value) in &self.headers {
            request.headers_mut().append(*name, value.parse()?);
        }
        let mut socket = Socket(open(request, self.address, network, nth).await?);
        socket.say(&FromClient::Hello { version: VERSION, client: self.client }).await?;
        let welcome = socket.hear().await?;
        ensure!(matches!(welcome, ToClient::Welcome { .. }), "no welcome: {welcome:?}");
        Ok(socket)
    }
}

/// Opens the `nth` WebSocket of all from `network`, 127.0.N.0.
pub(crate) async fn open(
    request: Request,
    to: SocketAddr,
    network: u8,
    nth: usize,
) -> Result<WebSocketStream<TcpStream>> {
    let socket = TcpSocket::new_v4()?;
    let last = u8::try_from(nth / FROM_ONE_ADDRESS).context("too many sockets")? + 1;
    socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, network, last)), 0))?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    let small = WebSocketConfig::default().read_buffer_size(1024).write_buffer_size(0);
    Ok(client_async_with_config(request, stream, Some(small)).await?.0)
}

fn address(origin: &str) -> Result<SocketAddr> {
    let address = origin.strip_prefix("http://").context("an origin begins with http://")?;
    Ok(address.parse()?)
}

/// A socket that was greeted.
#[derive(Debug)]
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub(crate) async fn say(&mut self, message: &FromClient) -> Result<()> {
        Ok(self.0.send(Message::text(encode(message))).await?)
    }

    /// The next message.
    pub(crate) async fn hear(&mut self) -> Result<ToClient> {
        timeout(PATIENCE, self.listen()).await.context("nothing came")?
    }

    /// The next message, however long that takes, but for what is known of the other beside the card,
    /// which comes when it comes; answers pings meanwhile.
    pub(crate) async fn listen(&mut self) -> Result<ToClient> {
        loop {
            let message = self.0.next().await.context("the service closed the socket")??;
            if let Message::Close(frame) = &message {
                bail!("the service closed the socket: {frame:?}");
            }
            let Message::Text(text) = message else { continue };
            let heard = serde_json::from_str(&text)?;
            if !matches!(heard, ToClient::Background { .. }) {
                return Ok(heard);
            }
        }
    }
}

/// A helper and a sharer, each at a place of their own if there are several.
pub(crate) async fn pairs(at: &[String], count: usize) -> Result<Vec<(Socket, Socket)>> {
    let (mut helpers, mut sharers) = (Vec::new(), Vec::new());
    for origin in at {
        helpers.push(Account::helper(origin).await?);
        sharers.push(Account::sharer(origin).await?);
    }
    let mut pairs = Vec::new();
    for nth in 0..count {
        let helper = helpers[nth % at.len()].connect(1, 2 * nth).await?;
        let sharer = sharers[(nth + 1) % at.len()].connect(1, 2 * nth + 1).await?;
        pairs.push((helper, sharer));
    }
    Ok(pairs)
}
