//! Several helpers look on, each at their own pace.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};

use rh_capture::{CaptureError, Frame, Pixels, Rect, Screen};
use rh_codec::tiles;
use rh_codec::{EncodeError, Encoder};
use rh_protocol::{Display, EncodedFrame, Size};
use rh_session::link::mock::{self, MockHelper, MockLink};

use super::tests::{HELPER, SOON, painted, start};
use super::*;

const OTHER: PeerId = PeerId(2);

const SIZE: Size = Size { width: 640, height: 360 };
const WHOLE: Rect = Rect { x: 0, y: 0, width: SIZE.width, height: SIZE.height };
/// What changes: as much as a glyph that is hard to compress.
const PLACE: Rect = Rect { x: 64, y: 64, width: 64, height: 64 };
const PICTURES: u32 = 60;

/// A screen of which one place changes, to noise that begins with the picture's number.
struct Noise {
    data: Vec<u8>,
    shown: u32,
    /// The number of the picture that was seen last: the next is drawn then.
    seen: Arc<AtomicU32>,
}

impl Noise {
    /// The first pixel of a picture's noise.
    const fn mark(number: u32) -> [u8; 3] {
        [number as u8, 1, 2]
    }

    fn draw(&mut self) {
        let mut random = self.shown;
        for y in PLACE.y..PLACE.y + PLACE.height {
            let row = ((y * SIZE.width + PLACE.x) * 4) as usize;
            for byte in &mut self.data[row..row + 4 * PLACE.width as usize] {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = (random >> 24) as u8;
            }
        }
        let begin = ((PLACE.y * SIZE.width + PLACE.x) * 4) as usize;
        self.data[begin..begin + 3].copy_from_slice(&Self::mark(self.shown));
    }
}

impl Screen for Noise {
    fn next(&mut self, patience: Duration) -> Result<Option<Frame<'_>>, CaptureError> {
        if self.shown == PICTURES || self.shown > self.seen.load(Ordering::Relaxed) {
            thread::sleep(patience.min(Duration::from_millis(1)));
            return Ok(None);
        }
        self.shown += 1;
        self.draw();
        let damage = if self.shown == 1 { &[WHOLE] } else { &[PLACE] };
        let pixels = Pixels::Bgrx { data: &self.data, stride: SIZE.width as usize * 4 };
        Ok(Some(Frame { size: SIZE, damage, at: Duration::ZERO, pixels }))
    }

    fn cursor(&mut self) -> Option<rh_capture::Cursor> {
        None
    }
}

/// The noise, and an encoder that nobody may use.
#[derive(Default)]
struct NoVideo {
    seen: Arc<AtomicU32>,
}

impl ScreenSource for NoVideo {
    fn displays(&self) -> Result<Vec<Display>, CaptureError> {
        Ok(Vec::new())
    }

    fn open(&self, _: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        let data = vec![0; (SIZE.width * SIZE.height * 4) as usize];
        Ok(Box::new(Noise { data, shown: 0, seen: Arc::clone(&self.seen) }))
    }
}

impl EncoderSource for NoVideo {
    fn open(&self) -> Result<Box<dyn Encoder>, EncodeError> {
        Ok(Box::new(Self::default()))
    }
}

impl Encoder for NoVideo {
    fn encode(&mut self, _: &Frame<'_>, _: bool) -> Result<EncodedFrame, EncodeError> {
        panic!("nobody sees video")
    }

    fn again(&mut self, _: Duration, _: bool) -> Result<Option<EncodedFrame>, EncodeError> {
        panic!("nobody sees video")
    }

    fn release(&mut self) {}

    fn set_bitrate(&mut self, _: u32) {}
}

fn helper() -> (Arc<MockLink>, MockHelper) {
    let (link, mut helper) = mock::pair();
    helper.connect();
    (Arc::new(link), helper)
}

/// Reads until the last picture is there, and notes which is; bytes that were read.
async fn read_all(helper: &mut MockHelper, seen: &AtomicU32) -> usize {
    let (mut receiver, mut bytes) = (tiles::Receiver::default(), 0);
    loop {
        let message = painted(helper).await;
        receiver.take(&message).expect("it makes sense");
        bytes += message.encoded_len();
        let pixel = receiver.pixel(PLACE.x as u16, PLACE.y as u16).unwrap_or_default();
        let number = u32::from(pixel[0]);
        if pixel == Noise::mark(number) {
            seen.store(number, Ordering::Relaxed);
            if number == PICTURES {
                return bytes;
            }
        }
    }
}

/// S-48: whoever reads nothing is sent what their channel holds and no more, holds up nobody, and
/// gets the newest when they read again. Where nobody sees video, none is encoded.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_tiles_who_stops_costs_nothing() {
    let (reports, reported) = channel();
    let report = move |event| drop(reports.send(event));
    let seen = Arc::new(AtomicU32::new(0));
    let screens = Arc::new(NoVideo { seen: Arc::clone(&seen) });
    let encoders = Arc::new(NoVideo::default());
    let media = MediaThread::start(now(), DisplayId(0), screens, encoders, report).unwrap();
    let (stuck_link, mut stuck) = helper();
    let (link, mut quick) = helper();
    for one in [&stuck, &quick] {
        one.lack_video();
        one.open_tiles();
    }
    let watched = Arc::clone(&stuck_link);
    media.show_to(vec![(HELPER, stuck_link), (OTHER, link)]);
    let read = read_all(&mut quick, &seen).await;
    let waits = watched.backlog().expect("tiles are taken");
    assert!(read > 700_000, "{read} bytes are more than a channel holds");
    assert!(waits < 200_000, "{waits} bytes wait");
    assert!(read_all(&mut stuck, &AtomicU32::default()).await < read / 2);
    media.stop();
    let told: Vec<_> = reported.try_iter().collect();
    assert!(!told.iter().any(|it| matches!(it, MediaEvent::Failed(_))), "{told:?}");
}

async fn shown(helper: &mut MockHelper) -> EncodedFrame {
    tokio::time::timeout(SOON, helper.shown()).await.expect("a frame is shown")
}

/// A frame is encoded once for all. Whoever takes none costs the others no key frames, and gets one
/// when they take frames again.
#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_of_video_who_stops_costs_nothing() {
    let (media, ..) = start(&Arc::default());
    let (stuck_link, mut stuck) = helper();
    let (link, mut quick) = helper();
    media.show_to(vec![(HELPER, stuck_link), (OTHER, link)]);
    let mut frames = Vec::new();
    for _ in 0..60 {
        frames.push(shown(&mut quick).await);
    }
    assert_eq!(frames.iter().filter(|frame| frame.key).count(), 1);
    for frame in &frames[..mock::FRAMES] {
        assert_eq!(shown(&mut stuck).await.data.as_ptr(), frame.data.as_ptr());
    }
    let reading = tokio::spawn(async move {
        loop {
            quick.shown().await;
        }
    });
    assert!(shown(&mut stuck).await.key);
    reading.abort();
    media.stop();
}

/// The next bitrate that is not what it was.
fn changed(bitrates: &Receiver<u32>, before: u32) -> u32 {
    std::iter::repeat_with(|| bitrates.recv_timeout(SOON).expect("a bitrate"))
        .find(|bits| *bits != before)
        .expect("it repeats for ever")
}

/// The slowest network counts, of those who see video, for as long as they look on.
#[test]
fn the_bitrate_is_that_of_the_slowest_who_sees_video() {
    let (media, bitrates, _reports) = start(&Arc::default());
    let (slow, _slow_helper) = helper();
    let (quick, _quick_helper) = helper();
    let (blind, blind_helper) = helper();
    blind_helper.lack_video();
    let blind: (PeerId, Arc<dyn Link>) = (PeerId(3), blind);
    let quick: (PeerId, Arc<dyn Link>) = (OTHER, quick);
    media.show_to(vec![(HELPER, slow), quick.clone(), blind.clone()]);
    media.order(Order::Capacity(blind.0, 100_000));
    media.order(Order::Capacity(OTHER, 10_000_000));
    assert_eq!(changed(&bitrates, 0), 8_500_000);
    media.order(Order::Capacity(HELPER, 1_000_000));
    assert_eq!(changed(&bitrates, 8_500_000), 850_000);
    media.show_to(vec![quick, blind]);
    assert_eq!(changed(&bitrates, 850_000), 8_500_000);
    media.stop();
}

/// Somebody who comes while nothing changes has the whole picture all the same.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_to_a_still_picture_is_painted_all_of_it() {
    let seen = Arc::new(AtomicU32::new(0));
    let screens = Arc::new(NoVideo { seen: Arc::clone(&seen) });
    let encoders = Arc::new(NoVideo::default());
    let media = MediaThread::start(now(), DisplayId(0), screens, encoders, |_| {}).unwrap();
    let (first_link, mut first) = helper();
    let (link, mut second) = helper();
    for one in [&first, &second] {
        one.open_tiles();
        one.lack_video();
    }
    media.show_to(vec![(HELPER, first_link.clone())]);
    read_all(&mut first, &seen).await;
    media.show_to(vec![(HELPER, first_link), (OTHER, link)]);
    read_all(&mut second, &seen).await;
    media.stop();
}
