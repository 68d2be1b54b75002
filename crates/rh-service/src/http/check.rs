//! A WebSocket that says one word, for who looks whether the network lets any through.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use tokio::time::timeout;

use super::{App, Failure};

/// How long it lasts at most.
const LIFE: Duration = Duration::from_secs(5);

/// `GET /ws/check`, for anybody but other pages: it tells nothing.
pub(super) async fn socket(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Failure> {
    if headers.contains_key(header::ORIGIN) && !app.origins.are_named_in(&headers) {
        return Err(Failure::Origin);
    }
    Ok(upgrade.max_message_size(1).on_upgrade(async |socket| {
        // One that takes longer is dropped.
        let _ = timeout(LIFE, say(socket)).await;
    }))
}

async fn say(mut socket: WebSocket) {
    let said = socket.send(Message::Text("ok".into())).await;
    if said.is_ok() && socket.send(Message::Close(None)).await.is_ok() {
        while let Some(Ok(_)) = socket.recv().await {}
    }
}
