//! The one port: every connection to the service comes in here, with TLS or without.
//!
//! Within TLS the first byte tells what is spoken (RFC 7983, section 7): TURN goes to the relay, HTTP
//! and with it the WebSocket to [`http`](crate::http). Without TLS there is HTTP only, for loopback and
//! for a proxy that has TLS itself.

mod certificate;
mod lobby;
mod rewound;
mod self_signed;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rh_relay::frame;
use rh_relay::server::Relay;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt as _;

use lobby::Lobby;
use rewound::Rewound;
pub use tls::Tls;
pub(crate) use tls::TlsPort;

/// How long a client has for the TLS handshake and the first byte within.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// How long a client has for the head of a request, also between two requests.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// How long to wait when the system has no room for another connection.
const PAUSE: Duration = Duration::from_millis(200);

/// The port of one service.
pub(crate) struct Port {
    tls: Option<Arc<TlsPort>>,
    relay: Option<Arc<dyn Relay>>,
    router: Router,
    stop: watch::Receiver<bool>,
    /// Room for connections.
    places: Arc<Semaphore>,
    lobby: Lobby,
}

impl Port {
    /// A port for `connections` at a time.
    pub(crate) fn new(
        tls: Option<Arc<TlsPort>>,
        relay: Option<Arc<dyn Relay>>,
        router: Router,
        stop: watch::Receiver<bool>,
        connections: usize,
    ) -> Self {
        let places = Arc::new(Semaphore::new(connections));
        Self { tls, relay, router, stop, places, lobby: Lobby::default() }
    }

    /// Takes connections in until the service stops. A connection beyond the limits is closed at
    /// once, without a word: any word would cost more than it tells.
    pub(crate) async fn run(self, listener: TcpListener) {
        let port = Arc::new(self);
        let mut stop = port.stop.clone();
        loop {
            let (stream, from) = tokio::select! {
                accepted = accept(&listener) => accepted,
                // An error means that the server was dropped, which stops it too.
                _ = stop.changed() => return,
            };
            let Ok(place) = Arc::clone(&port.places).try_acquire_owned() else { continue };
            let port = Arc::clone(&port);
            tokio::spawn(async move {
                port.welcome(stream, from).await;
                drop(place);
            });
        }
    }

    async fn welcome(&self, stream: TcpStream, from: SocketAddr) {
        // Signalling is small messages that somebody waits for.
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else { return self.serve(stream, from).await };
        let Some(waiting) = self.lobby.enter(from.ip()) else { return };
        let handshake = async {
            let mut stream = tls.accept(stream).await?;
            let first = stream.read_u8().await?;
            Ok::<_, io::Error>((first, Rewound::new(first, stream)))
        };
        let begun = timeout(HANDSHAKE_WITHIN, handshake).await;
        drop(waiting);
        match begun {
            Ok(Ok((first, stream))) if frame::begins(first) => self.relay(stream, from).await,
            Ok(Ok((_, stream))) => self.serve(stream, from).await,
            Ok(Err(error)) => tracing::debug!(%from, %error, "no TLS handshake"),
            Err(_) => tracing::debug!(%from, "no TLS handshake in time"),
        }
    }

    /// Has a client of the relay served; without a relay it is closed.
    async fn relay(&self, stream: Rewound<TlsStream<TcpStream>>, from: SocketAddr) {
        let Some(relay) = &self.relay else { return };
        let mut stop = self.stop.clone();
        tokio::select! {
            () = relay.serve(Box::new(stream), from) => {}
            _ = stop.changed() => {}
        }
    }

    /// Answers requests over one connection until it ends.
    async fn serve<S>(&self, stream: S, from: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(|mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(from));
            self.router.clone().oneshot(request.map(Body::new))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut stop = self.stop.clone();
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = stop.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%from, %error, "a connection broke");
        }
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken in for a moment");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Whether it was the client that went away before it was taken in.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(
        error.kind(),
        K::ConnectionRefused | K::ConnectionAborted | K::ConnectionReset | K::Interrupted
    )
}
