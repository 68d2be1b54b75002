//! What every [`Encoder`] must do, as checks any backend can run.

use std::time::Duration;

use rh_capture::{Frame, Pixels, Rect, Size};
use rh_protocol::EncodedFrame;

use crate::{EncodeError, Encoder, annexb};

/// Decodes the access units of one stream, the first of which is a key frame, and returns the size of
/// each picture that came out.
pub type Decode<'a> = &'a dyn Fn(&[EncodedFrame]) -> Vec<Size>;

const SIZE: Size = Size { width: 320, height: 192 };

/// Checks freshly opened encoders against every clause; `decode` is left out where no decoder can
/// read them.
///
/// # Panics
///
/// If a clause is broken.
pub fn check(open: impl Fn() -> Box<dyn Encoder>, decode: Option<Decode<'_>>) {
    nothing_to_show_again_before_the_first_picture(&mut *open());
    only_the_first_and_the_asked_for_are_key_frames(&mut *open());
    times_pass_through_in_order(&mut *open());
    a_new_size_starts_anew(&mut *open());
    a_new_aim_makes_no_key_frame(&mut *open());
    what_is_let_go_of_begins_anew(&mut *open());
    if let Some(decode) = decode {
        every_picture_decodes(&mut *open(), decode);
    }
}

fn nothing_to_show_again_before_the_first_picture(encoder: &mut dyn Encoder) {
    assert_eq!(encoder.again(Duration::ZERO, false), Ok(None));
    assert_eq!(encoder.again(Duration::ZERO, true), Ok(None));
    assert!(show(encoder, 0, SIZE, false).key);
}

fn only_the_first_and_the_asked_for_are_key_frames(encoder: &mut dyn Encoder) {
    for (number, asked) in [(0, false), (1, false), (2, true), (3, false), (4, false)] {
        let encoded = show(encoder, number, SIZE, asked);
        assert_key(&encoded, asked || number == 0);
    }
    for asked in [false, true, false] {
        let encoded =
            encoder.again(Duration::from_secs(1), asked).expect("encodes").expect("a picture");
        assert_key(&encoded, asked);
    }
}

fn times_pass_through_in_order(encoder: &mut dyn Encoder) {
    for number in 0..5 {
        assert_eq!(show(encoder, number, SIZE, number == 3).at, time(number));
    }
    let later = Duration::from_micros(987_654_321);
    assert_eq!(
        encoder.again(later, false).expect("encodes").map(|encoded| encoded.at),
        Some(later)
    );
}

fn a_new_size_starts_anew(encoder: &mut dyn Encoder) {
    let other = Size { width: 162, height: 98 };
    let first = show(encoder, 0, SIZE, false);
    let resized = show(encoder, 1, other, false);
    assert_key(&resized, true);
    assert_ne!(sps(&first), sps(&resized), "a new size needs another parameter set");
    assert_key(&show(encoder, 2, other, false), false);
    assert_key(&show(encoder, 3, SIZE, false), true);
}

fn a_new_aim_makes_no_key_frame(encoder: &mut dyn Encoder) {
    assert_key(&show(encoder, 0, SIZE, false), true);
    for (number, bits_per_second) in [(1, 300_000), (2, 20_000_000), (3, 0), (4, u32::MAX)] {
        encoder.set_bitrate(bits_per_second);
        assert_key(&show(encoder, number, SIZE, false), false);
    }
    for (number, frames_per_second) in [(5, 30), (6, 0), (7, u16::MAX)] {
        encoder.set_frame_rate(frames_per_second);
        assert_key(&show(encoder, number, SIZE, false), false);
    }
}

fn what_is_let_go_of_begins_anew(encoder: &mut dyn Encoder) {
    encoder.release();
    assert_key(&show(encoder, 0, SIZE, false), true);
    encoder.release();
    assert_eq!(encoder.again(time(1), true), Ok(None));
    assert_key(&show(encoder, 2, SIZE, false), true);
    assert_key(&show(encoder, 3, SIZE, false), false);
}

fn every_picture_decodes(encoder: &mut dyn Encoder, decode: Decode<'_>) {
    for size in [SIZE, Size { width: 163, height: 97 }] {
        let mut stream: Vec<_> = (0..4).map(|number| show(encoder, number, size, false)).collect();
        stream.extend(encoder.again(time(4), false).expect("encodes"));
        stream.extend(encoder.again(time(5), true).expect("encodes"));
        let even =
            Size { width: size.width.next_multiple_of(2), height: size.height.next_multiple_of(2) };
        assert_eq!(decode(&stream), vec![even; 6]);
    }
}

/// Encodes a picture with a grid and one square that moves with `number`.
fn show(encoder: &mut dyn Encoder, number: u32, size: Size, key: bool) -> EncodedFrame {
    let mut data = Vec::new();
    for y in 0..size.height {
        for x in 0..size.width {
            let in_square = y < 16 && (number * 16..number * 16 + 16).contains(&x);
            let value = if in_square || x % 8 == 0 || y % 8 == 0 { 20 } else { 230 };
            data.extend_from_slice(&[value, value, 255 - value, 0]);
        }
    }
    let pixels = Pixels::Bgrx { data: &data, stride: size.width as usize * 4 };
    let damage = [Rect { x: 0, y: 0, width: size.width, height: size.height }];
    match encoder.encode(&Frame { size, damage: &damage, at: time(number), pixels }, key) {
        Err(EncodeError::Dropped) => show_dropped(encoder, time(number), key),
        done => done.expect("encodes"),
    }
}

/// Asks again for a picture that was left out to keep the rate: it comes, and soon.
fn show_dropped(encoder: &mut dyn Encoder, at: Duration, key: bool) -> EncodedFrame {
    for wait in 1..=10 {
        match encoder.again(at + Duration::from_millis(100) * wait, key) {
            Err(EncodeError::Dropped) => {}
            done => return done.expect("encodes").expect("a picture"),
        }
    }
    panic!("the picture was left out for good");
}

fn time(number: u32) -> Duration {
    Duration::from_micros(16_667) * number
}

fn assert_key(encoded: &EncodedFrame, key: bool) {
    assert_eq!(encoded.key, key, "whether it is a key frame");
    assert_eq!(annexb::is_entry(&encoded.data), key, "parameter sets and an IDR picture");
}

fn sps(encoded: &EncodedFrame) -> Option<&[u8]> {
    annexb::units(&encoded.data)
        .find(|unit| annexb::NalType::of(unit) == Some(annexb::NalType::Sps))
}
