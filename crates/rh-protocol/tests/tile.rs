//! The binary messages beside the video: golden vectors, and bytes from strangers.
//!
//! The pages' tests read the same vectors, so the two languages cannot drift apart.
#![expect(clippy::unwrap_used, reason = "vectors that cannot be read fail the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use rh_protocol::tile::{Area, Coding, TileError, TileMessage, VideoTime};
use rh_protocol::{DisplayId, limits};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A message as bytes and in words.
#[derive(Deserialize)]
struct Vector {
    hex: String,
    message: Value,
}

fn golden<T: DeserializeOwned>(name: &str) -> BTreeMap<String, T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn bytes(hex: &str) -> Bytes {
    let digit = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(digit).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A message in words, as the vectors have it.
fn described(message: &TileMessage) -> Value {
    let list = |it: &Area| json!([it.x, it.y, it.width, it.height]);
    match message {
        TileMessage::Picture { display, at, width, height } => json!({
            "kind": "picture", "display": display.0, "at": at.0, "width": width, "height": height,
        }),
        TileMessage::Tile { coding, at, area, data } => json!({
            "kind": "tile", "coding": coding_name(*coding), "at": at.0, "area": list(area),
            "data": hex(data),
        }),
        TileMessage::Copy { at, from, area } => {
            json!({ "kind": "copy", "at": at.0, "from": [from.0, from.1], "area": list(area) })
        }
        TileMessage::Video { at, areas } => {
            let areas: Vec<_> = areas.iter().map(list).collect();
            json!({ "kind": "video", "at": at.0, "areas": areas })
        }
    }
}

fn coding_name(coding: Coding) -> &'static str {
    match coding {
        Coding::Qoi => "qoi",
        Coding::DeflatedQoi => "deflated_qoi",
    }
}

#[test]
fn every_vector_reads_and_writes_back() {
    for (case, vector) in golden::<Vector>("tile.json") {
        let message = TileMessage::decode(bytes(&vector.hex));
        let message = message.unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(described(&message), vector.message, "{case}");
        assert_eq!(hex(&message.encode()), vector.hex, "{case}");
    }
}

#[test]
fn every_kind_and_coding_has_a_vector() {
    let vectors: Vec<_> = golden::<Vector>("tile.json").into_values().collect();
    let names = |key: &str| -> BTreeSet<String> {
        vectors.iter().filter_map(|it| it.message[key].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(names("kind"), ["copy", "picture", "tile", "video"].map(str::to_owned).into());
    assert_eq!(names("coding"), ["deflated_qoi", "qoi"].map(str::to_owned).into());
}

#[test]
fn what_is_no_message_is_refused() {
    for (case, hex) in golden::<String>("tile_invalid.json") {
        let read = TileMessage::decode(bytes(&hex));
        assert!(read.is_err(), "{case}: {read:?}");
    }
}

#[test]
fn the_longest_message_is_read_and_a_longer_one_is_not() {
    let tile = |len| TileMessage::Tile {
        coding: Coding::Qoi,
        at: VideoTime(0),
        area: Area { x: 0, y: 0, width: 100, height: 100 },
        data: Bytes::from(vec![0; len]),
    };
    let longest = tile(limits::TILE_BYTES - limits::TILE_HEAD_BYTES);
    assert_eq!(longest.encode().len(), limits::TILE_BYTES);
    assert_eq!(TileMessage::decode(longest.encode()), Ok(longest));
    let longer = tile(limits::TILE_BYTES - limits::TILE_HEAD_BYTES + 1).encode();
    assert_eq!(TileMessage::decode(longer), Err(TileError::TooLong(limits::TILE_BYTES + 1)));
}

#[test]
fn the_clock_wraps_and_later_stays_later() {
    assert_eq!(VideoTime::since_zero(Duration::from_secs(2)), VideoTime(180_000));
    assert_eq!(VideoTime::since_zero(Duration::from_secs(47_722)), VideoTime(12_704));
    let (before, after) = (VideoTime(u32::MAX - 5), VideoTime(3));
    assert!(after.reaches(before) && !before.reaches(after) && after.reaches(after));
}

fn area() -> impl Strategy<Value = Area> {
    (0..u16::MAX, 0..u16::MAX).prop_flat_map(|(x, y)| {
        (1..=u16::MAX - x, 1..=u16::MAX - y).prop_map(move |(width, height)| Area {
            x,
            y,
            width,
            height,
        })
    })
}

fn message() -> impl Strategy<Value = TileMessage> {
    let time = || any::<u32>().prop_map(VideoTime);
    let coding = prop_oneof![Just(Coding::Qoi), Just(Coding::DeflatedQoi)];
    prop_oneof![
        (any::<u32>(), time(), 1_u16.., 1_u16..).prop_map(|(display, at, width, height)| {
            TileMessage::Picture { display: DisplayId(display), at, width, height }
        }),
        (coding, time(), area(), vec(any::<u8>(), 1..64)).prop_map(|(coding, at, area, data)| {
            TileMessage::Tile { coding, at, area, data: data.into() }
        }),
        (time(), area(), any::<u16>(), any::<u16>()).prop_map(|(at, area, x, y)| {
            let from = (x.min(u16::MAX - area.width), y.min(u16::MAX - area.height));
            TileMessage::Copy { at, from, area }
        }),
        (time(), vec(area(), 1..20)).prop_map(|(at, areas)| TileMessage::Video { at, areas }),
    ]
}

proptest! {
    #[test]
    fn a_message_comes_through(message in message()) {
        let bytes = message.encode();
        prop_assert_eq!(bytes.len(), message.encoded_len());
        prop_assert_eq!(TileMessage::decode(bytes), Ok(message));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(kind in 0_u8..6, bytes in vec(any::<u8>(), 0..64)) {
        let bytes: Bytes = [&[kind], &*bytes].concat().into();
        if let Ok(message) = TileMessage::decode(bytes.clone()) {
            prop_assert_eq!(message.encode(), bytes);
        }
    }

    #[test]
    fn a_message_cut_short_is_none_but_for_a_tile(message in message(), cut: prop::sample::Index) {
        let bytes = message.encode();
        let read = TileMessage::decode(bytes.slice(..cut.index(bytes.len())));
        let tile = matches!(read, Ok(TileMessage::Tile { .. }));
        prop_assert!(read.is_err() || tile);
    }
}
