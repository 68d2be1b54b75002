//! Tiles on their way to the helper.

use std::sync::Arc;
use std::time::Duration;

use ::webrtc::data_channel::DataChannel;
use ::webrtc::error::Error;
use bytes::Bytes;

use super::shared::Shared;

/// Bytes on their way beyond which further ones wait on this side.
const WINDOW: usize = 64 * 1024;
/// How often it is looked whether what is on its way has arrived.
const GLANCE: Duration = Duration::from_millis(4);

/// Sends every tile message, for as long as it is polled; then the helper takes none any more.
pub(super) async fn send(channel: Arc<dyn DataChannel>, shared: Arc<Shared>) {
    shared.tiles.open();
    if let Err(error) = send_all(&*channel, &shared).await {
        tracing::debug!(%error, "the helper takes no tiles any more");
    }
    shared.tiles.shut();
}

async fn send_all(channel: &dyn DataChannel, shared: &Shared) -> Result<(), Error> {
    loop {
        // What travels is looked after until all has arrived or there is more to send.
        let message = tokio::select! {
            message = shared.tiles.take() => message,
            arrived = all_arrived(channel, shared) => {
                arrived?;
                shared.tiles.take().await
            }
        };
        send_one(channel, shared, message).await?;
    }
}

async fn send_one(channel: &dyn DataChannel, shared: &Shared, message: Bytes) -> Result<(), Error> {
    let bytes = message.len();
    channel.send(message.into()).await?;
    shared.second_try.handed(bytes);
    while travelling(channel, shared).await? > WINDOW {
        tokio::time::sleep(GLANCE).await;
    }
    Ok(())
}

async fn all_arrived(channel: &dyn DataChannel, shared: &Shared) -> Result<(), Error> {
    while travelling(channel, shared).await? > 0 {
        tokio::time::sleep(GLANCE).await;
    }
    Ok(())
}

/// Bytes on their way, which the media thread is told of.
async fn travelling(channel: &dyn DataChannel, shared: &Shared) -> Result<usize, Error> {
    let bytes = channel.outstanding_bytes().await?;
    shared.tiles.travelling(bytes);
    Ok(bytes)
}
