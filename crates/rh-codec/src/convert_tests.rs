//! What the conversion keeps: colours, edges, and everything outside a damaged rectangle.

use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn pixels(size: Size, seed: u32) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..size.width * size.height * 4).map(|_| next()).collect()
}

fn frame<'a>(size: Size, data: &'a [u8], damage: &'a [Rect]) -> Frame<'a> {
    let pixels = Pixels::Bgrx { data, stride: size.width as usize * 4 };
    Frame { size, damage, at: Duration::ZERO, pixels }
}

fn whole(size: Size) -> [Rect; 1] {
    [Rect { x: 0, y: 0, width: size.width, height: size.height }]
}

fn picture(size: Size, data: &[u8]) -> Picture {
    let mut picture = Picture::new(size);
    picture.update(&frame(size, data, &whole(size))).expect("converts");
    picture
}

/// Copies `rect` of `from` into `to`, as a program that paints would.
fn paint(to: &mut [u8], from: &[u8], size: Size, rect: Rect) {
    for row in rect.y..rect.y + rect.height {
        let start = ((row * size.width + rect.x) * 4) as usize;
        let end = start + rect.width as usize * 4;
        to[start..end].copy_from_slice(&from[start..end]);
    }
}

fn any_rect(size: Size) -> impl Strategy<Value = Rect> {
    (0..size.width, 0..size.height).prop_flat_map(move |(x, y)| {
        (1..=size.width - x, 1..=size.height - y).prop_map(move |(width, height)| Rect {
            x,
            y,
            width,
            height,
        })
    })
}

fn any_case() -> impl Strategy<Value = (Size, Vec<Rect>)> {
    (1..300_u32, 1..60_u32).prop_flat_map(|(width, height)| {
        let size = Size { width, height };
        (Just(size), proptest::collection::vec(any_rect(size), 0..8))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Converting damage by damage ends in the picture that converting the whole gives.
    #[test]
    fn damage_by_damage_is_the_whole((size, damage) in any_case(), seed: u32) {
        let mut screen = pixels(size, seed);
        let painted = pixels(size, seed.wrapping_add(77));
        let mut incremental = picture(size, &screen);

        for rect in &damage {
            paint(&mut screen, &painted, size, *rect);
        }
        incremental.update(&frame(size, &screen, &damage)).expect("converts");

        prop_assert!(incremental == picture(size, &screen));
    }

    /// A rectangle that claims more than the display has, as a broken backend might send, is cut.
    #[test]
    fn hostile_rectangles_are_cut(x: u32, y: u32, width: u32, height: u32) {
        let size = Size { width: 37, height: 21 };
        let screen = pixels(size, 5);
        let mut picture = picture(size, &screen);
        let before = picture.clone();
        picture.update(&frame(size, &screen, &[Rect { x, y, width, height }])).expect("converts");
        prop_assert!(picture == before);
    }
}

#[test]
fn pixels_outside_the_damage_are_not_read_again() {
    let size = Size { width: 640, height: 64 };
    let before = picture(size, &pixels(size, 1));
    let mut after = before.clone();
    let rect = Rect { x: 130, y: 11, width: 3, height: 3 };

    after.update(&frame(size, &pixels(size, 2), &[rect])).expect("converts");

    for (at, (old, new)) in before.y().iter().zip(after.y()).enumerate() {
        let (x, y) = (at % 640, at / 640);
        assert!(old == new || (128..192).contains(&x) && (10..14).contains(&y), "{x},{y}");
    }
    assert_ne!(before.y(), after.y());
}

#[test]
fn odd_sides_show_the_last_column_and_row_twice() {
    let size = Size { width: 5, height: 3 };
    let picture = picture(size, &pixels(size, 9));

    assert_eq!(picture.coded(), Size { width: 6, height: 4 });
    for row in 0..3 {
        assert_eq!(picture.y()[row * 6 + 4], picture.y()[row * 6 + 5]);
    }
    assert_eq!(picture.y()[12..18], picture.y()[18..24]);
}

/// Colours whose BT.709 limited-range values are known (ITU-R BT.709-6, 3.4 and 3.5).
#[test]
fn colours_are_bt709_limited() {
    let size = Size { width: 64, height: 2 };
    for (bgr, [y, u, v]) in [
        ([255, 255, 255], [235, 128, 128]),
        ([0, 0, 0], [16, 128, 128]),
        ([0, 0, 255], [63, 102, 240]),
        ([0, 255, 0], [173, 42, 26]),
        ([255, 0, 0], [32, 240, 118]),
    ] {
        let data = [bgr[0], bgr[1], bgr[2], 0].repeat(128);
        let picture = picture(size, &data);
        for (is, should) in [(picture.y()[0], y), (picture.u()[0], u), (picture.v()[0], v)] {
            assert!(u8::abs_diff(is, should) <= 1, "{bgr:?}: {is} instead of {should}");
        }
    }
}

#[test]
fn a_frame_that_lies_about_its_size_is_refused() {
    let size = Size { width: 16, height: 16 };
    let mut picture = Picture::new(size);
    let short = vec![0; 16 * 16 * 4 - 1];
    assert!(picture.update(&frame(size, &short, &whole(size))).is_err());
    let other = Size { width: 8, height: 16 };
    assert!(picture.update(&frame(other, &short, &whole(other))).is_err());
}
