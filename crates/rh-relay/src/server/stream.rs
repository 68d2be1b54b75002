//! Clients over a stream: TURN over TLS on the service's own port.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::client::{self, WAITING};
use super::embedded::Inner;
use crate::frame::{Reader, for_stream};

/// Bytes that are read at once.
const READ: usize = 16 * 1024;
/// How long a client may take to read what it is sent.
const WRITE_WITHIN: Duration = Duration::from_secs(10);

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
async fn read(
    mut from: impl AsyncRead + Unpin,
    to: mpsc::Sender<Vec<u8>>,
) -> Result<(), io::Error> {
    let mut reader = Reader::default();
    let mut buffer = vec![0; READ];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        reader.push(&buffer[..length]);
        while let Some(message) = reader.take().map_err(io::Error::other)? {
            if to.send(message.to_vec()).await.is_err() {
                return Ok(());
            }
        }
    }
}

async fn write(
    mut to: impl AsyncWrite + Unpin,
    mut from: mpsc::Receiver<Vec<u8>>,
) -> Result<(), io::Error> {
    while let Some(message) = from.recv().await {
        let mut bytes = for_stream(message);
        while bytes.len() < READ
            && let Ok(more) = from.try_recv()
        {
            bytes.extend(for_stream(more));
        }
        let sent = async {
            to.write_all(&bytes).await?;
            to.flush().await
        };
        timeout(WRITE_WITHIN, sent).await.map_err(io::Error::other)??;
    }
    Ok(())
}
