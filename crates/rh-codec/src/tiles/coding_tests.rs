//! Pixels come out as they went in, in messages that are never too long.

use proptest::collection::vec;
use proptest::prelude::*;
use rh_capture::{Rect, Size};
use rh_protocol::limits::TILE_BYTES;
use rh_protocol::tile::{Coding, TileMessage, VideoTime};

use super::{Bgrx, code, decode};

/// The BGR of every pixel of `rect`, as `tiles` have it.
fn decoded(tiles: &[TileMessage], rect: Rect) -> Vec<[u8; 3]> {
    let mut out = vec![[0; 3]; rect.area() as usize];
    let mut seen = 0;
    for tile in tiles {
        let TileMessage::Tile { coding, area, data, .. } = tile else { panic!("{tile:?}") };
        assert!(tile.encoded_len() <= TILE_BYTES);
        let pixels = decode(*coding, data, area.width, area.height).expect("it is sound");
        for (at, pixel) in pixels.chunks_exact(4).enumerate() {
            let x = u32::from(area.x) + at as u32 % u32::from(area.width) - rect.x;
            let y = u32::from(area.y) + at as u32 / u32::from(area.width) - rect.y;
            out[(y * rect.width + x) as usize] = [pixel[0], pixel[1], pixel[2]];
            seen += 1;
        }
    }
    assert_eq!(seen, rect.area(), "each pixel once");
    out
}

fn bgr(data: &[u8], stride: usize, rect: Rect) -> Vec<[u8; 3]> {
    let places = (rect.y..rect.y + rect.height)
        .flat_map(|y| (rect.x..rect.x + rect.width).map(move |x| (x, y)));
    let at = |(x, y): (u32, u32)| y as usize * stride + x as usize * 4;
    places.map(at).map(|at| [data[at], data[at + 1], data[at + 2]]).collect()
}

/// Few colours make runs and hits in the index, small steps make differences.
fn pixels(count: usize) -> impl Strategy<Value = Vec<u8>> {
    let pixel = prop_oneof![
        4 => Just([0, 0, 0]), 4 => Just([255, 255, 255]), 2 => Just([254, 255, 0]),
        2 => [126_u8..130, 126..130, 126..130], 2 => [90_u8..150, 90..150, 90..150], 1 => any::<[u8; 3]>(),
    ];
    vec((pixel, any::<u8>()), count)
        .prop_map(|it| it.into_iter().flat_map(|([b, g, r], x)| [b, g, r, x]).collect())
}

proptest! {
    #[test]
    fn every_pixel_comes_through(
        data in pixels(24 * 11), x in 0_u32..20, y in 0_u32..11, w in 1_u32..=20, h in 1_u32..=11,
        deflate: bool,
    ) {
        // A stride of 24 pixels for a picture of 20.
        let size = Size { width: 20, height: 11 };
        let rect = Rect { x, y, width: w.min(20 - x), height: h.min(11 - y) };
        let picture = Bgrx::new(&data, 96, size).unwrap();
        let coding = if deflate { Coding::DeflatedQoi } else { Coding::Qoi };
        let tiles = code(picture, rect, VideoTime(7), coding);
        prop_assert_eq!(decoded(&tiles, rect), bgr(&data, 96, rect));
    }

    #[test]
    fn any_bytes_are_decoded_without_a_panic(
        data in vec(any::<u8>(), 0..200), width in 1_u16..20, height in 1_u16..20,
    ) {
        for coding in [Coding::Qoi, Coding::DeflatedQoi] {
            let pixels = decode(coding, &data, width, height);
            let whole = usize::from(width) * usize::from(height) * 4;
            prop_assert!(pixels.is_none_or(|it| it.len() == whole));
        }
    }
}

/// Noise is the worst case: four bytes and more a pixel, whatever the width.
#[test]
fn no_message_is_too_long_and_nothing_is_lost_in_between() {
    let mut random = 1_u32;
    let mut noise = || {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 13) as u8
    };
    for (width, height) in [(1, 40_000), (9000, 9), (333, 222)] {
        let data: Vec<u8> = (0..width * height * 4).map(|_| noise()).collect();
        let (size, stride) = (Size { width, height }, width as usize * 4);
        let picture = Bgrx::new(&data, stride, size).unwrap();
        for coding in [Coding::Qoi, Coding::DeflatedQoi] {
            let tiles = code(picture, Rect::whole(size), VideoTime(0), coding);
            assert!(tiles.len() > 1);
            assert_eq!(decoded(&tiles, Rect::whole(size)), bgr(&data, stride, Rect::whole(size)));
        }
    }
}

#[test]
fn plain_pixels_are_one_short_message() {
    let (data, size) = (vec![200; 640 * 480 * 4], Size { width: 640, height: 480 });
    let picture = Bgrx::new(&data, 640 * 4, size).unwrap();
    let tiles = |coding| code(picture, Rect::whole(size), VideoTime(0), coding);
    let [plain, deflated] = [Coding::Qoi, Coding::DeflatedQoi].map(tiles);
    assert!(plain.len() == 1 && plain[0].encoded_len() < 5200);
    assert!(deflated.len() == 1 && deflated[0].encoded_len() < 100);
}

/// A deflate stream that grows beyond the tile is refused, not taken in.
#[test]
fn a_stream_that_grows_too_large_is_refused() {
    let (data, size) = (vec![9; 640 * 480 * 4], Size { width: 640, height: 480 });
    let picture = Bgrx::new(&data, 640 * 4, size).unwrap();
    let tiles = code(picture, Rect::whole(size), VideoTime(0), Coding::DeflatedQoi);
    let TileMessage::Tile { coding, data, .. } = &tiles[0] else { panic!("{tiles:?}") };
    assert_eq!(decode(*coding, data, 8, 8), None);
    assert!(decode(*coding, data, 640, 480).is_some());
}

#[test]
fn pixels_that_are_not_there_are_no_picture() {
    let data = [0; 4 * 4 * 3];
    let size = |width, height| Size { width, height };
    assert!(Bgrx::new(&data, 16, size(4, 3)).is_some());
    assert!(Bgrx::new(&data[..44], 16, size(3, 3)).is_some(), "the last row may end early");
    assert!(Bgrx::new(&data[..43], 16, size(3, 3)).is_none());
    assert!(Bgrx::new(&data, 12, size(4, 3)).is_none());
    assert!(Bgrx::new(&data, 16, size(0, 3)).is_none());
    assert!(Bgrx::new(&data, usize::MAX, size(1, 3)).is_none());
}
