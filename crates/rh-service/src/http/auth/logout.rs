//! Where a provider says that a session is over (OpenID Connect Back-Channel Logout 1.0).

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::clock;
use crate::http::{App, Failure};

#[derive(Deserialize, JsonSchema)]
pub(super) struct Body {
    logout_token: String,
}

/// Ends the sign-ins that came from the session, with their sockets. A token that is not believed is
/// answered 400 (2.8), and so is one that was believed before.
pub(super) async fn logout(
    State(app): State<Arc<App>>,
    Path(tenant): Path<String>,
    body: Result<Form<Body>, FormRejection>,
) -> Result<StatusCode, Failure> {
    let Form(Body { logout_token }) =
        body.map_err(|e| Failure::Malformed(StatusCode::BAD_REQUEST, e.body_text()))?;
    let desk = app.desk.as_ref().ok_or(Failure::NotFound)?;
    let provider = desk.provider(Some(&tenant)).ok_or(Failure::NotFound)?;
    let ended = provider.ended(clock::both(), &logout_token, &desk.replays).await;
    let ended = ended.map_err(|error| {
        tracing::warn!(%tenant, %error, "a logout token was refused");
        Failure::Malformed(StatusCode::BAD_REQUEST, error.to_string())
    })?;
    let gone = app.sign_ins().end(&provider.settings().id, &ended);
    tracing::info!(%tenant, sign_ins = gone.len(), "signed out by the identity provider");
    for (id, who) in gone {
        app.signed_out(id, &who);
    }
    Ok(StatusCode::OK)
}
