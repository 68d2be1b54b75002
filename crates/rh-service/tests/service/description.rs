//! The description of the HTTP interface, and whether it is true.

use std::path::Path;

use reqwest::StatusCode;
use rh_service::openapi;
use serde_json::Value;

use crate::support::service;

fn described() -> Value {
    serde_json::from_str(&openapi()).unwrap()
}

/// Everybody can read it without running anything; it is made anew with
/// `cargo run -p rh-service -- openapi > crates/rh-service/openapi.json`.
#[test]
fn the_committed_description_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(
        committed == described(),
        "run `cargo run -p rh-service -- openapi > crates/rh-service/openapi.json`"
    );
}

/// Every place that something refers to.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|it| references(it, found)),
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|it| references(it, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let described = described();
    let mut found = Vec::new();
    references(&described, &mut found);
    assert!(found.len() > 10);
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("within the document");
        assert!(described.pointer(pointer).is_some(), "{reference}");
    }
}

/// What acts says what it takes and that somebody must be signed in; what is for administrators
/// is for nobody else.
#[test]
fn every_operation_says_who_may_and_what_comes_back() {
    let described = described();
    let paths = described["paths"].as_object().unwrap();
    assert!(paths.len() >= 25, "{}", paths.len());
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            assert!(!responses.is_empty(), "{method} {path}");
            let signed_in = operation.get("security").is_some();
            assert!(signed_in || !path.contains("/admin/"), "{method} {path}");
            let named = path.matches('{').count();
            let parameters = operation["parameters"].as_array();
            let in_path = parameters.into_iter().flatten().filter(|it| it["in"] == "path").count();
            assert_eq!(in_path, named, "{method} {path}");
        }
    }
}

/// Served as it is committed.
#[tokio::test]
async fn the_description_is_served() {
    let server = service().await;
    let answer = reqwest::get(format!("{}/api/openapi.json", server.origin())).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.json::<Value>().await.unwrap(), described());
}
