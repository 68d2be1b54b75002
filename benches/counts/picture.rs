//! The loops that every picture goes through on its way to video.

use std::hint::black_box;
use std::time::Duration;

use rh_capture::{Rect, Size};
use rh_codec::{Backend, Picture, Settings};

use crate::scenes::Desktop;
use crate::{Loop, Named};

pub(crate) const SIZE: Size = Size { width: 1920, height: 1080 };
pub(crate) const GLYPH: Rect = Rect { x: 400, y: 528, width: 8, height: 16 };

pub(crate) const LOOPS: &[Named] = &[
    ("convert_whole", || convert(Rect::whole(SIZE))),
    ("convert_glyph", || convert(GLYPH)),
    ("encode_typing", encode_typing),
];

/// BGRX to the planes that an encoder reads.
fn convert(damage: Rect) -> Loop {
    let mut desktop = Desktop::new(SIZE);
    desktop.damage = vec![damage];
    let mut picture = Picture::new(SIZE);
    Box::new(move || {
        picture.update(black_box(&desktop.frame(Duration::ZERO))).expect("converts");
    })
}

/// One glyph through the encoder, on its one thread.
fn encode_typing() -> Loop {
    let settings = Settings { threads: 1, ..Settings::default() };
    let mut encoder = Backend::OpenH264.open(settings).expect("openh264 works everywhere");
    let mut desktop = Desktop::new(SIZE);
    encoder.encode(&desktop.frame(Duration::ZERO), true).expect("encodes");
    desktop.type_glyph();
    Box::new(move || {
        let frame = desktop.frame(Duration::from_millis(33));
        black_box(encoder.encode(&frame, false).expect("encodes"));
    })
}
