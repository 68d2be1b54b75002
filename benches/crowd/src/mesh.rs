//! Idle agents of MeshCentral, which speak its agents' protocol as far as it wants that before it counts
//! them as connected.
//!
//! The protocol is read from `meshagent.js` of its npm package: over a WebSocket at `/agent.ashx`, binary
//! messages that begin with the number of a command, all numbers big-endian. A build and a core
//! (JavaScript that the server keeps up to date) are the agent's own business here: it answers that
//! both are custom, so that it is sent neither.

mod identity;
mod message;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use base64::alphabet::Alphabet;
use base64::engine::general_purpose::{GeneralPurpose, PAD};
use futures_util::{SinkExt, StreamExt};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use sha2::{Digest, Sha384};
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::idle;
use crate::socket::{PATIENCE, open};
use identity::Identity;
use message::Heard;

/// How often MeshCentral's own agents send a WebSocket ping when nothing else is said.
const PING: Duration = Duration::from_secs(120);

/// Where, how many, and whose.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where MeshCentral listens, without TLS
    #[arg(long)]
    at: SocketAddr,
    /// How many agents are connected in all after each step
    #[arg(long, value_delimiter = ',', required = true)]
    steps: Vec<usize>,
    /// Which of this machine's own networks to come from, 127.0.N.0
    #[arg(long, default_value_t = 1)]
    network: u8,
    /// The device group, as MeshCentral writes it: mesh//, and 48 bytes in its base64
    #[arg(long)]
    group: String,
    /// PEM file of its web server's certificate, which its agents are given
    #[arg(long)]
    certificate: PathBuf,
}

/// What all agents know.
#[derive(Clone, Copy, Debug)]
struct Server {
    at: SocketAddr,
    group: [u8; 48],
    /// SHA-384 of its certificate.
    hash: [u8; 48],
}

/// Connects up to each of `steps` in turn; keys and certificates are made before that.
pub(crate) async fn run(args: &Args) -> Result<()> {
    let certificate = CertificateDer::from_pem_file(&args.certificate).context("no certificate")?;
    let (group, hash) = (group(&args.group)?, Sha384::digest(&certificate).into());
    let server = Server { at: args.at, group, hash };
    let most = args.steps.iter().copied().max().unwrap_or_default();
    let mut identities = identity::many(most)?.into_iter();
    let network = args.network;
    let connect = |nth| {
        let identity = identities.next();
        async move {
            let identity = identity.context("no identity is left")?;
            let mut socket = open(server.request()?, server.at, network, nth).await?;
            let greeted = timeout(PATIENCE, server.greet(&mut socket, &identity, nth)).await;
            greeted.context("MeshCentral does not take the agent")??;
            Ok(keep(socket))
        }
    };
    idle::grow(&args.steps, connect).await
}

impl Server {
    fn request(&self) -> Result<Request> {
        Ok(format!("ws://{}/agent.ashx", self.at).into_client_request()?)
    }

    /// Says who the agent is, and waits until the server says that it knows.
    async fn greet(&self, socket: &mut Socket, identity: &Identity, nth: usize) -> Result<()> {
        let mut nonce = [0; 48];
        getrandom::fill(&mut nonce).map_err(|error| anyhow::anyhow!("no nonce: {error}"))?;
        say(socket, message::hello(&self.hash, &nonce)).await?;
        loop {
            match hear(socket).await? {
                Heard::Hello { hash, nonce: theirs } => {
                    ensure!(hash == self.hash, "another server");
                    let signature = identity.sign(&[hash, theirs, nonce].concat())?;
                    say(socket, message::proof(&identity.certificate, &signature)?).await?;
                    say(socket, message::agent(&self.group, &format!("crowd-{nth}"))).await?;
                }
                Heard::Welcome => return Ok(()),
                heard @ (Heard::Hash(_) | Heard::Ping | Heard::Other) => {
                    answer(socket, &heard).await?;
                }
            }
        }
    }
}

type Socket = WebSocketStream<TcpStream>;

/// Answers and pings as long as the socket lasts.
async fn keep(mut socket: Socket) {
    let mut ticks = interval(PING);
    loop {
        let kept = tokio::select! {
            heard = hear(&mut socket) => match heard {
                Ok(heard) => answer(&mut socket, &heard).await,
                Err(error) => Err(error),
            },
            _ = ticks.tick() => ping(&mut socket).await,
        };
        if kept.is_err() {
            return;
        }
    }
}

async fn ping(socket: &mut Socket) -> Result<()> {
    Ok(socket.send(Message::Ping(Bytes::new())).await?)
}

async fn say(socket: &mut Socket, message: Vec<u8>) -> Result<()> {
    Ok(socket.send(Message::binary(message)).await?)
}

async fn hear(socket: &mut Socket) -> Result<Heard> {
    loop {
        match socket.next().await.context("MeshCentral closed the socket")?? {
            Message::Binary(bytes) => return Ok(message::heard(&bytes)),
            Message::Text(text) => return Ok(message::heard(text.as_bytes())),
            Message::Close(frame) => bail!("MeshCentral closed the socket: {frame:?}"),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
}

async fn answer(socket: &mut Socket, heard: &Heard) -> Result<()> {
    match message::answer(heard) {
        Some(answer) => say(socket, answer).await,
        None => Ok(()),
    }
}

/// The bytes of a device group, of which MeshCentral writes `+` as `@` and `/` as `$`.
fn group(id: &str) -> Result<[u8; 48]> {
    let alphabet =
        Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@$")?;
    let bytes = GeneralPurpose::new(&alphabet, PAD).decode(id.rsplit('/').next().unwrap_or(id))?;
    bytes.try_into().ok().context("a device group has 48 bytes")
}
