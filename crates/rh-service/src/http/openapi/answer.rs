//! What handlers answer.

use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::json;

use super::operation::Operation;
use crate::http::Failure;
use crate::http::failure::Failed;

/// The result of a handler.
pub(in crate::http) trait Answer {
    /// Says what comes back.
    fn answer(schemas: &mut SchemaGenerator, operation: &mut Operation);
}

/// Answers with bytes that are not JSON.
pub(in crate::http) struct Bytes;

/// Sends elsewhere.
pub(in crate::http) struct Redirection;

/// Becomes a WebSocket.
pub(in crate::http) struct Upgrade;

impl<T: Answer> Answer for Result<T, Failure> {
    fn answer(schemas: &mut SchemaGenerator, operation: &mut Operation) {
        T::answer(schemas, operation);
        let failed = schemas.subschema_for::<Failed>().to_value();
        operation.answer("default", "It was not done", Some(("application/json", failed)));
    }
}

impl<T: JsonSchema> Answer for Json<T> {
    fn answer(schemas: &mut SchemaGenerator, operation: &mut Operation) {
        let schema = schemas.subschema_for::<T>().to_value();
        operation.answer("200", "What was asked for", Some(("application/json", schema)));
    }
}

/// The same body with one of several statuses.
impl<T: JsonSchema> Answer for (StatusCode, Json<T>) {
    fn answer(schemas: &mut SchemaGenerator, operation: &mut Operation) {
        Json::<T>::answer(schemas, operation);
        let schema = schemas.subschema_for::<T>().to_value();
        operation.answer("503", "Not now", Some(("application/json", schema)));
    }
}

impl Answer for StatusCode {
    fn answer(_: &mut SchemaGenerator, operation: &mut Operation) {
        operation.answer("204", "It is done", None);
    }
}

impl Answer for &'static str {
    fn answer(_: &mut SchemaGenerator, operation: &mut Operation) {
        let text = json!({ "type": "string" });
        operation.answer("200", "What was asked for", Some(("text/plain", text)));
    }
}

/// Anything: whoever adds such a route says what.
impl Answer for Response {
    fn answer(_: &mut SchemaGenerator, _: &mut Operation) {}
}

impl Answer for Bytes {
    fn answer(_: &mut SchemaGenerator, operation: &mut Operation) {
        operation.answer(
            "200",
            "What was asked for",
            Some(("application/octet-stream", json!({}))),
        );
    }
}

impl Answer for Redirection {
    fn answer(_: &mut SchemaGenerator, operation: &mut Operation) {
        operation.answer("303", "Where to go on", None);
    }
}

impl Answer for Upgrade {
    fn answer(_: &mut SchemaGenerator, operation: &mut Operation) {
        operation.answer("101", "The WebSocket begins", None);
    }
}
