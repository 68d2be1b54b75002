//! Tokens for Graph: the client credentials grant (RFC 6749 4.4).

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::{StatusCode, Url};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Client, url};
use crate::DirectoryError;
use crate::http::{Http, now};

/// A token is renewed so long before its end.
const EARLY: Duration = Duration::from_secs(60);

type Token = Zeroizing<String>;

/// Gets tokens, and keeps the last.
#[derive(Debug)]
pub(super) struct Tokens {
    client: Client,
    endpoint: Url,
    scope: String,
    last: Mutex<Option<Kept>>,
}

struct Kept(Token, Instant);

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept")
    }
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
    expires_in: u64,
}

impl Tokens {
    /// Tokens for whatever lies at `resource`.
    pub(super) fn new(client: Client, resource: &Url) -> Result<Self, DirectoryError> {
        let login = client.login.trim_end_matches('/');
        let endpoint = url(&format!("{login}/{}/oauth2/v2.0/token", client.directory))?;
        let scope = format!("{}/.default", resource.origin().ascii_serialization());
        Ok(Self { client, endpoint, scope, last: Mutex::default() })
    }

    /// The token that is good now; a new one if `claims` are asked for.
    pub(super) async fn token(
        &self,
        http: &Http,
        claims: Option<&str>,
    ) -> Result<Token, DirectoryError> {
        if claims.is_none()
            && let Some(Kept(token, until)) = &*self.lock()
            && now() < *until
        {
            return Ok(token.clone());
        }
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.client.id.as_str()),
            ("client_secret", self.client.secret.0.as_str()),
            ("scope", self.scope.as_str()),
        ];
        form.extend(claims.map(|claims| ("claims", claims)));
        let answer = http.send(http.post(self.endpoint.clone()).form(&form)).await?;
        if answer.status == StatusCode::BAD_REQUEST {
            let what = "no token; correct the client's id, its secret or the directory's id";
            return Err(DirectoryError::Refused(what.to_owned()));
        }
        let Given { access_token, expires_in } = answer.json()?;
        let access_token = Zeroizing::new(access_token);
        let life = Duration::from_secs(expires_in.min(24 * 3600)).saturating_sub(EARLY);
        *self.lock() = Some(Kept(access_token.clone(), now() + life));
        Ok(access_token)
    }

    /// Forgets the token, which was refused.
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Kept>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
