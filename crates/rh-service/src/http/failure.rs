//! What a request is answered when it is not carried out.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Why a request is not carried out; its JSON is `{"error": "<word>", "message": "<text>"}`.
#[derive(Debug)]
pub(super) enum Failure {
    /// Nobody is signed in.
    SignedOut,
    /// The request comes from a page of another origin, or from no page where one must be.
    Origin,
    /// No such path, person or picture.
    NotFound,
    /// The body or the request is not what was expected.
    Malformed(StatusCode, String),
    /// No room.
    Busy,
    /// The identity provider refused, or does not answer; the word says which.
    Provider(&'static str),
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
    message: String,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, error, message) = match self {
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "signed_out", "sign in first".to_owned()),
            Self::Origin => (
                StatusCode::FORBIDDEN,
                "origin",
                "a browser must send the Origin of the service's own pages, an agent none"
                    .to_owned(),
            ),
            Self::NotFound => {
                (StatusCode::NOT_FOUND, "not_found", "there is no such thing".to_owned())
            }
            Self::Malformed(status, message) => (status, "malformed", message),
            Self::Provider(word) => {
                (StatusCode::BAD_GATEWAY, word, "the identity provider gave no sign-in".to_owned())
            }
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "try again later".to_owned()),
        };
        (status, Json(Body { error, message })).into_response()
    }
}
