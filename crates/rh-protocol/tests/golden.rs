//! The golden vectors: what each message looks like on the wire, and what is no message.
//!
//! The pages' tests read the same files, so the two languages cannot drift apart.
#![expect(clippy::unwrap_used, reason = "vectors that cannot be read fail the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rh_protocol::{
    FromClient, FromHelper, PointerMove, ToClient, ToHelper, WireError, decode, encode,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The vectors of `name`: what each case is, and its message.
fn golden(name: &str) -> Map<String, Value> {
    read(&format!("tests/golden/{name}.json"))
}

fn read(path: &str) -> Map<String, Value> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Decodes every vector of `name` and encodes it again.
fn reads_and_writes<T: DeserializeOwned + Serialize>(name: &str) {
    for (case, message) in golden(name) {
        let decoded: T = decode(message.to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{name}, {case}: {error}"));
        let encoded: Value = serde_json::from_str(&encode(&decoded)).unwrap();
        assert_eq!(encoded, message, "{name}, {case}");
    }
}

#[test]
fn every_vector_reads_and_writes_back() {
    reads_and_writes::<FromClient>("from_client");
    reads_and_writes::<ToClient>("to_client");
    reads_and_writes::<FromHelper>("from_helper");
    reads_and_writes::<ToHelper>("to_helper");
    reads_and_writes::<PointerMove>("pointer_move");
}

#[test]
fn every_variant_of_every_message_has_a_vector() {
    for name in ["from_client", "to_client", "from_helper", "to_helper"] {
        let known = strings(&Value::Object(read(&format!("schema/{name}.json"))), Some("const"));
        let shown = strings(&Value::Object(golden(name)), None);
        let missing: Vec<_> = known.difference(&shown).collect();
        assert!(!known.is_empty() && missing.is_empty(), "{name}: no vector shows {missing:?}");
    }
}

/// Every string within `value`, or only those under `key`.
fn strings(value: &Value, key: Option<&str>) -> BTreeSet<String> {
    match value {
        Value::String(text) if key.is_none() => BTreeSet::from([text.clone()]),
        Value::Array(items) => items.iter().flat_map(|item| strings(item, key)).collect(),
        Value::Object(fields) => {
            let of_field = |(name, field): (&String, &Value)| match field {
                Value::String(text) if key == Some(name) => BTreeSet::from([text.clone()]),
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Array(_)
                | Value::Object(_) => strings(field, key),
            };
            fields.iter().flat_map(of_field).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => BTreeSet::new(),
    }
}

/// Every invalid vector of `name` is told apart from garbage, so that a receiver can count it.
fn is_unknown<T: DeserializeOwned + std::fmt::Debug>(name: &str) {
    let cases = golden("invalid").remove(name).unwrap();
    for (case, message) in cases.as_object().unwrap() {
        let decoded = decode::<T>(message.to_string().as_bytes());
        assert!(matches!(decoded, Err(WireError::Unknown(_))), "{name}, {case}: {decoded:?}");
    }
}

#[test]
fn what_is_no_message_is_refused_as_a_whole() {
    is_unknown::<FromClient>("from_client");
    is_unknown::<ToClient>("to_client");
    is_unknown::<FromHelper>("from_helper");
    is_unknown::<ToHelper>("to_helper");
    is_unknown::<PointerMove>("pointer_move");
}
