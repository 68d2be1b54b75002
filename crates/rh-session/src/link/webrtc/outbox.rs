//! What the helper is told.

use std::sync::Arc;
use std::time::Duration;

use ::webrtc::data_channel::DataChannel;
use rh_protocol::{EndReason, ToHelper, encode};
use tokio::sync::{mpsc, oneshot};

use super::super::Gone;
use super::shared::Shared;

/// Most messages that wait; a helper that lets more pile up is gone.
const ROOM: usize = 256;
/// Below this much room, cursor positions are left out.
const SCARCE: usize = ROOM / 2;
/// Bytes under way beyond which cursor positions are left out.
const BUSY: usize = 256 * 1024;
/// How often a goodbye is looked after.
const GLANCE: Duration = Duration::from_millis(5);

/// Makes the two ends of an outbox.
pub(super) fn new(shared: &Arc<Shared>) -> (Outbox, Messages) {
    let (messages, waiting) = mpsc::channel(ROOM);
    (Outbox { messages, shared: Arc::clone(shared) }, Messages(waiting))
}

enum Message {
    Say(ToHelper),
    /// Say it, and tell when it has arrived.
    Goodbye(ToHelper, oneshot::Sender<()>),
}

/// Where messages are put.
pub(super) struct Outbox {
    messages: mpsc::Sender<Message>,
    shared: Arc<Shared>,
}

impl Outbox {
    /// Puts a message in without waiting.
    pub(super) fn put(&self, message: &ToHelper) -> Result<(), Gone> {
        if self.shared.events.ended() {
            return Err(Gone);
        }
        if is_cursor_position(message) && self.messages.capacity() < SCARCE {
            return Ok(());
        }
        self.messages.try_send(Message::Say(message.clone())).map_err(|_| {
            tracing::warn!("the helper takes in nothing; its link is closed");
            self.shared.end();
            Gone
        })
    }

    /// Says goodbye and waits until it has arrived.
    pub(super) async fn goodbye(&self, reason: EndReason) {
        let (arrived, arrives) = oneshot::channel();
        let goodbye = Message::Goodbye(ToHelper::Ended { reason }, arrived);
        if self.messages.send(goodbye).await.is_ok() {
            let _ = arrives.await;
        }
    }
}

/// Where messages come out.
pub(super) struct Messages(mpsc::Receiver<Message>);

impl Messages {
    /// Sends every message over `channel`, for as long as it is polled.
    pub(super) async fn send(mut self, channel: Arc<dyn DataChannel>, shared: Arc<Shared>) {
        while let Some(message) = self.0.recv().await {
            let sent = match message {
                Message::Say(message) => say(&*channel, &message, &shared).await,
                Message::Goodbye(message, arrived) => {
                    let sent = say(&*channel, &message, &shared).await;
                    while channel.outstanding_bytes().await.is_ok_and(|bytes| bytes > 0) {
                        tokio::time::sleep(GLANCE).await;
                    }
                    let _ = arrived.send(());
                    sent
                }
            };
            if sent.is_err() {
                return;
            }
        }
    }
}

async fn say(
    channel: &dyn DataChannel,
    message: &ToHelper,
    shared: &Shared,
) -> Result<(), ::webrtc::error::Error> {
    if is_cursor_position(message) && channel.outstanding_bytes().await? > BUSY {
        return Ok(());
    }
    let text = encode(message);
    channel.send_text(&text).await?;
    shared.second_try.handed(text.len());
    Ok(())
}

fn is_cursor_position(message: &ToHelper) -> bool {
    matches!(message, ToHelper::CursorAt { .. })
}
