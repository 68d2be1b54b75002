//! Prints the table in the documentation above, on a quiet machine:
//! `cargo test -p rh-codec --lib -- --ignored --nocapture measure`.

use std::time::{Duration, Instant};

use openh264::decoder::{DecodedYUV, Decoder};
use openh264::formats::YUVSource as _;
use rh_capture::Size;

use super::ffi::{Codec, Parameters, Usage};
use crate::Picture;

#[path = "../../tests/scenes/mod.rs"]
mod scenes;
use scenes::Desktop;

const SIZE: Size = Size { width: 1920, height: 1080 };
const FRAMES: u32 = 40;
/// Quantisers of the pictures that follow the last change, as `rate` chooses them.
const TOP_UPS: [u8; 4] = [28, 24, 20, 20];

type Change = fn(&mut Desktop);

/// What one scene cost.
#[derive(Default)]
struct Cost {
    encoding: Vec<Duration>,
    bytes: usize,
    keys: usize,
    wrong: usize,
    left: usize,
}

#[test]
#[ignore = "takes a minute and asserts nothing"]
fn measure() {
    let scenes: [(&str, Change); 5] = [
        ("typing", Desktop::type_glyph),
        ("grey dots", Desktop::type_dot),
        ("scroll", Desktop::scroll),
        ("drag", Desktop::drag),
        ("film", Desktop::film),
    ];
    println!(
        "| scene | usage | QP | ms | B a picture | keys | wrong in all pictures | after top-ups |"
    );
    for (name, change) in scenes {
        for (usage, background_detection) in
            [(Usage::Camera, false), (Usage::Camera, true), (Usage::Screen, false)]
        {
            for qp in [20, 24, 42] {
                let mut cost = play(usage, background_detection, qp, change);
                cost.encoding.sort_unstable();
                let median = cost.encoding[cost.encoding.len() / 2].as_secs_f64() * 1e3;
                let (bytes, wrong) = (cost.bytes / FRAMES as usize, cost.wrong);
                println!(
                    "| {name} | {usage:?} {background_detection} | {qp} | {median:.1} | {bytes} | {} | {wrong} | {} |",
                    cost.keys, cost.left
                );
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "measures how long encoding takes")]
fn play(usage: Usage, background_detection: bool, qp: u8, change: Change) -> Cost {
    let (width, height) = (SIZE.width as i32, SIZE.height as i32);
    let frames_per_second = 60.0;
    let threads = 1;
    let parameters =
        Parameters { width, height, frames_per_second, threads, usage, background_detection };
    let mut codec = Codec::open(parameters, qp).expect("opens");
    let mut decoder = Decoder::new().expect("a decoder");
    let (mut desktop, mut picture) = (Desktop::new(SIZE), Picture::new(SIZE));
    let mut cost = Cost::default();
    for number in 0..=FRAMES + TOP_UPS.len() as u32 {
        let at = Duration::from_millis(33) * number;
        if (1..=FRAMES).contains(&number) {
            change(&mut desktop);
        }
        if let Some(top_up) = number.checked_sub(FRAMES + 1) {
            codec.set_qp(qp.min(TOP_UPS[top_up as usize])).expect("sets");
        }
        picture.update(&desktop.frame(at)).expect("converts");
        let mut data = Vec::new();
        let start = Instant::now();
        let key = codec.encode(&picture, at, &mut data).expect("encodes");
        let took = start.elapsed();
        let shown = decoder.decode(&data).expect("decodes").expect("shows at once");
        cost.left = wrong_pixels(&shown, &picture);
        if (1..=FRAMES).contains(&number) {
            cost.encoding.push(took);
            cost.bytes += data.len();
            cost.keys += usize::from(key);
            cost.wrong += cost.left;
        }
    }
    cost
}

fn wrong_pixels(shown: &DecodedYUV<'_>, wanted: &Picture) -> usize {
    let rows = wanted.y().chunks(SIZE.width as usize).zip(shown.y().chunks(shown.strides().0));
    let pixels = rows.flat_map(|(wanted, shown)| wanted.iter().zip(shown));
    pixels.filter(|(wanted, shown)| wanted.abs_diff(**shown) > 40).count()
}
