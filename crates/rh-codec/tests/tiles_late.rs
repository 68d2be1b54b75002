//! Whatever is late, lost or out of order, nothing older is ever shown over something newer, and at
//! rest everybody has the sharer's picture.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use rh_capture::{Rect, Size};
use rh_codec::tiles::{Bgrx, Painter, Parcel, Receiver, Viewer};
use rh_protocol::tile::{TileMessage, VideoTime};
use rh_protocol::{DisplayId, PeerId};

const SIZE: Size = Size { width: 150, height: 101 };
/// The clock wraps soon.
const BEGIN: Duration = Duration::from_secs(47_721);

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// A rectangle gets new pixels of its own, plain or not.
    Change(Rect, bool),
    /// The picture scrolls.
    Scroll(u32),
    /// A window of this extent is dragged from one place to another.
    Drag((u32, u32), (u32, u32), (u32, u32)),
    /// Time passes and nothing changes.
    Wait(u64),
    /// A viewer's channel takes so many bytes from now on.
    Room(usize, usize),
    /// A viewer gets so many messages.
    Deliver(usize, usize),
    /// A viewer is presented one of the frames under way.
    Present(usize, usize),
    /// One of a viewer's frames is lost.
    Lose(usize, usize),
}

/// A viewer and what is on its way to it.
struct Far {
    viewer: Viewer,
    receiver: Receiver,
    /// The receiver as it will be.
    shadow: Receiver,
    /// Messages with the capture that they came with, and whether they take back from video.
    messages: VecDeque<(TileMessage, usize, bool)>,
    frames: Vec<usize>,
    presented: Option<usize>,
    /// The earliest capture that each pixel may show.
    since: Vec<usize>,
}

struct World {
    painter: Painter,
    at: Duration,
    /// The picture after each capture, and when that was.
    truth: Vec<(Vec<u8>, Duration)>,
    far: [Far; 2],
    random: u32,
}

impl Far {
    fn new(id: u32, video: bool) -> Self {
        let viewer = Viewer { id: PeerId(id), room: 1 << 16, capacity: Some(8_000_000), video };
        let since = vec![0; (SIZE.width * SIZE.height) as usize];
        let (receiver, shadow) = (Receiver::default(), Receiver::default());
        let (messages, frames, presented) = (VecDeque::new(), Vec::new(), None);
        Self { viewer, receiver, shadow, messages, frames, presented, since }
    }

    fn send(&mut self, parcel: Parcel, capture: usize) {
        for message in parcel.messages {
            let takes_back = match &message {
                TileMessage::Tile { area, .. } | TileMessage::Copy { area, .. } => {
                    !self.shadow.is_painted(*area)
                }
                TileMessage::Picture { .. } | TileMessage::Video { .. } => false,
            };
            self.shadow.take(&message).expect("what is sent makes sense");
            self.messages.push_back((message, capture, takes_back));
        }
        if parcel.video && self.frames.last() != Some(&capture) {
            self.frames.push(capture);
        }
    }

    /// Presents a frame under way; those before it never will be. None overtakes a message that
    /// takes an area back from video: no receiver could know of it.
    fn present(&mut self, which: usize, truth: &[(Vec<u8>, Duration)]) {
        let back = self.messages.iter().find(|it| it.2).map_or(usize::MAX, |it| it.1);
        let ready: Vec<_> = self.frames.iter().copied().filter(|it| *it <= back).collect();
        let Some(&frame) = ready.get(which % ready.len().max(1)) else { return };
        self.frames.retain(|it| *it > frame);
        self.presented = Some(frame);
        self.receiver.present(VideoTime::since_zero(truth[frame].1));
    }

    fn shown(&self, at: usize, truth: &[(Vec<u8>, Duration)]) -> Option<[u8; 3]> {
        let (x, y) = (at as u32 % SIZE.width, at as u32 / SIZE.width);
        let video = || self.presented.map(|frame| pixel(&truth[frame].0, at));
        self.receiver.pixel(x as u16, y as u16).or_else(video)
    }

    /// Every pixel shows what it showed before or what came later.
    fn check(&mut self, truth: &[(Vec<u8>, Duration)]) {
        for at in 0..self.since.len() {
            let Some(shown) = self.shown(at, truth) else { continue };
            let fits = (self.since[at]..truth.len()).find(|it| pixel(&truth[*it].0, at) == shown);
            self.since[at] = fits.unwrap_or_else(|| panic!("pixel {at} shows the past"));
        }
    }
}

impl World {
    fn new() -> Self {
        let painter = Painter::new(DisplayId(1), SIZE);
        let truth = vec![(vec![0; (SIZE.width * SIZE.height * 4) as usize], BEGIN)];
        let far = [Far::new(1, true), Far::new(2, false)];
        let mut world = Self { painter, at: BEGIN, truth, far, random: 1 };
        world.change(Rect::whole(SIZE), false);
        world
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Change(rect, plain) => self.change(rect, plain),
            Step::Scroll(by) => self.scroll(by),
            Step::Drag(window, from, to) => self.drag(window, from, to),
            Step::Wait(millis) => {
                self.at += Duration::from_millis(millis);
                let parcels = self.painter.tend(self.at, &self.viewers());
                self.send(parcels);
            }
            Step::Room(who, room) => self.far[who].viewer.room = room,
            Step::Deliver(who, count) => self.deliver(who, count),
            Step::Present(who, which) => {
                self.far[who].present(which, &self.truth);
                self.far[who].check(&self.truth);
            }
            Step::Lose(who, which) => {
                let frames = &mut self.far[who].frames;
                if !frames.is_empty() {
                    frames.remove(which % frames.len());
                }
            }
        }
    }

    fn viewers(&self) -> [Viewer; 2] {
        [self.far[0].viewer, self.far[1].viewer]
    }

    fn change(&mut self, rect: Rect, plain: bool) {
        let mut pixels = self.newest().to_vec();
        self.random = self.random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let own = self.random;
        for y in rect.y..rect.y + rect.height {
            for x in rect.x..rect.x + rect.width {
                let noise =
                    if plain { own } else { (x ^ y << 9 ^ own).wrapping_mul(2_654_435_761) };
                let at = ((y * SIZE.width + x) * 4) as usize;
                pixels[at..at + 4].copy_from_slice(&(noise ^ noise >> 15).to_be_bytes());
            }
        }
        self.look(pixels, rect);
    }

    fn scroll(&mut self, by: u32) {
        let mut pixels = self.newest().to_vec();
        pixels.copy_within((by * SIZE.width * 4) as usize.., 0);
        self.look(pixels, Rect::whole(SIZE));
    }

    fn drag(&mut self, (width, height): (u32, u32), from: (u32, u32), to: (u32, u32)) {
        let before = self.newest();
        let mut pixels = before.to_vec();
        let place = |(x, y): (u32, u32), row: u32| (((y + row) * SIZE.width + x) * 4) as usize;
        for row in 0..height {
            let (from, to) = (place(from, row), place(to, row));
            let bytes = width as usize * 4;
            pixels[to..to + bytes].copy_from_slice(&before[from..from + bytes]);
        }
        let rect = |(x, y): (u32, u32)| Rect { x, y, width, height };
        self.look(pixels, rect(from).union(rect(to)));
    }

    fn newest(&self) -> &[u8] {
        &self.truth.last().expect("there is a first one").0
    }

    fn look(&mut self, pixels: Vec<u8>, damage: Rect) {
        self.at += Duration::from_millis(20);
        let view = Bgrx::new(&pixels, SIZE.width as usize * 4, SIZE).expect("it is whole");
        let parcels = self.painter.look(view, &[damage], self.at, &self.viewers());
        self.truth.push((pixels, self.at));
        self.send(parcels);
    }

    fn send(&mut self, parcels: Vec<Parcel>) {
        let capture = self.truth.len() - 1;
        for (far, parcel) in self.far.iter_mut().zip(parcels) {
            assert_eq!(far.viewer.id, parcel.to);
            far.send(parcel, capture);
        }
    }

    fn deliver(&mut self, who: usize, count: usize) {
        for _ in 0..count {
            let far = &mut self.far[who];
            let Some((message, ..)) = far.messages.pop_front() else { return };
            far.receiver.take(&message).expect("what is sent makes sense");
            far.check(&self.truth);
        }
    }

    /// Nothing changes any more and all channels drain.
    fn rest(&mut self) {
        self.far.iter_mut().for_each(|far| far.viewer.room = 1 << 16);
        for _ in 0..100 {
            self.run(Step::Wait(160));
            (0..2).for_each(|who| self.deliver(who, usize::MAX));
        }
        assert_eq!(self.painter.deadline(), None, "there is nothing left to do");
    }
}

fn pixel(picture: &[u8], at: usize) -> [u8; 3] {
    [picture[at * 4], picture[at * 4 + 1], picture[at * 4 + 2]]
}

fn step() -> impl Strategy<Value = Step> {
    let rect = (0..SIZE.width, 0..SIZE.height, 1_u32..90, 1_u32..60).prop_map(|(x, y, w, h)| {
        Rect { x, y, width: w.min(SIZE.width - x), height: h.min(SIZE.height - y) }
    });
    prop_oneof![
        6 => (rect, any::<bool>()).prop_map(|(rect, plain)| Step::Change(rect, plain)),
        2 => any::<bool>().prop_map(|plain| Step::Change(Rect::whole(SIZE), plain)),
        3 => (1_u32..30).prop_map(Step::Scroll),
        4 => (70_u32..110, 50_u32..80).prop_flat_map(|(width, height)| {
            let place = || (0..=SIZE.width - width, 0..=SIZE.height - height);
            (place(), place()).prop_map(move |(from, to)| Step::Drag((width, height), from, to))
        }),
        2 => (1_u64..200).prop_map(Step::Wait),
        1 => (0_usize..2, prop_oneof![Just(0), Just(20), 0..70_000_usize]).prop_map(|(who, room)| Step::Room(who, room)),
        6 => (0_usize..2, 1_usize..9).prop_map(|(who, count)| Step::Deliver(who, count)),
        5 => (0_usize..2, 0_usize..4).prop_map(|(who, which)| Step::Present(who, which)),
        1 => (0_usize..2, 0_usize..4).prop_map(|(who, which)| Step::Lose(who, which)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_older_is_shown_over_something_newer(steps in vec(step(), 1..70)) {
        let mut world = World::new();
        for step in steps {
            world.run(step);
        }
        world.rest();
        for far in &world.far {
            for at in 0..(SIZE.width * SIZE.height) as usize {
                let exact = Some(pixel(world.newest(), at));
                let (x, y) = (at as u32 % SIZE.width, at as u32 / SIZE.width);
                prop_assert_eq!(far.receiver.pixel(x as u16, y as u16), exact);
            }
        }
    }
}
