//! What a smaller picture keeps: where everything is, and its colours.

use std::time::Duration;

use proptest::prelude::*;
use rh_capture::{Frame, Pixels};

use super::*;
use crate::Picture;

/// Lets `picture` take in what of `data` has changed.
fn show(picture: &mut Picture, size: Size, data: &[u8], damage: &[Rect]) {
    let pixels = Pixels::Bgrx { data, stride: size.width as usize * 4 };
    picture.update(&Frame { size, damage, at: Duration::ZERO, pixels }).expect("converts");
}

fn shrunk(size: Size, data: &[u8], halvings: u32) -> Picture {
    let mut picture = Picture::shrunk(size, halvings);
    show(&mut picture, size, data, &[Rect::whole(size)]);
    picture
}

fn noise(size: Size, seed: u32) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..size.area() * 4).map(|_| next()).collect()
}

trait Area {
    fn area(&self) -> u32;
}

impl Area for Size {
    fn area(&self) -> u32 {
        self.width * self.height
    }
}

fn any_case() -> impl Strategy<Value = (Size, u32, Rect)> {
    (2..300_u32, 2..60_u32, 1..4_u32).prop_flat_map(|(width, height, halvings)| {
        let rect = (0..width, 0..height, 1..width, 1..height)
            .prop_map(|(x, y, width, height)| Rect { x, y, width, height });
        (Just(Size { width, height }), Just(halvings), rect)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Taking in what changed ends in the picture that taking in the whole gives.
    #[test]
    fn damage_is_enough((size, halvings, rect) in any_case(), seed: u32) {
        let (old, mut new) = (noise(size, seed), noise(size, seed));
        let right = (rect.x + rect.width).min(size.width);
        for y in rect.y..(rect.y + rect.height).min(size.height) {
            let at = |x: u32| (y * size.width + x) as usize * 4;
            new[at(rect.x)..at(right)].fill(seed as u8);
        }
        let mut picture = shrunk(size, &old, halvings);
        show(&mut picture, size, &new, &[rect]);
        prop_assert!(picture == shrunk(size, &new, halvings));
    }

    /// The quick way and the plain way are one.
    #[test]
    fn pixels_are_averages((half, halvings, _) in any_case(), seed: u32) {
        let size = Size { width: half.width << halvings, height: half.height << halvings };
        let data = noise(size, seed);
        let shrink = Shrink { from: size, to: half, halvings };
        let mut small = Vec::new();
        shrink.bgrx(&data, size.width as usize * 4, Rect::whole(half), &mut small);
        for (at, byte) in small.iter().enumerate() {
            let (pixel, byte_of) = (at / 4, at % 4);
            let (x, y) = (pixel as u32 % half.width, pixel as u32 / half.width);
            let side = 1_u32 << halvings;
            let square = (0..side * side).map(|n| {
                let (x, y) = ((x << halvings) + n % side, (y << halvings) + n / side);
                u32::from(data[(y * size.width + x) as usize * 4 + byte_of])
            });
            prop_assert_eq!(u32::from(*byte), (square.sum::<u32>() + side * side / 2) / side / side);
        }
    }
}

/// What the helper points at is where it is seen: a mark is where its place in the larger picture says.
#[test]
fn everything_is_where_it_was() {
    for size in [(640, 480), (683, 385), (1367, 769)].map(|(width, height)| Size { width, height })
    {
        for share in [0.0, 0.31, 0.77, 0.99] {
            let at = |side: u32| (f64::from(side) * share) as u32;
            let (x, y) = (at(size.width), at(size.height));
            let mut data = vec![0; size.area() as usize * 4];
            let start = (y * size.width + x) as usize * 4;
            data[start..start + 4].fill(255);
            let picture = shrunk(size, &data, 1);
            let brightest = (0..picture.y().len()).max_by_key(|at| picture.y()[*at]).expect("any");
            let wide = picture.coded().width as usize;
            let shown = |at: usize, side: u32, coded: u32| {
                (at as f64 + 0.5) * f64::from(side) / f64::from(coded)
            };
            let shown_x = shown(brightest % wide, size.width, picture.coded().width);
            let shown_y = shown(brightest / wide, size.height, picture.coded().height);
            let near = |shown: f64, at: u32| (shown - f64::from(at) - 0.5).abs() <= 1.5;
            assert!(near(shown_x, x) && near(shown_y, y), "{size:?} {x} {y}: {shown_x} {shown_y}");
        }
    }
}

#[test]
fn colours_survive_in_both_layouts() {
    let size = Size { width: 202, height: 98 };
    let data = [40, 90, 200, 0].repeat(size.area() as usize);
    let small = shrunk(size, &data, 1);
    let mut large = Picture::new(size);
    show(&mut large, size, &data, &[Rect::whole(size)]);
    assert_eq!(small.coded(), Size { width: 102, height: 50 });
    let first = |it: &Picture| [it.y()[0], it.u()[0], it.v()[0]];
    assert_eq!(first(&small), first(&large));

    let (luma, chroma) = (vec![77; 202 * 98], [60, 190].repeat(101 * 49));
    let pixels =
        Pixels::Nv12 { luma: &luma, luma_stride: 202, chroma: &chroma, chroma_stride: 202 };
    let mut planes = Picture::shrunk(size, 2);
    let damage = [Rect::whole(size)];
    planes.update(&Frame { size, damage: &damage, at: Duration::ZERO, pixels }).expect("converts");
    assert_eq!(planes.coded(), Size { width: 52, height: 26 });
    assert!(planes.y().iter().all(|it| *it == 77));
    assert!(planes.u().iter().all(|it| *it == 60) && planes.v().iter().all(|it| *it == 190));
}
