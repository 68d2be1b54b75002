//! What a request is answered when it is not carried out.

use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rh_policy::AuthContext;
use rh_protocol::policy::ReasonCode;
use rh_records::RecordError;
use schemars::JsonSchema;
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
    /// The tenant's rules do not allow it; the codes of the reasons.
    Denied(Vec<ReasonCode>),
    /// The tenant's rules ask for a stronger sign-in first.
    StepUp(AuthContext),
    /// It is the other way round by now, or would leave nobody to change it back; what to do.
    Conflict(&'static str),
    /// This service keeps no records.
    NoRecords,
    /// The store of records does not answer.
    Records,
    /// It cannot be recorded, so it is not done.
    NotRecorded,
    /// Nodes of the service did not answer; which, and what to do.
    Nodes(String),
    /// The identity provider refused, or does not answer; the word says which.
    Provider(&'static str),
}

/// A failure, as it is answered.
#[derive(JsonSchema, Serialize)]
pub(super) struct Failed {
    /// A word for programs.
    error: &'static str,
    /// A sentence for people who write programs.
    message: String,
    /// Why the tenant's rules do not allow it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<ReasonCode>,
    /// The authentication context that the tenant's rules ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    context: Option<AuthContext>,
}

impl Failure {
    fn status_and_word(&self) -> (StatusCode, &'static str) {
        match self {
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "signed_out"),
            Self::Origin => (StatusCode::FORBIDDEN, "origin"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Malformed(status, _) => (*status, "malformed"),
            Self::Provider(word) => (StatusCode::BAD_GATEWAY, word),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Denied(_) => (StatusCode::FORBIDDEN, "denied"),
            Self::StepUp(_) => (StatusCode::FORBIDDEN, "step_up"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            Self::NoRecords => (StatusCode::NOT_FOUND, "no_records"),
            Self::Records => (StatusCode::SERVICE_UNAVAILABLE, "records"),
            Self::NotRecorded => (StatusCode::SERVICE_UNAVAILABLE, "not_recorded"),
            Self::Nodes(_) => (StatusCode::SERVICE_UNAVAILABLE, "nodes"),
        }
    }

    fn message(&self) -> &str {
        match self {
            Self::SignedOut => "sign in first",
            Self::Origin => {
                "a browser must send the Origin of the service's own pages, an agent none"
            }
            Self::NotFound => "there is no such thing",
            Self::Malformed(_, message) | Self::Nodes(message) => message,
            Self::Provider(_) => "the identity provider gave no sign-in",
            Self::Busy => "try again later",
            Self::Denied(_) => "the rules of your organisation do not allow this",
            Self::StepUp(_) => "make a stronger sign-in with this authentication context first",
            Self::Conflict(what) => what,
            Self::NoRecords => "this service keeps no records; start it with --records",
            Self::Records => "the store of records does not answer; try again later",
            Self::NotRecorded => "this cannot be recorded now, so it was not done; try again later",
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let ((status, error), message) = (self.status_and_word(), self.message().to_owned());
        let (reasons, context) = match self {
            Self::Denied(reasons) => (reasons, None),
            Self::StepUp(context) => (Vec::new(), Some(context)),
            Self::SignedOut
            | Self::Origin
            | Self::NotFound
            | Self::Malformed(..)
            | Self::Provider(_)
            | Self::Busy
            | Self::Conflict(_)
            | Self::NoRecords
            | Self::Records
            | Self::NotRecorded
            | Self::Nodes(_) => (Vec::new(), None),
        };
        (status, Json(Failed { error, message, reasons, context })).into_response()
    }
}

impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Self {
        Self::Malformed(rejection.status(), rejection.body_text())
    }
}

impl From<BytesRejection> for Failure {
    fn from(rejection: BytesRejection) -> Self {
        Self::Malformed(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Failure {
    fn from(rejection: QueryRejection) -> Self {
        Self::Malformed(rejection.status(), rejection.body_text())
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        tracing::error!(alarm = "records", "the records cannot be read: {error}");
        Self::Records
    }
}
