//! Requests to providers and for pictures: bounded in time and size, never redirected.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode, Url};

use crate::Secret;
use crate::address::is_public;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of a provider's answer; an Entra key set has 20 KB.
const ANSWER_BYTES: usize = 1024 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// The request failed.
    #[error("{0}")]
    Failed(String),
    /// The answer is too large.
    #[error("the answer has more than {0} bytes")]
    TooLarge(usize),
    /// The address may not be asked.
    #[error("the address is not one that may be asked")]
    Forbidden,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Asks providers, which the operator named, and for pictures, whose addresses others wrote.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    /// For addresses of the configuration and of what the provider publishes.
    named: Client,
    /// For any other; it reaches public addresses only.
    public: Client,
}

impl Http {
    pub(crate) fn new() -> Result<Self, FetchError> {
        let base = || Client::builder().redirect(Policy::none()).timeout(PATIENCE);
        let named = base().build().map_err(|e| failed(&e))?;
        // No proxy: one would look names up itself, past the check.
        let public = base().no_proxy().dns_resolver(Arc::new(PublicOnly)).build();
        Ok(Self { named, public: public.map_err(|e| failed(&e))? })
    }

    /// Gets `url`, an address that the operator or the provider named.
    pub(crate) async fn get(
        &self,
        url: Url,
        accept: &'static str,
        bearer: Option<&Secret>,
    ) -> Result<Fetched, FetchError> {
        let mut request = self.named.get(url).header(ACCEPT, accept);
        if let Some(token) = bearer {
            request = request.bearer_auth(token.expose());
        }
        send(request, ANSWER_BYTES).await
    }

    /// Gets a picture from wherever `url` says, without anything that tells who asks.
    pub(crate) async fn get_from_anywhere(
        &self,
        url: Url,
        private: bool,
        most: usize,
    ) -> Result<Fetched, FetchError> {
        let client = if private { &self.named } else { &self.public };
        // An address in figures is not looked up, so it is checked here.
        let literal = url.host_str().and_then(|host| host.trim_matches(['[', ']']).parse().ok());
        if !private && literal.is_some_and(|ip: IpAddr| !is_public(ip)) {
            return Err(FetchError::Forbidden);
        }
        send(client.get(url).header(ACCEPT, "image/png, image/jpeg, image/webp"), most).await
    }
}

async fn send(request: RequestBuilder, most: usize) -> Result<Fetched, FetchError> {
    let mut answer = request.send().await.map_err(|e| failed(&e))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|e| failed(&e))? {
        if body.len() + part.len() > most {
            return Err(FetchError::TooLarge(most));
        }
        body.extend_from_slice(&part);
    }
    Ok(Fetched { status, headers, body })
}

/// The error with its causes and without the address, which may hold a secret.
fn failed(error: &reqwest::Error) -> FetchError {
    let mut text = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "no answer in time".to_owned(),
        (false, true) => "no connection".to_owned(),
        (false, false) => "the request failed".to_owned(),
    };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    FetchError::Failed(text)
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = FetchError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let url = parts.uri.to_string().parse::<Url>();
            let url = url.map_err(|e| FetchError::Failed(e.to_string()))?;
            let request = self.named.request(parts.method, url).headers(parts.headers).body(body);
            let fetched = send(request, ANSWER_BYTES).await?;
            let mut response = HttpResponse::new(fetched.body);
            *response.status_mut() = fetched.status;
            *response.headers_mut() = fetched.headers;
            Ok(response)
        })
    }
}

/// Looks names up, and forgets what is not public; so neither a name that leads inside nor one that
/// changes between a check and its use does.
#[derive(Debug)]
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<_> = found.filter(|at| is_public(at.ip())).collect();
            if public.is_empty() {
                return Err(FetchError::Forbidden.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}
