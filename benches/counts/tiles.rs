//! The loops of the exact path: comparing, finding moves, coding, the wire, and all of it undone.

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use rh_capture::{Rect, Size};
use rh_codec::tiles::{Bgrx, Painter, Receiver, Viewer, code, find_moves};
use rh_protocol::tile::{Area, Coding, TileMessage, VideoTime};
use rh_protocol::{DisplayId, PeerId};

use crate::picture::{GLYPH, SIZE};
use crate::scenes::Desktop;
use crate::{Loop, Named};

pub(crate) const LOOPS: &[Named] = &[
    ("compare_whole", || compare(Rect::whole(SIZE))),
    ("compare_glyph", || compare(GLYPH)),
    ("look_typing", || look(Desktop::type_glyph)),
    ("look_scroll", || look(Desktop::scroll)),
    ("look_film", || look(Desktop::film)),
    ("find_scroll", || find(Desktop::scroll)),
    ("find_drag", || find(Desktop::drag)),
    ("find_film", || find(Desktop::film)),
    ("qoi_text", || coding(|_| (), Coding::Qoi)),
    ("qoi_film", || coding(Desktop::film, Coding::Qoi)),
    ("deflate_text", || coding(|_| (), Coding::DeflatedQoi)),
    ("wire_write", wire_write),
    ("wire_read", wire_read),
    ("receive_text", || receive(Coding::Qoi)),
    ("receive_deflated", || receive(Coding::DeflatedQoi)),
    ("receive_copy", receive_copy),
];

/// What is coded and decoded: a window's worth, since every pixel of it costs the same.
const WINDOW: Size = Size { width: 640, height: 480 };

type Change = fn(&mut Desktop);

fn view(desktop: &Desktop) -> Bgrx<'_> {
    whole(&desktop.pixels, desktop.size)
}

fn whole(pixels: &[u8], size: Size) -> Bgrx<'_> {
    Bgrx::new(pixels, size.width as usize * 4, size).expect("it is whole")
}

/// Damage that changed no pixel.
fn compare(damage: Rect) -> Loop {
    let desktop = Desktop::new(SIZE);
    let mut painter = Painter::new(DisplayId(1), SIZE);
    let at = Duration::from_secs(1);
    painter.look(view(&desktop), &desktop.damage, at, &[]);
    Box::new(move || {
        black_box(painter.look(view(&desktop), black_box(&[damage]), at, &[]));
    })
}

/// The whole of a look, once all before it is painted: finding moves, comparing, choosing, coding.
fn look(change: Change) -> Loop {
    let mut desktop = Desktop::new(SIZE);
    let viewer = Viewer { id: PeerId(1), room: 1 << 20, capacity: Some(400_000_000), video: true };
    let mut painter = Painter::new(DisplayId(1), SIZE);
    let mut at = Duration::ZERO;
    painter.look(view(&desktop), &desktop.damage, at, &[viewer]);
    while let Some(next) = painter.deadline() {
        at = at.max(next) + Duration::from_millis(33);
        painter.tend(at, &[viewer]);
    }
    change(&mut desktop);
    at += Duration::from_millis(33);
    Box::new(move || {
        black_box(painter.look(view(&desktop), &desktop.damage, at, &[viewer]));
    })
}

fn find(change: Change) -> Loop {
    let mut desktop = Desktop::new(SIZE);
    (0..2).for_each(|_| change(&mut desktop));
    let before = desktop.pixels.clone();
    change(&mut desktop);
    Box::new(move || {
        let area = desktop.damage[0];
        black_box(find_moves(whole(&before, SIZE), view(&desktop), area, true));
    })
}

fn coding(change: Change, coding: Coding) -> Loop {
    let mut desktop = Desktop::new(WINDOW);
    change(&mut desktop);
    Box::new(move || {
        black_box(all(&desktop, coding));
    })
}

fn all(desktop: &Desktop, coding: Coding) -> Vec<TileMessage> {
    code(view(desktop), black_box(Rect::whole(WINDOW)), VideoTime(0), coding)
}

/// The tiles of a window of text.
fn text(coding: Coding) -> Vec<TileMessage> {
    all(&Desktop::new(WINDOW), coding)
}

/// A line of text, a tile to each of eighty glyphs.
fn glyphs() -> Vec<TileMessage> {
    let desktop = Desktop::new(WINDOW);
    let places = (0..80).map(|column| Rect { x: column * 8, y: 0, width: 8, height: 16 });
    places.flat_map(|it| code(view(&desktop), it, VideoTime(0), Coding::Qoi)).collect()
}

fn wire_write() -> Loop {
    let tiles = glyphs();
    Box::new(move || {
        tiles.iter().for_each(|tile| drop(black_box(tile.encode())));
    })
}

fn wire_read() -> Loop {
    let coded: Vec<Bytes> = glyphs().iter().map(TileMessage::encode).collect();
    Box::new(move || {
        for bytes in &coded {
            black_box(TileMessage::decode(bytes.clone())).expect("it was encoded here");
        }
    })
}

/// A receiver of an empty picture.
fn receiver() -> Receiver {
    let (width, height) = (WINDOW.width as u16, WINDOW.height as u16);
    let picture = TileMessage::Picture { display: DisplayId(1), at: VideoTime(0), width, height };
    let mut receiver = Receiver::default();
    receiver.take(&picture).expect("a picture fits");
    receiver
}

fn receive(coding: Coding) -> Loop {
    let (tiles, mut receiver) = (text(coding), receiver());
    Box::new(move || {
        tiles.iter().for_each(|tile| receiver.take(tile).expect("it fits"));
    })
}

/// What scrolled by a line, from where it was.
fn receive_copy() -> Loop {
    let mut receiver = receiver();
    for tile in text(Coding::Qoi) {
        receiver.take(&tile).expect("it fits");
    }
    let (width, height) = (WINDOW.width as u16, WINDOW.height as u16 - 16);
    let (from, area) = ((0, 16), Area { x: 0, y: 0, width, height });
    let copy = TileMessage::Copy { at: VideoTime(1), from, area };
    Box::new(move || receiver.take(black_box(&copy)).expect("its source is painted"))
}
