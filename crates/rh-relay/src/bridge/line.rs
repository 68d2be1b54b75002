//! One socket's connection to the relay.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite, split};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::url::RelayUrl;
use crate::stream::{Incoming, send};

/// How long a connection may take to be made.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long until a connection that failed is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// A line over which nothing is sent for so long is given up: ICE sends every few seconds.
const IDLE: Duration = Duration::from_secs(120);

/// Connects to a relay.
///
/// # Errors
///
/// If it is not reached, or TLS does not trust it.
pub(crate) async fn connect(
    relay: &RelayUrl,
    tls: Arc<ClientConfig>,
) -> io::Result<TlsStream<TcpStream>> {
    let connecting = async {
        let stream = TcpStream::connect((relay.host(), relay.port())).await?;
        stream.set_nodelay(true)?;
        TlsConnector::from(tls).connect(relay.server_name(), stream).await
    };
    timeout(PATIENCE, connecting).await.map_err(io::Error::other)?
}

/// Carries messages of `client` to the relay, and the relay's answers back, until either is gone.
pub(super) async fn carry(
    relay: &RelayUrl,
    tls: Arc<ClientConfig>,
    outgoing: mpsc::Receiver<Vec<u8>>,
    socket: &UdpSocket,
    client: SocketAddr,
) {
    let stream = match connect(relay, tls).await {
        Ok(stream) => stream,
        Err(error) => {
            tracing::warn!(%relay, %error, "the relay is not reached");
            return sleep(PAUSE).await;
        }
    };
    tracing::debug!(%relay, %client, "connected to the relay");
    let (reader, writer) = split(stream);
    let ended = tokio::select! {
        ended = there(writer, outgoing) => ended,
        ended = back(reader, socket, client) => ended,
    };
    tracing::debug!(%relay, ?ended, "the connection to the relay is over");
}

async fn there(
    mut to: impl AsyncWrite + Unpin,
    mut from: mpsc::Receiver<Vec<u8>>,
) -> io::Result<()> {
    while let Ok(Some(message)) = timeout(IDLE, from.recv()).await {
        send(&mut to, message, &mut from).await?;
    }
    Ok(())
}

async fn back(
    from: impl AsyncRead + Unpin,
    socket: &UdpSocket,
    client: SocketAddr,
) -> io::Result<()> {
    let mut incoming = Incoming::new(from);
    while let Some(message) = incoming.next().await? {
        // What cannot be sent is lost.
        let _ = socket.send_to(&message, client).await;
    }
    Ok(())
}
