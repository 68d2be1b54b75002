//! The picture's way: screen, encoder, helpers. One thread, no queue: the newest picture wins.

mod stream;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rh_protocol::{DisplayId, ToHelper};
use rh_session::link::Link;

use crate::clock::now;
use crate::sources::{EncoderSource, ScreenSource};

use stream::Stream;

/// Wait for a helper that can take a picture.
const BUSY: Duration = Duration::from_millis(4);
/// How often a failed screen is opened anew before sharing is given up.
const RETRIES: u32 = 5;
/// A screen that worked for so long has not failed for good.
const LASTING: Duration = Duration::from_secs(10);
/// Wait before a failed screen is opened anew.
const RETRY_IN: Duration = Duration::from_millis(200);

/// What others want of the pictures.
pub(crate) enum Order {
    /// Show them to these.
    Viewers(Vec<Arc<dyn Link>>),
    /// Somebody cannot decode on.
    KeyFrame,
    /// The network can carry this many bits per second.
    Capacity(u32),
}

/// What the pictures have to say.
#[derive(Debug)]
pub(crate) enum MediaEvent {
    /// Something about the cursor, for every viewer.
    Cursor(ToHelper),
    /// The display is gone.
    DisplayLost(DisplayId),
    /// No more pictures can be had.
    Failed(String),
}

/// The thread that captures. Dropping it ends the capture; [`stopped`](Self::stopped) waits for it.
pub(crate) struct MediaThread {
    orders: Sender<Order>,
    thread: JoinHandle<()>,
}

impl MediaThread {
    /// Begins to capture `display` for nobody yet; pictures are timed from `begin`.
    pub(crate) fn start(
        begin: Instant,
        display: DisplayId,
        screens: Arc<dyn ScreenSource>,
        encoders: Arc<dyn EncoderSource>,
        report: impl Fn(MediaEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (orders, inbox) = channel();
        let body = move || {
            let mut media = Media {
                begin,
                display,
                screens,
                encoders,
                inbox,
                report,
                viewers: Vec::new(),
                bitrate: None,
            };
            media.run();
        };
        let thread = thread::Builder::new().name("rh-media".to_owned()).spawn(body)?;
        Ok(Self { orders, thread })
    }

    /// Passes an order on.
    pub(crate) fn order(&self, order: Order) {
        // A thread that is gone has reported why.
        let _ = self.orders.send(order);
    }

    /// Ends the capture and waits until the screen is closed. Blocks for a moment.
    pub(crate) fn stop(self) {
        drop(self.orders);
        if self.thread.join().is_err() {
            tracing::error!("the media thread panicked");
        }
    }
}

struct Media<R> {
    begin: Instant,
    display: DisplayId,
    screens: Arc<dyn ScreenSource>,
    encoders: Arc<dyn EncoderSource>,
    inbox: Receiver<Order>,
    report: R,
    viewers: Vec<Arc<dyn Link>>,
    bitrate: Option<u32>,
}

/// Why a stream ended.
enum End {
    /// Nobody wants it any more.
    Unwanted,
    /// Opening it anew may help.
    Retry(String),
    /// The display is gone.
    DisplayLost,
}

impl<R: Fn(MediaEvent)> Media<R> {
    fn run(&mut self) {
        let mut failures = 0;
        loop {
            let opened = now();
            let why = match self.stream() {
                End::Unwanted => return,
                End::DisplayLost => return (self.report)(MediaEvent::DisplayLost(self.display)),
                End::Retry(why) => why,
            };
            let lasted = now().saturating_duration_since(opened);
            failures = if lasted > LASTING { 1 } else { failures + 1 };
            tracing::warn!(failures, why, "the pictures failed");
            if failures > RETRIES {
                return (self.report)(MediaEvent::Failed(why));
            }
            if self.pause(RETRY_IN) {
                return;
            }
        }
    }

    /// Waits out `time`; whether nobody wants pictures any more.
    fn pause(&mut self, time: Duration) -> bool {
        let until = now() + time;
        loop {
            match self.inbox.recv_timeout(until.saturating_duration_since(now())) {
                Ok(Order::Viewers(viewers)) => self.viewers = viewers,
                Ok(Order::Capacity(bits)) => self.bitrate = Some(bits),
                Ok(Order::KeyFrame) => {}
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => return true,
            }
        }
    }

    /// Captures, compresses and shows until something ends it.
    fn stream(&mut self) -> End {
        let opened = Stream::open(self.begin, self.display, &*self.screens, &*self.encoders);
        let mut stream = match opened {
            Ok(stream) => stream,
            Err(end) => return end,
        };
        if let Some(bits) = self.bitrate {
            stream.set_capacity(bits);
        }
        loop {
            if !self.take_orders(&mut stream) {
                return End::Unwanted;
            }
            if !self.viewers.iter().any(|viewer| viewer.ready()) {
                if self.pause(BUSY) {
                    return End::Unwanted;
                }
                continue;
            }
            if let Err(end) = stream.step(&self.viewers, &self.report) {
                return end;
            }
        }
    }

    /// Takes in what was ordered; whether anybody still wants pictures.
    fn take_orders(&mut self, stream: &mut Stream) -> bool {
        loop {
            match self.inbox.try_recv() {
                Ok(Order::Viewers(viewers)) => {
                    self.viewers = viewers;
                    stream.start_over();
                }
                Ok(Order::KeyFrame) => stream.want_key(),
                Ok(Order::Capacity(bits)) => {
                    self.bitrate = Some(bits);
                    stream.set_capacity(bits);
                }
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }
}
