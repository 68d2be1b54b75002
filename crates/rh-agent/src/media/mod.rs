//! The picture's way: screen, then tiles or the encoder, then helpers. One thread, no queue: the newest
//! picture wins.

mod audience;
mod canvas;
mod drain;
mod film;
#[cfg(test)]
mod many_tests;
mod paths;
mod share;
mod strain;
mod stream;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rh_protocol::{DisplayId, PathReason, PeerId, ToHelper};
use rh_session::link::Link;

use crate::clock::now;
use crate::sources::{EncoderSource, ScreenSource};

use audience::Audience;
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
    /// Show this display instead.
    Display(DisplayId),
    /// Somebody new looks on.
    StartOver,
    /// Somebody cannot decode on.
    KeyFrame,
    /// The network to a helper can carry this many bits per second.
    Capacity(PeerId, u32),
}

/// What the pictures have to say.
#[derive(Debug)]
pub(crate) enum MediaEvent {
    /// Something about the cursor, for every viewer.
    Cursor(ToHelper),
    /// By which path a viewer is shown the picture.
    Path(PeerId, PathReason),
    /// The first picture of this display is on its way.
    Shown(DisplayId),
    /// The display is gone.
    DisplayLost(DisplayId),
    /// The sharer ended the capture by the system's own means.
    Stopped,
    /// No more pictures can be had.
    Failed(String),
}

/// The thread that captures; [`stop`](Self::stop) ends it.
pub(crate) struct MediaThread {
    orders: Sender<Order>,
    audience: Audience,
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
        let audience = Audience::default();
        let looking = audience.clone();
        let body = move || {
            let report = &report;
            let mut media = Media {
                begin,
                display,
                screens,
                encoders,
                inbox,
                report,
                audience: looking,
                capacities: BTreeMap::new(),
            };
            if catch_unwind(AssertUnwindSafe(|| media.run())).is_err() {
                report(MediaEvent::Failed("the media thread panicked".to_owned()));
            }
        };
        let thread = thread::Builder::new().name("rh-media".to_owned()).spawn(body)?;
        Ok(Self { orders, audience, thread })
    }

    /// Passes an order on.
    pub(crate) fn order(&self, order: Order) {
        // A thread that is gone has reported why.
        let _ = self.orders.send(order);
    }

    /// Shows the pictures to `viewers` and nobody else: once this returns, no other gets one.
    pub(crate) fn show_to(&self, viewers: Vec<(PeerId, Arc<dyn Link>)>) {
        self.audience.seat(viewers);
        self.order(Order::StartOver);
    }

    /// Ends the capture and waits until the screen is closed. Blocks for a moment.
    pub(crate) fn stop(self) {
        drop(self.orders);
        // Whatever went wrong on it was reported.
        let _ = self.thread.join();
    }
}

struct Media<R> {
    begin: Instant,
    display: DisplayId,
    screens: Arc<dyn ScreenSource>,
    encoders: Arc<dyn EncoderSource>,
    inbox: Receiver<Order>,
    report: R,
    audience: Audience,
    capacities: BTreeMap<PeerId, u32>,
}

/// Why a stream ended.
enum End {
    /// Nobody wants it any more.
    Unwanted,
    /// Opening it anew may help.
    Retry(String),
    /// The display is gone.
    DisplayLost,
    /// The display sleeps.
    Asleep,
    /// The sharer ended it.
    Stopped,
    /// It begins anew: with another display, or because nobody has the whole picture any more.
    Anew,
}

impl<R: Fn(MediaEvent)> Media<R> {
    fn run(&mut self) {
        let mut failures = 0;
        loop {
            let opened = now();
            let Err(end) = self.stream();
            let why = match end {
                End::Unwanted => return,
                End::DisplayLost => return (self.report)(MediaEvent::DisplayLost(self.display)),
                End::Stopped => return (self.report)(MediaEvent::Stopped),
                End::Anew => continue,
                // Nothing has failed: it is waited for, unless the desktop's state ends this.
                End::Asleep => {
                    if self.hear(None, RETRY_IN).is_err() {
                        return;
                    }
                    continue;
                }
                End::Retry(why) => why,
            };
            let lasted = now().saturating_duration_since(opened);
            failures = if lasted > LASTING { 1 } else { failures + 1 };
            tracing::warn!(failures, why, "the pictures failed");
            if failures > RETRIES {
                return (self.report)(MediaEvent::Failed(why));
            }
            if self.hear(None, RETRY_IN).is_err() {
                return;
            }
        }
    }

    /// Captures, compresses and shows until something ends it.
    fn stream(&mut self) -> Result<Infallible, End> {
        let display = self.display;
        let mut stream = Stream::open(self.begin, display, &*self.screens, &*self.encoders)?;
        stream.set_capacities(&self.capacities, &self.audience.seats());
        loop {
            let wait = if self.audience.takes_any() { Duration::ZERO } else { BUSY };
            self.hear(Some(&mut stream), wait)?;
            if self.display != display {
                return Err(End::Anew);
            }
            if self.audience.takes_any() {
                stream.step(&self.audience, &self.report)?;
            }
        }
    }

    /// Takes in what is ordered within `time`, and at least what was ordered before.
    fn hear(&mut self, mut stream: Option<&mut Stream>, time: Duration) -> Result<(), End> {
        let until = now() + time;
        loop {
            match self.inbox.recv_timeout(until.saturating_duration_since(now())) {
                Ok(order) => self.heed(order, stream.as_deref_mut()),
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(End::Unwanted),
            }
        }
    }

    /// Carries an order out; a stream that is yet to begin begins with a key frame.
    fn heed(&mut self, order: Order, stream: Option<&mut Stream>) {
        match (order, stream) {
            (Order::Display(display), _) => self.display = display,
            (Order::Capacity(helper, bits), stream) => {
                self.capacities.insert(helper, bits);
                if let Some(stream) = stream {
                    stream.set_capacities(&self.capacities, &self.audience.seats());
                }
            }
            (Order::StartOver, Some(stream)) => {
                stream.start_over();
                stream.set_capacities(&self.capacities, &self.audience.seats());
            }
            (Order::KeyFrame, Some(stream)) => stream.want_key(),
            (Order::StartOver | Order::KeyFrame, None) => {}
        }
    }
}
