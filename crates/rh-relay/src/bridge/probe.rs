//! Whether a relay is reached: it is asked for what it gives to nobody without credentials, and that
//! it refuses shows that it is there.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::line::connect;
use super::url::RelayUrl;
use crate::frame::{LONGEST, Reader, STUN_HEAD};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a datagram is sent: any may be lost.
const TRIES: u8 = 3;

/// Allocate for UDP (RFC 8656, section 7.1), without credentials.
const REQUEST: [u8; STUN_HEAD + 8] =
    *b"\0\x03\0\x08\x21\x12\xA4\x42remote-help.\0\x19\0\x04\x11\0\0\0";

/// Asks the relay at `host` and `port` over UDP.
///
/// # Errors
///
/// If nothing of a relay answers.
pub async fn probe_udp(host: &str, port: u16) -> io::Result<()> {
    let mut addresses = tokio::net::lookup_host((host, port)).await?;
    let relay = addresses.next().ok_or_else(|| io::Error::other("the name has no address"))?;
    let everywhere = if relay.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(everywhere).await?;
    socket.connect(relay).await?;
    let mut buffer = [0; LONGEST];
    for _ in 0..TRIES {
        socket.send(&REQUEST).await?;
        if let Ok(Ok(length)) = timeout(PATIENCE, socket.recv(&mut buffer)).await {
            return if answers(&buffer[..length]) { Ok(()) } else { Err(stranger()) };
        }
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, "no answer"))
}

/// Asks a relay over TLS.
///
/// # Errors
///
/// If it is not reached, TLS does not trust it, or nothing of a relay answers.
pub async fn probe_tls(relay: &RelayUrl, tls: Arc<ClientConfig>) -> io::Result<()> {
    let mut stream = connect(relay, tls).await?;
    let asking = async {
        stream.write_all(&REQUEST).await?;
        stream.flush().await?;
        let mut reader = Reader::default();
        let mut buffer = [0; LONGEST];
        loop {
            let length = stream.read(&mut buffer).await?;
            if length == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it hung up"));
            }
            reader.push(&buffer[..length]);
            if let Some(answer) = reader.take().map_err(io::Error::other)? {
                return if answers(answer) { Ok(()) } else { Err(stranger()) };
            }
        }
    };
    timeout(PATIENCE * u32::from(TRIES), asking).await.map_err(io::Error::other)?
}

/// Whether it is an answer to the request.
fn answers(message: &[u8]) -> bool {
    message.len() >= STUN_HEAD && message[0] == 1 && message[4..STUN_HEAD] == REQUEST[4..STUN_HEAD]
}

fn stranger() -> io::Error {
    io::Error::other("what answers there is no relay")
}
