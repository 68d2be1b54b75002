//! Clients over a stream: TURN over TLS on the service's own port.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite, split};
use tokio::sync::mpsc;

use super::client::{self, WAITING};
use super::embedded::Inner;
use crate::stream::{Incoming, send};

/// Serves one client until its stream ends, or what it sends is no TURN.
pub(super) async fn serve<S>(relay: Arc<Inner>, stream: S, from: SocketAddr)
where
    S: AsyncRead + AsyncWrite + Send + Unpin,
{
    let (reader, writer) = split(stream);
    let (to_relay, incoming) = mpsc::channel(WAITING);
    let (outgoing, leaving) = mpsc::channel(WAITING);
    tokio::select! {
        read = read(reader, to_relay) => tracing::debug!(%from, ?read, "a client of the relay left"),
        written = write(writer, leaving) => {
            tracing::debug!(%from, ?written, "a client of the relay does not read");
        }
        () = client::serve(relay, from, incoming, outgoing) => {
            tracing::debug!(%from, "a client of the relay has nothing to do here");
        }
    }
}

/// Reads on only once there is room, so a client that sends too fast has to wait.
async fn read(from: impl AsyncRead + Unpin, to: mpsc::Sender<Vec<u8>>) -> io::Result<()> {
    let mut incoming = Incoming::new(from);
    while let Some(message) = incoming.next().await? {
        if to.send(message).await.is_err() {
            break;
        }
    }
    Ok(())
}

async fn write(
    mut to: impl AsyncWrite + Unpin,
    mut from: mpsc::Receiver<Vec<u8>>,
) -> io::Result<()> {
    while let Some(message) = from.recv().await {
        send(&mut to, message, &mut from).await?;
    }
    Ok(())
}
