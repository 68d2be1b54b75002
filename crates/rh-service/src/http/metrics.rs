//! Figures for Prometheus, on an address of their own.
//!
//! Not among the pages' routes: what is public there is not public here. A loopback address needs
//! no token; any other does.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rh_identity::Secret;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::App;
use crate::ServeError;
use crate::clock;
use crate::observe::Levels;

/// The media type of OpenMetrics 1.0.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Where metrics are served, and to whom.
#[derive(Clone, Debug)]
pub struct MetricsAt {
    /// The address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What a scraper must show as its bearer token. Needed where other machines can reach it.
    pub token: Option<Secret>,
}

/// What the route needs.
#[derive(Clone)]
struct Scraped {
    app: Arc<App>,
    /// The SHA-256 of the token: comparing digests tells nothing by its time.
    token: Option<[u8; 32]>,
}

/// Serves metrics until `stopped`; returns where.
pub(crate) async fn serve(
    at: &MetricsAt,
    app: Arc<App>,
    mut stopped: watch::Receiver<bool>,
) -> Result<SocketAddr, ServeError> {
    if at.token.is_none() && !at.listen.ip().is_loopback() {
        return Err(ServeError::MetricsToken(at.listen));
    }
    let cannot_listen = |source| ServeError::Metrics { address: at.listen, source };
    let listener = TcpListener::bind(at.listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let token = at.token.as_ref().map(|token| Sha256::digest(token.expose()).into());
    let router = Router::new().route("/metrics", get(scrape)).with_state(Scraped { app, token });
    tokio::spawn(async move {
        tokio::select! {
            served = axum::serve(listener, router) => drop(served),
            // An error means that the server was dropped, which stops it too.
            _ = stopped.changed() => {}
        }
    });
    Ok(address)
}

async fn scrape(State(Scraped { app, token }): State<Scraped>, headers: HeaderMap) -> Response {
    if token.is_some_and(|token| !shows(&headers, &token)) {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response();
    }
    let text = app.observers.metrics.render(app.levels());
    ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response()
}

fn shows(headers: &HeaderMap, token: &[u8; 32]) -> bool {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
    shown.is_some_and(|shown| Sha256::digest(shown)[..] == token[..])
}

impl App {
    /// How things stand now.
    fn levels(&self) -> Levels {
        let now = clock::now();
        let load = self.board.load(now);
        Levels {
            connections: load.connections,
            sessions: load.sessions,
            codes: load.codes,
            sign_ins: self.sign_ins().count(now),
            queue: self.observers.recorder.as_ref().map_or(0, |it| it.waiting()),
            draining: self.is_draining(),
        }
    }
}

/// Counts every request by the pattern of its route.
pub(super) async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = clock::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("page", MatchedPath::as_str);
    app.observers.metrics.request(route, response.status().as_u16(), clock::now() - begun);
    response
}
