use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use rh_capture::mock::Pattern;
use rh_capture::{CaptureError, Frame, Screen};
use rh_codec::tiles;
use rh_codec::{EncodeError, Encoder};
use rh_protocol::tile::{Area, TileMessage};
use rh_protocol::{Display, EncodedFrame};
use rh_session::link::mock;

use super::*;

pub(super) const SOON: Duration = Duration::from_secs(10);
pub(super) const HELPER: PeerId = PeerId(1);

/// Screens that count themselves, and that wait before each picture for leave to take it.
#[derive(Default)]
pub(super) struct Screens {
    opened: AtomicUsize,
    open: Arc<AtomicUsize>,
    leave: Mutex<Option<Receiver<()>>>,
}

struct Counted {
    inner: Pattern,
    open: Arc<AtomicUsize>,
    leave: Option<Receiver<()>>,
}

impl ScreenSource for Screens {
    fn displays(&self) -> Result<Vec<Display>, CaptureError> {
        Ok(vec![Pattern::display()])
    }

    fn open(&self, _: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        assert_eq!(self.open.fetch_add(1, Ordering::SeqCst), 0, "two screens are open at once");
        let leave = self.leave.lock().unwrap().take();
        Ok(Box::new(Counted {
            inner: Pattern::open(DisplayId(0))?,
            open: Arc::clone(&self.open),
            leave,
        }))
    }
}

impl Screen for Counted {
    fn next(&mut self, patience: Duration) -> Result<Option<Frame<'_>>, CaptureError> {
        if let Some(leave) = &self.leave {
            leave.recv().expect("the test lives");
        }
        self.inner.next(patience)
    }

    fn cursor(&mut self) -> Option<rh_capture::Cursor> {
        None
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Encoders that tell the bitrates that they are given; without a listener they panic.
struct Encoders(Sender<u32>);

struct Telling(Sender<u32>, Box<dyn Encoder>);

impl EncoderSource for Encoders {
    fn open(&self) -> Result<Box<dyn Encoder>, EncodeError> {
        let inner = rh_codec::Backend::Mock.open(rh_codec::Settings::default())?;
        Ok(Box::new(Telling(self.0.clone(), inner)))
    }
}

impl Encoder for Telling {
    fn encode(&mut self, frame: &Frame<'_>, key: bool) -> Result<EncodedFrame, EncodeError> {
        self.1.encode(frame, key)
    }

    fn again(&mut self, at: Duration, key: bool) -> Result<Option<EncodedFrame>, EncodeError> {
        self.1.again(at, key)
    }

    fn release(&mut self) {
        self.1.release();
    }

    fn set_bitrate(&mut self, bits: u32) {
        self.0.send(bits).expect("somebody listens");
    }
}

/// A media thread, the bitrates of its encoder, and what it reports.
pub(super) fn start(screens: &Arc<Screens>) -> (MediaThread, Receiver<u32>, Receiver<MediaEvent>) {
    let (bitrates, bitrate) = channel();
    let (reports, reported) = channel();
    let report = move |event| drop(reports.send(event));
    let screens = Arc::clone(screens) as Arc<dyn ScreenSource>;
    let encoders = Arc::new(Encoders(bitrates));
    let media = MediaThread::start(now(), DisplayId(0), screens, encoders, report);
    (media.expect("a thread"), bitrate, reported)
}

/// A screen that fails as it is told to, once, and shows the pattern after that.
struct Failing(Mutex<Option<CaptureError>>, Screens);

impl ScreenSource for Failing {
    fn displays(&self) -> Result<Vec<Display>, CaptureError> {
        self.1.displays()
    }

    fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        match self.0.lock().unwrap().take() {
            Some(error) => Err(error),
            None => self.1.open(display),
        }
    }
}

/// What the media thread first reports of a screen that fails with `error`.
fn first_report(error: CaptureError) -> MediaEvent {
    let (bitrates, _bitrate) = channel();
    let (reports, reported) = channel();
    let screens = Arc::new(Failing(Mutex::new(Some(error)), Screens::default()));
    let encoders = Arc::new(Encoders(bitrates));
    let report = move |event| drop(reports.send(event));
    let media = MediaThread::start(now(), DisplayId(0), screens, encoders, report).unwrap();
    let (link, mut helper) = mock::pair();
    helper.connect();
    media.show_to(vec![(HELPER, Arc::new(link))]);
    let first = loop {
        let event = reported.recv_timeout(SOON).expect("something is reported");
        if !matches!(event, MediaEvent::Cursor(_)) {
            break event;
        }
    };
    media.stop();
    first
}

/// S-53: what the sharer ends in the system's menu is not begun anew.
#[test]
fn a_capture_that_the_sharer_ended_stays_ended() {
    assert!(matches!(first_report(CaptureError::Stopped), MediaEvent::Stopped));
}

/// A display that wakes is shown again.
#[test]
fn a_display_that_sleeps_is_waited_for() {
    assert!(matches!(first_report(CaptureError::Asleep), MediaEvent::Shown(DisplayId(0))));
}

/// S-58: once a helper is taken away it gets no picture, not even the one that is being taken.
#[tokio::test]
async fn a_viewer_who_is_taken_away_gets_no_further_picture() {
    let (leave, left) = channel();
    let screens = Arc::new(Screens { leave: Mutex::new(Some(left)), ..Screens::default() });
    let (media, ..) = start(&screens);
    let (link, mut helper) = mock::pair();
    helper.connect();
    media.show_to(vec![(HELPER, Arc::new(link))]);
    leave.send(()).unwrap();
    tokio::time::timeout(SOON, helper.shown()).await.expect("the first picture");

    // By now the thread waits for the next one, or soon will.
    thread::sleep(Duration::from_millis(100));
    media.show_to(Vec::new());
    leave.send(()).unwrap();
    drop(leave);
    media.stop();
    assert!(tokio::time::timeout(Duration::from_millis(50), helper.shown()).await.is_err());
}

/// The next message that is painted for a helper.
pub(super) async fn painted(helper: &mut mock::MockHelper) -> TileMessage {
    let message = tokio::time::timeout(SOON, helper.painted()).await.expect("something is painted");
    TileMessage::decode(message).expect("a message")
}

/// The two paths: whoever takes tiles has the first picture exactly, and no video before it.
#[tokio::test]
async fn whoever_takes_tiles_is_painted_the_whole_picture_first() {
    let (media, _bitrates, reports) = start(&Arc::default());
    let (link, mut helper) = mock::pair();
    helper.connect();
    helper.open_tiles();
    media.show_to(vec![(HELPER, Arc::new(link))]);
    let first = painted(&mut helper).await;
    let TileMessage::Picture { display, width, height, .. } = first else {
        panic!("a picture begins, not {first:?}");
    };
    let size = Pattern::display();
    assert_eq!((display, u32::from(width), u32::from(height)), (size.id, size.width, size.height));
    let mut receiver = tiles::Receiver::default();
    receiver.take(&first).expect("a picture");
    let whole = Area { x: 0, y: 0, width, height };
    while !receiver.is_painted(whole) {
        receiver.take(&painted(&mut helper).await).expect("what can be painted");
    }
    media.stop();
    let told: Vec<_> = reports.try_iter().collect();
    assert!(told.iter().any(|it| matches!(it, MediaEvent::Shown(DisplayId(0)))), "{told:?}");
    assert!(told.iter().any(|it| matches!(it, MediaEvent::Path(HELPER, _))), "{told:?}");
}

/// S-58: once a helper is taken away nothing is painted for them.
#[tokio::test]
async fn a_viewer_who_is_taken_away_is_painted_nothing_further() {
    let (leave, left) = channel();
    let screens = Arc::new(Screens { leave: Mutex::new(Some(left)), ..Screens::default() });
    let (media, ..) = start(&screens);
    let (link, mut helper) = mock::pair();
    helper.connect();
    helper.open_tiles();
    media.show_to(vec![(HELPER, Arc::new(link))]);
    leave.send(()).unwrap();
    painted(&mut helper).await;
    thread::sleep(Duration::from_millis(100));
    media.show_to(Vec::new());
    while tokio::time::timeout(Duration::from_millis(50), helper.painted()).await.is_ok() {}
    leave.send(()).unwrap();
    drop(leave);
    media.stop();
    assert!(tokio::time::timeout(Duration::from_millis(50), helper.painted()).await.is_err());
}

/// What the network can carry is heeded above all while it carries too little.
#[test]
fn the_bitrate_follows_while_nobody_can_take_a_picture() {
    let (media, bitrate, _reports) = start(&Arc::default());
    let (link, _helper) = mock::pair();
    media.show_to(vec![(HELPER, Arc::new(link))]);
    media.order(Order::Capacity(HELPER, 1_000_000));
    assert_eq!(bitrate.recv_timeout(SOON), Ok(850_000));
    media.order(Order::Capacity(HELPER, 2_000_000));
    assert_eq!(bitrate.recv_timeout(SOON), Ok(1_700_000));
    media.stop();
}

/// A helper who switches to and fro costs one capture at a time, and not one for each switch.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_displays_opens_few_screens_and_never_two_at_once() {
    let screens = Arc::new(Screens::default());
    let (media, _bitrates, reports) = start(&screens);
    let (link, mut helper) = mock::pair();
    helper.connect();
    let looking = tokio::spawn(async move {
        loop {
            helper.shown().await;
        }
    });
    media.show_to(vec![(HELPER, Arc::new(link))]);
    for n in 1..=10_000 {
        media.order(Order::Display(DisplayId(n)));
    }
    while !matches!(reports.recv_timeout(SOON).unwrap(), MediaEvent::Shown(DisplayId(10_000))) {}
    media.stop();
    looking.abort();
    assert!(screens.opened.load(Ordering::SeqCst) < 1_000);
    assert_eq!(screens.open.load(Ordering::SeqCst), 0);
}

/// A fault of ours ends the session in the open; it leaves nobody with a frozen picture.
#[test]
fn a_panic_is_reported_and_closes_the_screen() {
    let screens = Arc::new(Screens::default());
    let (media, bitrates, reports) = start(&screens);
    let (link, _helper) = mock::pair();
    media.show_to(vec![(HELPER, Arc::new(link))]);
    drop(bitrates);
    media.order(Order::Capacity(HELPER, 1));
    assert!(matches!(reports.recv_timeout(SOON), Ok(MediaEvent::Failed(_))));
    media.stop();
    assert_eq!(screens.open.load(Ordering::SeqCst), 0);
}
