//! Small servers that answer as the documentation of directories says.

#![allow(dead_code, reason = "each test program uses a part")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use rh_devices::contract::Known;
use tokio::net::TcpListener;

/// What a server holds, how it behaves, and what it was asked.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) devices: Vec<Known>,
    pub(crate) mood: Mood,
    pub(crate) asked: Vec<String>,
}

/// How a server behaves.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Mood {
    #[default]
    Good,
    /// 429 for the next minute.
    Throttled,
    /// A claims challenge, until a token is asked for with those claims.
    Challenging,
    /// A claims challenge, whatever comes.
    AlwaysChallenging,
    /// The token was taken back.
    Revoked,
    /// 403.
    Forbidden,
    /// 500.
    Broken,
    /// No JSON.
    Garbage,
    /// More than anybody asked for.
    Endless,
    /// A next page on another server.
    Elsewhere,
    /// Filters nothing.
    Unfiltered,
}

pub(crate) type Shared = Arc<Mutex<State>>;

/// Serves on a free port.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// The address of nobody.
pub(crate) async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

pub(crate) fn word(compliance: rh_policy::Compliance) -> String {
    serde_json::to_value(compliance).unwrap().as_str().unwrap().to_owned()
}
