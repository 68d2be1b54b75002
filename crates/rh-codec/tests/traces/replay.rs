//! Plays a recording to a painter, and what it says to a receiver.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use bytes::{Buf, Bytes};
use flate2::read::ZlibDecoder;
use rh_capture::{Rect, Size};
use rh_codec::tiles::{Bgrx, Painter, Parcel, Reason, Receiver, Viewer};
use rh_protocol::DisplayId;
use rh_protocol::tile::{TileMessage, VideoTime};

/// One pixel in so many is looked at, each way.
const SAMPLED: usize = 3;

/// What came of one capture.
pub(crate) struct Step {
    pub(crate) reason: Reason,
    /// Pixels of the samples that are the video's, those that are painted and old, and all.
    pub(crate) open: usize,
    pub(crate) old: usize,
    pub(crate) all: usize,
    pub(crate) copies: usize,
    pub(crate) bytes: usize,
}

/// What came of a recording.
pub(crate) struct Played {
    /// Those after the first picture.
    pub(crate) steps: Vec<Step>,
    /// How long it took after the last one until every pixel was painted and exact.
    pub(crate) rest: Duration,
}

/// A desktop as it was recorded.
struct Tape {
    size: Size,
    bytes: Bytes,
    screen: Receiver,
    pixels: Vec<u8>,
}

/// Plays a recording to somebody, from when all of the first picture is exact; checks that all of
/// the last one is in the end.
pub(crate) fn replay(name: &str, viewer: Viewer) -> Played {
    let mut tape = Tape::open(name);
    let size = tape.size;
    let mut painter = Painter::new(DisplayId(1), size);
    let (mut receiver, mut steps, mut now) = (Receiver::default(), Vec::new(), Duration::ZERO);
    let mut begin = None;
    while let Some((at, damage)) = tape.next() {
        // Between two captures there is time for what waits; the first picture has all of it.
        let at = at + begin.map_or(Duration::ZERO, |begin| begin);
        now = tend(&mut painter, &mut receiver, viewer, now, at);
        let view = Bgrx::new(&tape.pixels, size.width as usize * 4, size).expect("it is whole");
        let [parcel] = <[Parcel; 1]>::try_from(painter.look(view, &damage, now, &[viewer]))
            .expect("one viewer, one parcel");
        take(&mut receiver, &parcel, now);
        if begin.is_some() {
            steps.push(tape.compare(&receiver, &parcel));
        } else {
            now = tend(&mut painter, &mut receiver, viewer, now, now + Duration::from_secs(60));
            begin = Some(now);
        }
    }
    let last = now;
    let end = tend(&mut painter, &mut receiver, viewer, now, Duration::MAX);
    for (at, pixel) in tape.pixels.chunks_exact(4).enumerate() {
        let (x, y) = (at as u32 % size.width, at as u32 / size.width);
        assert_eq!(receiver.pixel(x as u16, y as u16), Some([pixel[0], pixel[1], pixel[2]]));
    }
    Played { steps, rest: end - last }
}

/// Does what waits until `until`, or until nothing does; returns when it is.
fn tend(
    painter: &mut Painter,
    receiver: &mut Receiver,
    viewer: Viewer,
    mut now: Duration,
    until: Duration,
) -> Duration {
    while let Some(at) = painter.deadline().map(|at| at.max(now + Duration::from_millis(1)))
        && at < until
    {
        now = at;
        for parcel in painter.tend(now, &[viewer]) {
            take(receiver, &parcel, now);
        }
    }
    if until == Duration::MAX { now } else { until.max(now) }
}

fn take(receiver: &mut Receiver, parcel: &Parcel, at: Duration) {
    parcel.messages.iter().for_each(|it| receiver.take(it).expect("it makes sense"));
    if parcel.video {
        receiver.present(VideoTime::since_zero(at));
    }
}

impl Tape {
    fn open(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/traces/{name}.trace"));
        let file = std::fs::File::open(&path).expect("the recording is there");
        let mut bytes = Vec::new();
        ZlibDecoder::new(file).read_to_end(&mut bytes).expect("it is whole");
        let size = size(&mut Bytes::from(bytes.clone()));
        let pixels = vec![0; (size.width * size.height * 4) as usize];
        Self { size, bytes: bytes.into(), screen: Receiver::default(), pixels }
    }

    /// The next capture: when it was, and its damage.
    fn next(&mut self) -> Option<(Duration, Vec<Rect>)> {
        let at = Duration::from_millis(self.bytes.try_get_u32().ok()?.into());
        let (damage, messages) = (self.bytes.get_u16(), self.bytes.get_u16());
        let number = |bytes: &mut Bytes| u32::from(bytes.get_u16());
        let rect = |bytes: &mut Bytes| Rect {
            x: number(bytes),
            y: number(bytes),
            width: number(bytes),
            height: number(bytes),
        };
        let damage = (0..damage).map(|_| rect(&mut self.bytes)).collect();
        for _ in 0..messages {
            let length = self.bytes.get_u32() as usize;
            let message = TileMessage::decode(self.bytes.split_to(length)).expect("it is whole");
            self.screen.take(&message).expect("it makes sense");
        }
        for (at, pixel) in self.pixels.chunks_exact_mut(4).enumerate() {
            let (x, y) = (at as u32 % self.size.width, at as u32 / self.size.width);
            let seen = self.screen.pixel(x as u16, y as u16).expect("all of it is painted");
            pixel[..3].copy_from_slice(&seen);
        }
        Some((at, damage))
    }

    /// What somebody sees of the screen.
    fn compare(&self, receiver: &Receiver, parcel: &Parcel) -> Step {
        let is_copy = |it: &&TileMessage| matches!(it, TileMessage::Copy { .. });
        let copies = parcel.messages.iter().filter(is_copy).count();
        let bytes = parcel.messages.iter().map(TileMessage::encoded_len).sum();
        let mut step = Step { reason: parcel.reason, open: 0, old: 0, all: 0, copies, bytes };
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        for y in (0..height).step_by(SAMPLED) {
            for x in (0..width).step_by(SAMPLED) {
                let at = (y * width + x) * 4;
                let seen = receiver.pixel(x as u16, y as u16);
                step.all += 1;
                step.open += usize::from(seen.is_none());
                step.old += usize::from(seen.is_some_and(|it| it != self.pixels[at..at + 3]));
            }
        }
        step
    }
}

/// The size of the picture, which the first message of a recording says.
fn size(bytes: &mut Bytes) -> Size {
    bytes.advance(4);
    let damage = usize::from(bytes.get_u16());
    bytes.advance(2 + damage * 8);
    let length = bytes.get_u32() as usize;
    match TileMessage::decode(bytes.split_to(length)) {
        Ok(TileMessage::Picture { width, height, .. }) => {
            Size { width: width.into(), height: height.into() }
        }
        other => panic!("a recording begins with its picture's size, and not with {other:?}"),
    }
}
