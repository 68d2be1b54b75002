//! openh264 against the contract, at the sizes that displays have.

mod decoded;
mod scenes;

use std::time::Duration;

use openh264::decoder::Decoder;
use openh264::formats::YUVSource as _;
use rh_capture::{Frame, Pixels, Rect, Size};
use rh_codec::{Backend, EncodeError, Encoder, Settings, annexb, contract};
use rh_protocol::EncodedFrame;

fn open() -> Box<dyn Encoder> {
    Backend::OpenH264.open(Settings::default()).expect("openh264 works everywhere")
}

fn grey(encoder: &mut dyn Encoder, size: Size) -> Result<EncodedFrame, EncodeError> {
    let data = vec![77; size.width as usize * size.height as usize * 4];
    let pixels = Pixels::Bgrx { data: &data, stride: size.width as usize * 4 };
    let damage = [Rect { x: 0, y: 0, width: size.width, height: size.height }];
    encoder.encode(&Frame { size, damage: &damage, at: Duration::ZERO, pixels }, false)
}

#[test]
fn keeps_the_contract() {
    contract::check(open, Some(&decoded::sizes));
}

#[test]
fn displays_of_any_usual_size_are_shown_whole() {
    for (width, height) in
        [(16, 16), (17, 33), (1366, 768), (1367, 769), (5120, 1440), (2160, 3840)]
    {
        let encoded = grey(&mut *open(), Size { width, height }).expect("encodes");
        let even = Size { width: width.next_multiple_of(2), height: height.next_multiple_of(2) };
        assert_eq!(decoded::sizes(&[encoded]), [even]);
    }
}

/// A display beyond what openh264 takes is shown all the same, smaller.
#[test]
fn displays_beyond_the_limit_are_shown_smaller() {
    for (width, height, shown) in [
        (5120, 2880, (2560, 1440)),
        (2880, 5120, (1440, 2560)),
        (3842, 2161, (1922, 1082)),
        (7680, 4320, (3840, 2160)),
    ] {
        let encoded = grey(&mut *open(), Size { width, height }).expect("encodes");
        assert_eq!(decoded::sizes(&[encoded]), [Size { width: shown.0, height: shown.1 }]);
    }
}

/// The last resort on a slow network: each change of scale is a key frame, and nothing is lost with it.
#[test]
fn a_halved_video_begins_anew_and_comes_back() {
    let mut encoder = open();
    let mut shown = |halved: bool, size: Size| {
        encoder.set_halved(halved);
        let encoded = grey(&mut *encoder, size).expect("encodes");
        (encoded.key, encoded.key.then(|| decoded::sizes(&[encoded])[0]))
    };
    let (full, half) = (Size { width: 640, height: 360 }, Size { width: 320, height: 180 });
    assert_eq!(shown(false, full), (true, Some(full)));
    assert_eq!(shown(true, full), (true, Some(half)));
    assert_eq!(shown(true, full), (false, None));
    assert_eq!(shown(false, full), (true, Some(full)));
    let tiny = Size { width: 600, height: 20 };
    assert_eq!(shown(true, tiny), (true, Some(tiny)));
}

#[test]
fn sizes_that_cannot_be_coded_are_refused_plainly() {
    for (width, height) in [(15, 600), (800, 1), (u32::MAX, 16), (65_536, 64)] {
        let data = vec![0; 64];
        let pixels = Pixels::Bgrx { data: &data, stride: 64 };
        let frame = Frame { size: Size { width, height }, damage: &[], at: Duration::ZERO, pixels };
        let error = open().encode(&frame, false).expect_err("cannot be coded");
        assert!(matches!(error, EncodeError::Size { .. }), "{error}");
    }
}

/// After a picture that was refused the next one is shown whole, whatever its damage says.
#[test]
fn nothing_is_lost_with_a_refused_picture() {
    let mut encoder = open();
    let size = Size { width: 64, height: 64 };
    grey(&mut *encoder, size).expect("encodes");
    let pixels = Pixels::Bgrx { data: &[0; 64], stride: 256 };
    let damage = [Rect { x: 0, y: 0, width: 64, height: 64 }];
    let short = Frame { size, damage: &damage, at: Duration::ZERO, pixels };
    assert!(matches!(encoder.encode(&short, false), Err(EncodeError::Codec { .. })));

    let data = vec![200; 64 * 64 * 4];
    let pixels = Pixels::Bgrx { data: &data, stride: 256 };
    let next = Frame { size, damage: &[], at: Duration::ZERO, pixels };
    let encoded = encoder.encode(&next, false).expect("encodes");
    assert!(encoded.key);
    let mut decoder = Decoder::new().expect("a decoder");
    let picture = decoder.decode(&encoded.data).expect("decodes").expect("a picture");
    assert!(picture.y()[0].abs_diff(188) < 5, "{}", picture.y()[0]);
}

/// What the browser is offered: constrained baseline (ITU-T H.264, A.2.1.1).
#[test]
fn the_profile_is_constrained_baseline() {
    let encoded = grey(&mut *open(), Size { width: 640, height: 480 }).expect("encodes");
    let sps = annexb::units(&encoded.data).next().expect("a unit");
    assert_eq!(sps[..2], [0x67, 66]);
    assert_eq!(sps[2] & 0xc0, 0xc0, "constraint_set0 and 1");
}

/// A film with a panning camera is all change and yet no key frames.
#[test]
fn a_film_is_not_all_key_frames_and_keeps_its_rate() {
    let settings = Settings { bits_per_second: 1_000_000, ..Settings::default() };
    let mut encoder = Backend::OpenH264.open(settings).expect("opens");
    let mut desktop = scenes::Desktop::new(Size { width: 640, height: 480 });
    let mut bytes = 0;
    for frame in 0..90 {
        desktop.film();
        let at = Duration::from_millis(frame * 33);
        let encoded = encoder.encode(&desktop.frame(at), false).expect("encodes");
        assert_eq!(encoded.key, frame == 0);
        bytes += encoded.data.len();
    }
    assert!(bytes < 2 * 375_000, "{bytes} bytes in three seconds at 1 Mbit/s");
}
