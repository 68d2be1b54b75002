//! The hardware of a Mac against the contract: the proof that only a Mac can give.
#![cfg(target_os = "macos")]

mod decoded;

use std::time::Duration;

use openh264::decoder::Decoder;
use openh264::formats::YUVSource as _;
use rh_capture::{Frame, Pixels, Rect, Size};
use rh_codec::{Backend, Encoder, Settings, annexb, contract};
use rh_protocol::EncodedFrame;

fn open() -> Box<dyn Encoder> {
    Backend::VideoToolbox.open(Settings::default()).expect("a Mac with a hardware encoder")
}

/// Encodes one picture of which all pixels have `value`.
fn grey(encoder: &mut dyn Encoder, size: Size, value: u8, damage: &[Rect]) -> EncodedFrame {
    let data = vec![value; size.width as usize * size.height as usize * 4];
    let pixels = Pixels::Bgrx { data: &data, stride: size.width as usize * 4 };
    encoder.encode(&Frame { size, damage, at: Duration::ZERO, pixels }, false).expect("encodes")
}

#[test]
fn keeps_the_contract() {
    contract::check(open, Some(&decoded::sizes));
}

/// What the browser is offered: constrained baseline, or a baseline that says no more (ITU-T H.264,
/// A.2.1), with parameter sets at the head.
#[test]
fn the_profile_is_baseline() {
    let encoded = grey(&mut *open(), Size { width: 1920, height: 1080 }, 77, &[]);
    assert!(encoded.key && annexb::is_entry(&encoded.data));
    let sps = annexb::units(&encoded.data)
        .find(|unit| annexb::NalType::of(unit) == Some(annexb::NalType::Sps))
        .expect("a sequence parameter set");
    assert_eq!(sps[1], 66, "profile_idc");
}

/// Grey comes out as BT.709 limited range makes it, on the whole picture and where it changed.
#[test]
fn what_changed_is_shown_in_its_colour() {
    let size = Size { width: 640, height: 480 };
    let mut encoder = open();
    let mut decoder = Decoder::new().expect("a decoder");
    let first = grey(&mut *encoder, size, 200, &[]);
    let half = [Rect { x: 0, y: 0, width: 320, height: 480 }];
    let second = grey(&mut *encoder, size, 40, &half);
    decoder.decode(&first.data).expect("decodes");
    let picture = decoder.decode(&second.data).expect("decodes").expect("a picture");
    let row = 240 * picture.strides().0;
    let (left, right) = (picture.y()[row + 100], picture.y()[row + 540]);
    assert!(left.abs_diff(50) < 6, "{left}");
    assert!(right.abs_diff(188) < 6, "{right}");
}
