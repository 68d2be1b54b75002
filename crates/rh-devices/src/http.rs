//! Questions to directories over HTTP: bounded in time and size, never redirected, and not asked again
//! before they want to be.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderMap, RETRY_AFTER, WWW_AUTHENTICATE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde::de::DeserializeOwned;

use crate::DirectoryError;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of the largest answer; a page of a thousand devices has about one million.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// How long to wait if the directory does not say.
const WAIT: Duration = Duration::from_secs(30);

/// The longest wait: a directory that wants more is asked again all the same.
const LONGEST: Duration = Duration::from_secs(600);

/// A way to one directory.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
    /// Until then it does not want to be asked.
    quiet: Mutex<Option<Instant>>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Http {
    pub(crate) fn new() -> Result<Self, DirectoryError> {
        let client = Client::builder().redirect(Policy::none()).timeout(PATIENCE).build();
        Ok(Self { client: client.map_err(|e| failed(&e))?, quiet: Mutex::default() })
    }

    pub(crate) fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url)
    }

    pub(crate) fn post(&self, url: Url) -> RequestBuilder {
        self.client.post(url)
    }

    /// Sends a question, unless the directory wants quiet.
    pub(crate) async fn send(&self, question: RequestBuilder) -> Result<Answer, DirectoryError> {
        if let Some(wait) = self.quiet().and_then(|until| until.checked_duration_since(now()))
            && !wait.is_zero()
        {
            return Err(DirectoryError::Throttled(wait));
        }
        let mut answer = question.send().await.map_err(|e| failed(&e))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|e| failed(&e))? {
            if body.len() + part.len() > ANSWER_BYTES {
                let what = format!("an answer of more than {ANSWER_BYTES} bytes");
                return Err(DirectoryError::Unavailable(what));
            }
            body.extend_from_slice(&part);
        }
        let answer = Answer { status, headers, body };
        if let Some(wait) = answer.throttled() {
            *self.quiet.lock().unwrap_or_else(PoisonError::into_inner) = Some(now() + wait);
            return Err(DirectoryError::Throttled(wait));
        }
        Ok(answer)
    }

    fn quiet(&self) -> Option<Instant> {
        *self.quiet.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answer {
    /// The JSON of a good answer.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, DirectoryError> {
        match self.status {
            StatusCode::UNAUTHORIZED => Err(match self.claims() {
                Some(claims) => DirectoryError::ClaimsChallenge(claims),
                None => DirectoryError::Refused("status 401; renew the secret".to_owned()),
            }),
            StatusCode::FORBIDDEN => {
                Err(DirectoryError::Refused("status 403; give it the permission".to_owned()))
            }
            status if status.is_success() => serde_json::from_slice(&self.body)
                .map_err(|e| DirectoryError::Unavailable(format!("its answer: {e}"))),
            status => Err(DirectoryError::Unavailable(format!("status {status}"))),
        }
    }

    /// How long the directory wants to be left alone (RFC 6585 4, RFC 9110 10.2.3; seconds only).
    fn throttled(&self) -> Option<Duration> {
        let said = self.headers.get(RETRY_AFTER).and_then(|it| it.to_str().ok());
        let said = said.and_then(|it| it.trim().parse().ok()).map(Duration::from_secs);
        match self.status {
            StatusCode::TOO_MANY_REQUESTS => Some(said.unwrap_or(WAIT).min(LONGEST)),
            StatusCode::SERVICE_UNAVAILABLE => said.map(|it| it.min(LONGEST)),
            _ => None,
        }
    }

    /// The claims that a claims challenge asks for (Microsoft's *Claims challenges, claims requests and
    /// client capabilities*): `Bearer …, error="insufficient_claims", claims="<base64>"`.
    pub(crate) fn claims(&self) -> Option<String> {
        let header = self.headers.get(WWW_AUTHENTICATE)?.to_str().ok()?;
        if self.status != StatusCode::UNAUTHORIZED || !header.contains("insufficient_claims") {
            return None;
        }
        let (_, rest) = header.split_once(" claims=\"")?;
        let claims = String::from_utf8(STANDARD.decode(rest.split('"').next()?).ok()?).ok()?;
        serde_json::from_str::<serde_json::Value>(&claims).ok()?.is_object().then_some(claims)
    }
}

/// The error with its causes and without the address.
fn failed(error: &reqwest::Error) -> DirectoryError {
    let mut text = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "no answer in time".to_owned(),
        (false, true) => "no connection".to_owned(),
        (false, false) => "the question failed".to_owned(),
    };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    DirectoryError::Unavailable(text)
}

#[expect(clippy::disallowed_methods, reason = "how long a directory wants to be left alone")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
