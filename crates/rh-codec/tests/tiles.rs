//! What goes which way, by what happens on the desktop: the chooser's rules on whole traces.

mod scenes;

use std::time::Duration;

use rh_capture::{Rect, Size};
use rh_codec::tiles::{Bgrx, Painter, Parcel, Reason, Receiver, Viewer};
use rh_protocol::tile::{TileMessage, VideoTime};
use rh_protocol::{DisplayId, PeerId};
use scenes::Desktop;

/// No multiple of a block in either direction.
const SIZE: Size = Size { width: 1000, height: 720 };
const TICK: Duration = Duration::from_millis(33);
const FAST: Viewer =
    Viewer { id: PeerId(1), room: 1 << 20, capacity: Some(100_000_000), video: true };

/// A desktop, its painter, and a viewer who gets everything at once.
struct World {
    desktop: Desktop,
    painter: Painter,
    receiver: Receiver,
    viewer: Viewer,
    at: Duration,
    bytes: usize,
}

impl World {
    /// Begins with the picture exact at the viewer's.
    fn new(viewer: Viewer) -> Self {
        let painter = Painter::new(DisplayId(1), SIZE);
        let (desktop, receiver) = (Desktop::new(SIZE), Receiver::default());
        let mut world = Self { desktop, painter, receiver, viewer, at: Duration::ZERO, bytes: 0 };
        world.look();
        world.rest();
        world.assert_exact();
        world.at += Duration::from_secs(5);
        world
    }

    fn look(&mut self) -> Parcel {
        let view =
            Bgrx::new(&self.desktop.pixels, SIZE.width as usize * 4, SIZE).expect("it is whole");
        let parcels = self.painter.look(view, &self.desktop.damage, self.at, &[self.viewer]);
        self.take(parcels)
    }

    fn take(&mut self, parcels: Vec<Parcel>) -> Parcel {
        let [parcel] = <[Parcel; 1]>::try_from(parcels).expect("one viewer, one parcel");
        self.bytes = 0;
        for message in &parcel.messages {
            self.receiver.take(message).expect("it makes sense");
            self.bytes += message.encoded_len();
        }
        if parcel.video {
            self.receiver.present(VideoTime::since_zero(self.at));
        }
        parcel
    }

    /// The desktop changes a tick later.
    fn step(&mut self, change: impl FnOnce(&mut Desktop)) -> Parcel {
        self.at += TICK;
        change(&mut self.desktop);
        self.look()
    }

    /// Nothing changes until everything is exact; how long that takes.
    fn rest(&mut self) -> Duration {
        let begin = self.at;
        while let Some(at) = self.painter.deadline() {
            self.at = self.at.max(at) + Duration::from_millis(1);
            let parcels = self.painter.tend(self.at, &[self.viewer]);
            self.take(parcels);
        }
        self.at - begin
    }

    fn assert_exact(&self) {
        let pixels = self.desktop.pixels.chunks_exact(4).enumerate();
        for (at, pixel) in pixels {
            let (x, y) = (at as u32 % SIZE.width, at as u32 / SIZE.width);
            assert_eq!(
                self.receiver.pixel(x as u16, y as u16),
                Some([pixel[0], pixel[1], pixel[2]])
            );
        }
    }
}

fn copies(parcel: &Parcel) -> usize {
    parcel.messages.iter().filter(|it| matches!(it, TileMessage::Copy { .. })).count()
}

#[test]
fn typing_is_exact_at_once_and_small() {
    let mut world = World::new(FAST);
    for _ in 0..60 {
        let parcel = world.step(Desktop::type_glyph);
        assert!(!parcel.video && world.bytes < 700, "{} bytes", world.bytes);
        // Now and then a letter is typed over itself.
        let still = parcel.messages.is_empty();
        assert_eq!(parcel.reason, if still { Reason::Still } else { Reason::Exact });
        world.assert_exact();
    }
}

#[test]
fn typing_is_exact_even_if_the_budget_is_spent() {
    let mut world = World::new(Viewer { capacity: Some(1000), ..FAST });
    for _ in 0..30 {
        assert!(!world.step(Desktop::type_glyph).video);
        world.assert_exact();
    }
}

#[test]
fn scrolling_is_a_copy_and_what_came_into_view() {
    let mut world = World::new(FAST);
    for _ in 0..40 {
        let parcel = world.step(Desktop::scroll);
        assert_eq!((copies(&parcel), parcel.reason, parcel.video), (1, Reason::Moved, false));
        assert!(world.bytes < 15_000, "{} bytes", world.bytes);
        world.assert_exact();
    }
}

/// What scrolls while the video still has it is won back: it only moves.
#[test]
fn scrolling_that_began_as_video_becomes_a_copy() {
    let mut world = World::new(FAST);
    let film = |step| {
        move |desktop: &mut Desktop| {
            desktop.film_in_a_window(step);
        }
    };
    assert!((0..12).map(|step| world.step(film(step))).last().is_some_and(|it| it.video));
    let last = (0..40).map(|_| world.step(Desktop::scroll)).last().expect("a last one");
    assert_eq!((copies(&last), last.reason, last.video), (1, Reason::Moved, false));
    assert!(world.bytes < 15_000, "{} bytes", world.bytes);
    world.assert_exact();
}

/// The same after a film that took the whole picture, as soon as the network carries the text.
#[test]
fn a_text_that_follows_a_film_is_won_back_while_it_scrolls() {
    let mut world = World::new(Viewer { capacity: Some(6_000_000), room: 1 << 15, ..FAST });
    assert!((0..30).map(|_| world.step(Desktop::film)).last().is_some_and(|it| it.video));
    world.step(|desktop| (0..45).for_each(|_| desktop.scroll()));
    let video = (0..90).map(|_| world.step(Desktop::scroll).video);
    let late = video.filter(|video| *video).count();
    assert!(late < 60, "{late} of 90 pictures need video");
    world.assert_exact();
}

#[test]
fn a_dragged_window_is_a_copy() {
    let mut world = World::new(FAST);
    world.step(Desktop::drag);
    for _ in 0..20 {
        let parcel = world.step(Desktop::drag);
        assert_eq!((copies(&parcel), parcel.video), (1, false), "{:?}", parcel.reason);
        world.assert_exact();
    }
}

#[test]
fn a_film_goes_to_video_and_is_exact_when_it_rests() {
    let mut world = World::new(FAST);
    let reasons: Vec<_> = (0..20).map(|_| world.step(Desktop::film)).collect();
    assert!(reasons[8..].iter().all(|it| it.video && it.reason == Reason::Motion));
    assert!(reasons[8..].iter().all(|it| it.messages.is_empty()));
    assert!(world.rest() < Duration::from_millis(500));
    world.assert_exact();
    assert!(!world.step(Desktop::type_glyph).video);
}

/// A clock that goes on where a film was does not keep the video going.
#[test]
fn the_little_that_goes_on_after_a_film_is_won_back() {
    let mut world = World::new(FAST);
    assert!((0..20).map(|_| world.step(Desktop::film)).last().is_some_and(|it| it.video));
    let ticker = |shade: u8| {
        move |desktop: &mut Desktop| {
            let rows = desktop.pixels.chunks_mut(SIZE.width as usize * 4).take(20);
            rows.for_each(|row| row[..80].fill(shade));
            desktop.damage = vec![Rect { x: 0, y: 0, width: 20, height: 20 }];
        }
    };
    let parcels: Vec<_> = (0..40).map(|n| world.step(ticker(n * 5))).collect();
    assert!(parcels[20..].iter().all(|it| !it.video), "{:?}", parcels.last());
    world.assert_exact();
}

#[test]
fn a_slide_is_exact_within_half_a_second() {
    let mut world = World::new(FAST);
    for _ in 0..3 {
        world.at += Duration::from_secs(3);
        world.step(|desktop| (0..9).for_each(|_| desktop.scroll()));
        assert!(world.rest() < Duration::from_millis(500));
        world.assert_exact();
    }
}

/// Typing stays exact beside a film that is video.
#[test]
fn a_film_beside_typing_takes_its_own_area_only() {
    let mut world = World::new(FAST);
    for step in 0..40 {
        let (mut window, mut glyph) = (None, None);
        let parcel = world.step(|desktop| {
            window = Some(desktop.film_in_a_window(step));
            desktop.type_glyph();
            glyph = Some(desktop.damage[0]);
            desktop.damage.extend(window);
        });
        let glyph = glyph.expect("it was typed");
        let (x, y) = (glyph.x as u16, glyph.y as u16);
        assert!(world.receiver.pixel(x, y).is_some(), "typed text is painted");
        // Beside it there are corners of the film too small to tell from letters.
        assert!(step < 8 || parcel.video && world.bytes < 2500, "{} bytes", world.bytes);
    }
    world.rest();
    world.assert_exact();
}

#[test]
fn a_viewer_without_video_gets_tiles_alone() {
    let mut world = World::new(Viewer { video: false, ..FAST });
    for _ in 0..10 {
        let parcel = world.step(Desktop::film);
        assert!(!parcel.video && matches!(parcel.reason, Reason::NoVideo | Reason::Moved));
    }
    world.rest();
    world.assert_exact();
}

/// S-48: who reads nothing costs nothing, and gets the newest when it reads again.
#[test]
fn a_full_channel_gets_nothing_and_the_newest_later() {
    let mut world = World::new(FAST);
    world.viewer.room = 0;
    for _ in 0..20 {
        assert_eq!(world.step(Desktop::type_glyph).messages, []);
        assert_eq!(world.step(Desktop::film).messages, []);
    }
    world.viewer.room = 1 << 20;
    world.rest();
    world.assert_exact();
}

/// B-14: where little fits at a time, it takes many looks, and not many times the bytes.
#[test]
fn what_had_to_wait_is_sent_once() {
    let mut world = World::new(FAST);
    world.viewer.video = false;
    let page = |desktop: &mut Desktop| (0..60).for_each(|_| desktop.scroll());
    world.step(page);
    let whole = world.bytes;
    world.viewer.room = 8_192;
    world.step(page);
    let mut sent = world.bytes;
    while let Some(at) = world.painter.deadline() {
        world.at = world.at.max(at) + Duration::from_millis(1);
        let parcels = world.painter.tend(world.at, &[world.viewer]);
        world.take(parcels);
        sent += world.bytes;
    }
    world.assert_exact();
    assert!(sent < whole * 3 / 2, "{sent} bytes of {whole}");
}

/// What rests is repaired from where the pointer is outwards, and within what the network carries.
#[test]
fn a_slow_network_is_not_filled_with_repairs() {
    let mut world = World::new(Viewer { capacity: Some(2_000_000), ..FAST });
    (0..20).for_each(|_| drop(world.step(Desktop::film)));
    world.painter.point_at(900, 600);
    let begin = world.at;
    let mut sent = 0;
    while world.receiver.pixel(910, 610).is_none() {
        let at = world.painter.deadline().expect("there is more to come");
        world.at = world.at.max(at) + Duration::from_millis(1);
        let parcels = world.painter.tend(world.at, &[world.viewer]);
        world.take(parcels);
        sent += world.bytes;
    }
    assert!(world.at - begin < Duration::from_millis(400));
    assert!(sent < 200_000, "{sent} bytes");
    let passed = world.rest().as_secs_f64();
    assert!(passed > 0.5, "the network takes its time");
    world.assert_exact();
}

#[test]
fn damage_that_changed_nothing_sends_nothing() {
    let mut world = World::new(FAST);
    world.desktop.damage = vec![Rect::whole(SIZE)];
    let parcel = world.step(|_| ());
    assert_eq!((parcel.messages, parcel.reason), (vec![], Reason::Still));
    assert_eq!(world.painter.deadline(), None);
}

#[test]
fn somebody_new_gets_the_whole_while_others_go_on() {
    let mut world = World::new(FAST);
    let late = Viewer { id: PeerId(2), ..FAST };
    world.desktop.type_glyph();
    let view =
        Bgrx::new(&world.desktop.pixels, SIZE.width as usize * 4, SIZE).expect("it is whole");
    let viewers = [world.viewer, late];
    let mut parcels = world.painter.look(view, &world.desktop.damage, world.at, &viewers);
    let new = parcels.pop().expect("a parcel each");
    assert!(matches!(new.messages[0], TileMessage::Picture { .. }));
    world.take(parcels);
    assert!(world.bytes < 700);
    world.receiver = Receiver::default();
    world.take(vec![new]);
    world.viewer = late;
    world.rest();
    world.assert_exact();
}

/// What several are sent is coded once: they are sent the very same bytes.
#[test]
fn tiles_are_coded_once_for_all() {
    let mut world = World::new(FAST);
    let viewers = [1, 2, 3].map(|id| Viewer { id: PeerId(id), ..FAST });
    let mut look = |at| {
        world.desktop.type_glyph();
        let view =
            Bgrx::new(&world.desktop.pixels, SIZE.width as usize * 4, SIZE).expect("it is whole");
        world.painter.look(view, &world.desktop.damage, world.at + at, &viewers)
    };
    look(TICK);
    let parcels = look(TICK * 2);
    let tiles = |parcel: &Parcel| -> Vec<*const u8> {
        let data = parcel.messages.iter().filter_map(|it| match it {
            TileMessage::Tile { data, .. } => Some(data.as_ptr()),
            TileMessage::Picture { .. } | TileMessage::Copy { .. } | TileMessage::Video { .. } => {
                None
            }
        });
        data.collect()
    };
    assert!(!tiles(&parcels[0]).is_empty());
    assert!(parcels.iter().all(|parcel| tiles(parcel) == tiles(&parcels[0])));
}
