//! The golden vectors of coded pixels, which the pages' tests read as well.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rh_capture::{Rect, Size};
use rh_codec::tiles::{Bgrx, code, decode};
use rh_protocol::tile::{Coding, TileMessage, VideoTime};
use serde::Deserialize;

/// Pixels as they are, and as QOI chunks.
#[derive(Deserialize)]
struct Vector {
    width: u16,
    height: u16,
    rgb: String,
    chunks: String,
}

fn vectors() -> BTreeMap<String, Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rh-protocol/tests/golden");
    let text = fs::read_to_string(folder.join("tile_pixels.json")).expect("the vectors are there");
    serde_json::from_str(&text).expect("the vectors can be read")
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    (0..hex.len()).step_by(2).map(byte).collect()
}

#[test]
fn every_vector_is_coded_and_decoded_as_it_says() {
    for (case, vector) in vectors() {
        let pixels: Vec<u8> =
            bytes(&vector.rgb).chunks(3).flat_map(|it| [it[2], it[1], it[0], 255]).collect();
        let chunks = bytes(&vector.chunks);
        let decoded = decode(Coding::Qoi, &chunks, vector.width, vector.height);
        assert_eq!(decoded.as_deref(), Some(&*pixels), "{case}");

        let size = Size { width: vector.width.into(), height: vector.height.into() };
        let picture = Bgrx::new(&pixels, size.width as usize * 4, size).expect("it is whole");
        let tiles = code(picture, Rect::whole(size), VideoTime(0), Coding::Qoi);
        let [TileMessage::Tile { data, .. }] = &*tiles else { panic!("{case}: {tiles:?}") };
        assert_eq!(**data, *chunks, "{case}");
    }
}
