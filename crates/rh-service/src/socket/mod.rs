//! One client's WebSocket: bytes to messages, messages to bytes, and a watch on whether it lives.

mod board;
mod consent;
mod rate;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use rh_protocol::{FromClient, ToClient, decode, encode};
use rh_relay::server::Here;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Error as WsError;

use crate::Close;
use crate::clock;
use crate::devices::{Devices, Presenting};
use crate::hub::{Caller, ConnId, Event};
use crate::sign_in::SignInId;
pub(crate) use board::Outgoing;
pub(crate) use board::Switchboard;
use rate::Rate;

/// How often a client is pinged. Often, since after an outage of five seconds TCP tries again what it
/// has sent first about six seconds before (RFC 6298, section 5.5), and that has to be in time.
const PING_EVERY: Duration = Duration::from_millis(1500);

/// A client that says nothing for so long is gone: a cut network is known within ten seconds (S-61).
const SILENCE: Duration = Duration::from_secs(9);

/// How long one message may take to be written.
const WRITE_WITHIN: Duration = Duration::from_secs(5);

/// How long a client has to answer a close frame.
const CLOSE_WITHIN: Duration = Duration::from_millis(500);

/// Messages that are none, which one client may send. More than one, since a newer client may say
/// things that this version does not know.
const GARBAGE_MESSAGES: u32 = 32;

/// Everything about one socket but the socket.
struct Talk {
    board: Arc<Switchboard>,
    presenting: Presenting,
    conn: ConnId,
    outbox: mpsc::Receiver<Outgoing>,
    stop: watch::Receiver<bool>,
    rate: Rate,
    garbage: u32,
    heard: Instant,
}

/// How a socket ended.
#[derive(Debug)]
enum Ending {
    /// The client closed it.
    Closed,
    /// It broke without a word.
    Broke,
    /// The service closes it.
    Ours(Close),
}

/// Serves one client until its socket ends.
pub(crate) async fn run(
    mut socket: WebSocket,
    board: Arc<Switchboard>,
    devices: Arc<Devices>,
    stop: watch::Receiver<bool>,
    sign_in: SignInId,
    caller: Caller,
    here: Option<Here>,
) {
    let now = clock::now();
    let person = caller.person.clone();
    let (conn, outbox) = board.connect(now, sign_in, caller, here);
    let presenting = Presenting::new(devices, conn, person);
    tracing::debug!(?conn, "connected");
    let rate = Rate::new(now);
    let mut talk = Talk { board, presenting, conn, outbox, stop, rate, garbage: 0, heard: now };
    let ending = talk.run(&mut socket).await;
    tracing::debug!(?conn, ?ending, garbage = talk.garbage, "disconnected");
    let event = match ending {
        Ending::Closed => Event::Closed(conn),
        Ending::Broke | Ending::Ours(_) => Event::Broke(conn),
    };
    talk.board.disconnect(clock::now(), conn, event);
    if let Ending::Ours(why) = ending {
        close(socket, why).await;
    }
}

impl Talk {
    async fn run(&mut self, socket: &mut WebSocket) -> Ending {
        let mut pings = interval(PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let silent = sleep_until((self.heard + SILENCE).into());
            let step = tokio::select! {
                frame = socket.recv() => match self.hear(frame).await {
                    Ok(Some(answer)) => send(socket, Message::Text(encode(&answer).into())).await,
                    Ok(None) => Ok(()),
                    Err(ending) => Err(ending),
                },
                outgoing = self.outbox.recv() => match outgoing {
                    Some(Outgoing::Say(text)) => send(socket, Message::Text(text.into())).await,
                    Some(Outgoing::Close(why)) => Err(Ending::Ours(why)),
                    None => Err(Ending::Ours(Close::Slow)),
                },
                _ = pings.tick() => send(socket, Message::Ping(Bytes::new())).await,
                () = silent => Err(Ending::Ours(Close::Silent)),
                _ = self.stop.changed() => Err(Ending::Ours(Close::Restart)),
            };
            if let Err(ending) = step {
                return ending;
            }
        }
    }

    /// What to answer, if anything: the hub answers in its own time.
    async fn hear(
        &mut self,
        frame: Option<Result<Message, axum::Error>>,
    ) -> Result<Option<ToClient>, Ending> {
        let frame = match frame {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Err(broken(error)),
            None => return Err(Ending::Broke),
        };
        let now = clock::now();
        self.heard = now;
        if !self.rate.allows(now) {
            return Err(Ending::Ours(Close::TooFast));
        }
        match frame {
            Message::Text(text) => match decode::<FromClient>(text.as_bytes()) {
                Ok(FromClient::Challenge) => return Ok(Some(self.presenting.challenge())),
                Ok(FromClient::Device { device }) => {
                    // Whatever the client says next waits for this, such as a code.
                    let (answer, found) = self.presenting.device(&device).await;
                    if let Some((device, looked_up)) = found {
                        if let Some(it) = looked_up {
                            self.board.looked_up(self.conn, it);
                        }
                        self.board.found(clock::now(), self.conn, device);
                    }
                    return Ok(Some(answer));
                }
                Ok(message) => self.board.handle(now, Event::Said(self.conn, message)),
                // What was said is not logged: it may hold a mistyped code.
                Err(_) => self.count_garbage()?,
            },
            Message::Binary(_) => self.count_garbage()?,
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Close(frame) => return Err(closed(frame.as_ref())),
        }
        Ok(None)
    }

    fn count_garbage(&mut self) -> Result<(), Ending> {
        self.garbage += 1;
        if self.garbage > GARBAGE_MESSAGES { Err(Ending::Ours(Close::Garbage)) } else { Ok(()) }
    }
}

/// A page or program that closes in order says 1000, 1001 or nothing (RFC 6455 7.4.1); any other
/// status tells of a fault.
fn closed(frame: Option<&CloseFrame>) -> Ending {
    match frame.map(|frame| frame.code) {
        None | Some(1000 | 1001) => Ending::Closed,
        Some(_) => Ending::Broke,
    }
}

fn broken(error: axum::Error) -> Ending {
    match error.into_inner().downcast_ref::<WsError>() {
        Some(WsError::Capacity(_)) => Ending::Ours(Close::TooLong),
        Some(WsError::Utf8(_)) => Ending::Ours(Close::Garbage),
        _ => Ending::Broke,
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Ending> {
    match timeout(WRITE_WITHIN, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Ending::Broke),
        Err(_) => Err(Ending::Ours(Close::Slow)),
    }
}

/// Says why, and waits shortly for the client's own close frame so that ours is not lost.
async fn close(mut socket: WebSocket, why: Close) {
    let frame = CloseFrame { code: why.code(), reason: Utf8Bytes::from_static(why.reason()) };
    let goodbye = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    // A client that does not answer is dropped.
    let _ = timeout(CLOSE_WITHIN, goodbye).await;
}
