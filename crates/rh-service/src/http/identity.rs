//! Who a request comes from.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::{App, Failure};
use crate::clock;
use crate::sign_in::{SignInId, Who};

/// A signed-in person, by cookie or by bearer token.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) id: SignInId,
    pub(super) who: Who,
    /// Whether the request may act, and not only read: a browser's comes from the service's own
    /// pages, and an agent's from no page at all.
    pub(super) may_act: bool,
}

impl SignedIn {
    /// # Errors
    ///
    /// [`Failure::Origin`] for a request that another page may have sent.
    pub(super) fn acting(self) -> Result<Self, Failure> {
        if self.may_act { Ok(self) } else { Err(Failure::Origin) }
    }
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let headers = &parts.headers;
        let (token, may_act) = match headers.get(header::AUTHORIZATION) {
            Some(value) => {
                let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
                (token, !headers.contains_key(header::ORIGIN))
            }
            None => (app.cookies.session(headers), app.origins.are_named_in(headers)),
        };
        let found = app.sign_ins().find(clock::now(), token.ok_or(Failure::SignedOut)?);
        let (id, who) = found.ok_or(Failure::SignedOut)?;
        Ok(Self { id, who, may_act })
    }
}

/// Somebody who acts, which another page never does; refused before a body is read.
#[derive(Debug)]
pub(super) struct Acting(pub(super) SignedIn);

impl FromRequestParts<Arc<App>> for Acting {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        SignedIn::from_request_parts(parts, app).await?.acting().map(Self)
    }
}
