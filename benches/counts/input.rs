//! The loop of every event of the helper's: read, mapped, guarded.

use std::hint::black_box;

use rh_input::Guard;
use rh_protocol::{Display, DisplayId, FromHelper, InputEvent, Point, decode, encode};

use crate::nowhere::Nowhere;
use crate::{Loop, Named};

pub(crate) const LOOPS: &[Named] = &[("input_move", input_move)];

const MAIN: DisplayId = DisplayId(1);

/// A stroke of the pointer, of a hundred events.
fn input_move() -> Loop {
    let name = "main".to_owned();
    let (width, height) = (1920, 1080);
    let mut guard = Guard::new(Nowhere);
    guard.show(&Display { id: MAIN, name, x: 0, y: 0, width, height, scale: 1.0, primary: true });
    let message = |seq: u32| {
        let at = Point::new(MAIN, seq as f32 / 100.0, 0.5).expect("a share");
        encode(&FromHelper::Input { seq, event: InputEvent::Move { at } })
    };
    let messages: Vec<String> = (0..100).map(message).collect();
    Box::new(move || {
        for json in &messages {
            if let Ok(FromHelper::Input { event, .. }) = decode(black_box(json.as_bytes())) {
                guard.inject(&event).expect("nothing fails there");
            }
        }
    })
}
