//! Who a request comes from.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::{App, Failure};
use crate::PersonId;
use crate::clock;
use crate::sign_in::SignInId;

/// Name of the cookie that holds a browser's token.
pub(super) const COOKIE: &str = "rh_session";

/// A signed-in person, by cookie or by bearer token.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) id: SignInId,
    pub(super) person: PersonId,
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
            None => (cookie(headers), app.origins.are_named_in(headers)),
        };
        let found = app.sign_ins().find(clock::now(), token.ok_or(Failure::SignedOut)?);
        let (id, person) = found.ok_or(Failure::SignedOut)?;
        Ok(Self { id, person, may_act })
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == COOKIE).map(|(_, value)| value.trim())
}
