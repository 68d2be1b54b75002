//! The picture's way: screen, encoder, helpers. One thread, no queue: the newest picture wins.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rh_capture::{CaptureError, Cursor, Screen};
use rh_codec::Encoder;
use rh_protocol::{DisplayId, EncodedFrame, Size, ToHelper};
use rh_session::link::{Link, Shown};

use crate::clock::now;
use crate::cursor::CursorTeller;
use crate::pace::Pace;
use crate::sources::{EncoderSource, ScreenSource};

/// Wait for a helper that can take a picture.
const BUSY: Duration = Duration::from_millis(4);
/// How often a failed screen is opened anew before sharing is given up.
const RETRIES: u32 = 5;
/// A screen that worked for so long has not failed for good.
const LASTING: Duration = Duration::from_secs(10);
/// Wait before a failed screen is opened anew.
const RETRY_IN: Duration = Duration::from_millis(200);
/// Part of the network's capacity that pictures may take, in percent.
const SHARE: u64 = 85;

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
        let screen = match self.screens.open(self.display) {
            Ok(screen) => screen,
            Err(error) => return end_of(error),
        };
        let encoder = match self.encoders.open() {
            Ok(encoder) => encoder,
            Err(error) => return End::Retry(error.to_string()),
        };
        let mut stream = Stream {
            begin: self.begin,
            display: self.display,
            screen,
            encoder,
            pace: Pace::default(),
            teller: CursorTeller::default(),
            size: None,
            cursor: None,
            cursor_told: true,
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
                Ok(Order::KeyFrame) => stream.pace.want_key(),
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

struct Stream {
    begin: Instant,
    display: DisplayId,
    screen: Box<dyn Screen>,
    encoder: Box<dyn Encoder>,
    pace: Pace,
    teller: CursorTeller,
    size: Option<Size>,
    cursor: Option<Cursor>,
    cursor_told: bool,
}

impl Stream {
    /// Somebody new looks on.
    fn start_over(&mut self) {
        self.pace.want_key();
        self.teller.start_over();
        self.cursor_told = false;
    }

    fn set_capacity(&mut self, bits: u32) {
        self.encoder.set_bitrate((u64::from(bits) * SHARE / 100) as u32);
    }

    fn elapsed(&self) -> Duration {
        now().saturating_duration_since(self.begin)
    }

    /// Delivers one picture, or waits for one in vain.
    fn step(&mut self, viewers: &[Arc<dyn Link>], report: &impl Fn(MediaEvent)) -> Result<(), End> {
        thread::sleep(self.pace.hold(self.elapsed()));
        let patience = self.pace.patience(self.elapsed());
        let frame = self.screen.next(patience).map_err(end_of)?;
        let at = now().saturating_duration_since(self.begin);
        let key = self.pace.key_due(at);
        let encoded = match frame {
            Some(frame) => {
                self.size = Some(frame.size);
                Some((true, self.encoder.encode(&frame, key).map_err(retry)?))
            }
            None if self.pace.refresh_due(at) => {
                self.encoder.again(at, key).map_err(retry)?.map(|encoded| (false, encoded))
            }
            None => None,
        };
        if let Some((changed, encoded)) = encoded {
            self.pace.sent(at, changed, encoded.key);
            self.show(EncodedFrame { at, ..encoded }, viewers);
        }
        self.tell_cursor(report);
        Ok(())
    }

    fn show(&mut self, frame: EncodedFrame, viewers: &[Arc<dyn Link>]) {
        for viewer in viewers {
            match viewer.show(&frame) {
                Shown::Sent => {}
                // What follows builds on what was left out.
                Shown::Dropped => self.pace.want_key(),
            }
        }
    }

    fn tell_cursor(&mut self, report: &impl Fn(MediaEvent)) {
        if let Some(cursor) = self.screen.cursor() {
            self.cursor = Some(cursor);
            self.cursor_told = false;
        }
        if self.cursor_told {
            return;
        }
        if let (Some(cursor), Some(size)) = (&self.cursor, self.size) {
            self.cursor_told = true;
            for message in self.teller.tell(cursor, self.display, size) {
                report(MediaEvent::Cursor(message));
            }
        }
    }
}

fn end_of(error: CaptureError) -> End {
    match error {
        CaptureError::NoDisplay(_) => End::DisplayLost,
        CaptureError::Denied
        | CaptureError::Unavailable { .. }
        | CaptureError::Platform { .. }
        | _ => End::Retry(error.to_string()),
    }
}

fn retry(error: rh_codec::EncodeError) -> End {
    End::Retry(error.to_string())
}
