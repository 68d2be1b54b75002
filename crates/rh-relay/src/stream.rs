//! Messages over a stream, in each direction, as both ends of one do it.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::frame::{Reader, for_stream};

/// Bytes that are read or written at once.
const AT_ONCE: usize = 16 * 1024;
/// How long the other side may take to read what it is sent.
const WRITE_WITHIN: Duration = Duration::from_secs(10);

/// What comes in.
pub(crate) struct Incoming<R> {
    from: R,
    reader: Reader,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Incoming<R> {
    pub(crate) fn new(from: R) -> Self {
        Self { from, reader: Reader::default(), buffer: vec![0; AT_ONCE] }
    }

    /// The next message; nothing at the stream's end.
    ///
    /// # Errors
    ///
    /// If the stream fails, or what comes is no TURN.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(message) = self.reader.take().map_err(io::Error::other)? {
                return Ok(Some(message.to_vec()));
            }
            let length = self.from.read(&mut self.buffer).await?;
            if length == 0 {
                return Ok(None);
            }
            self.reader.push(&self.buffer[..length]);
        }
    }
}

/// Sends a message, and those of `more` that wait already.
///
/// # Errors
///
/// If the stream fails, or the other side does not read.
pub(crate) async fn send(
    to: &mut (impl AsyncWrite + Unpin),
    message: Vec<u8>,
    more: &mut mpsc::Receiver<Vec<u8>>,
) -> io::Result<()> {
    let mut bytes = for_stream(message);
    while bytes.len() < AT_ONCE
        && let Ok(more) = more.try_recv()
    {
        bytes.extend(for_stream(more));
    }
    let sent = async {
        to.write_all(&bytes).await?;
        to.flush().await
    };
    timeout(WRITE_WITHIN, sent).await.map_err(io::Error::other)?
}
