//! One organisation's OpenID Connect provider.

mod published;

use std::time::{Duration, Instant, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use openidconnect::core::{CoreIdToken, CoreResponseType, CoreTokenResponse};
use openidconnect::{
    AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, CsrfToken,
    Nonce, NonceVerifier, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, SignatureVerificationError, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fetch::Http;
use crate::logout::{self, KEY_PAIR_ALGORITHMS, LogoutFault, LogoutToken};
use crate::profile::{self, ProfileSource};
use crate::{Attempt, Claims, Identity, IdentityError, ProviderSettings, Secret};
use published::Metadata;

/// How long what the provider publishes is taken for true.
const KEPT: Duration = Duration::from_secs(3600);

/// How soon it may be asked again because a key was not found.
const ASKED_AGAIN: Duration = Duration::from_secs(60);

/// What time it is: on the clock that only goes on, and on the one that tokens speak of.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// For how long things last here.
    pub instant: Instant,
    /// For what tokens say.
    pub wall: SystemTime,
}

/// What comes back from the provider in the query of the redirect.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Answer {
    /// The authorization code.
    pub code: Option<String>,
    /// Names the attempt.
    pub state: Option<String>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
    /// In the provider's words.
    pub error_description: Option<String>,
}

/// One organisation's OpenID Connect provider.
#[derive(Debug)]
pub struct Provider {
    pub(crate) settings: ProviderSettings,
    redirect: RedirectUrl,
    secret: Option<Secret>,
    pub(crate) http: Http,
    source: Box<dyn ProfileSource>,
    published: tokio::sync::Mutex<Option<(Instant, Metadata)>>,
}

impl Provider {
    /// A provider that sends people back to `redirect`, an address of ours. Nothing is asked yet, so
    /// that a provider that is down keeps nobody else from signing in.
    ///
    /// # Errors
    ///
    /// What is wrong with the settings, in words for whoever wrote them.
    pub fn new(settings: ProviderSettings, redirect: &str) -> Result<Self, String> {
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|e| e.to_string())?;
        let secret = settings.client_secret.as_ref().map(|source| source.read()).transpose()?;
        let http = Http::new().map_err(|e| e.to_string())?;
        let source = profile::source(&settings, &http)?;
        let published = tokio::sync::Mutex::default();
        Ok(Self { settings, redirect, secret, http, source, published })
    }

    /// The settings.
    pub fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// The address at which the person signs in. `claims` is the `claims` parameter of OpenID Connect
    /// Core 5.5, for a stronger sign-in.
    ///
    /// # Errors
    ///
    /// [`IdentityError::Provider`].
    pub async fn address<T>(
        &self,
        now: Now,
        attempt: &Attempt<T>,
        claims: Option<&str>,
    ) -> Result<String, IdentityError> {
        let published = self.published(now, KEPT).await?;
        let (state, nonce) = (attempt.state.clone(), attempt.nonce.expose().to_owned());
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let verifier = PkceCodeVerifier::new(attempt.verifier.expose().to_owned());
        let client = self.client(&published);
        let mut request = client
            .authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce))
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if let Some(claims) = claims {
            request = request.add_extra_param("claims", claims);
        }
        Ok(request.url().0.to_string())
    }

    /// Turns the answer to `attempt` into who signed in.
    ///
    /// # Errors
    ///
    /// Any of [`IdentityError`] but those of [`Attempts`](crate::Attempts).
    pub async fn finish<T>(
        &self,
        now: Now,
        attempt: &Attempt<T>,
        answer: Answer,
    ) -> Result<Identity, IdentityError> {
        let published = self.published(now, KEPT).await?;
        let issuer_told =
            published.additional_metadata().authorization_response_iss_parameter_supported;
        match &answer.iss {
            Some(from) if *from == self.settings.issuer => {}
            None if !issuer_told => {}
            Some(_) | None => return Err(IdentityError::MixedUp),
        }
        if let Some(error) = answer.error {
            let detail = answer.error_description.unwrap_or_default();
            return Err(IdentityError::Denied { error, detail });
        }
        let code = answer.code.ok_or_else(|| self.fault("the answer has no code"))?;
        let verifier = PkceCodeVerifier::new(attempt.verifier.expose().to_owned());
        let client = self.client(&published);
        let exchange = client.exchange_code(AuthorizationCode::new(code));
        let tokens = exchange
            .map_err(|e| self.fault(e))?
            .set_pkce_verifier(verifier)
            .request_async(&self.http)
            .await
            .map_err(|e| self.refused(e))?;
        let nonce = Nonce::new(attempt.nonce.expose().to_owned());
        self.identify(now, &tokens, &nonce).await
    }

    /// Who the tokens are about.
    pub(crate) async fn identify<N>(
        &self,
        now: Now,
        tokens: &CoreTokenResponse,
        nonce: N,
    ) -> Result<Identity, IdentityError>
    where
        N: NonceVerifier + Copy,
    {
        let token = tokens.id_token().ok_or_else(|| wrong("there is no ID token"))?;
        let published = self.published(now, KEPT).await?;
        let claims = match self.verify(now, &published, tokens, token, nonce) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let anew = self.published(now, ASKED_AGAIN).await?;
                self.verify(now, &anew, tokens, token, nonce)
            }
            verified => verified,
        };
        let claims = claims.map_err(|e| IdentityError::Token(e.to_string()))?;
        let access = Secret::new(tokens.access_token().secret().clone());
        let info = published.userinfo_endpoint().map(|it| it.url().clone());
        profile::identity(self, &*self.source, claims, access, info).await
    }

    fn verify<N: NonceVerifier>(
        &self,
        now: Now,
        published: &Metadata,
        tokens: &CoreTokenResponse,
        token: &CoreIdToken,
        nonce: N,
    ) -> Result<Claims, ClaimsVerificationError> {
        let client = self.client(published);
        let time = DateTime::<Utc>::from(now.wall);
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(KEY_PAIR_ALGORITHMS)
            .set_time_fn(move || time);
        let other = |text: String| ClaimsVerificationError::Other(text);
        let claims = token.claims(&verifier, nonce)?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|e| other(e.to_string()))?;
            let key = token.signing_key(&verifier).map_err(|e| other(e.to_string()))?;
            let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
            if hash.map_err(|e| other(e.to_string()))? != *expected {
                return Err(other("the access token is another one's".to_owned()));
            }
        }
        raw(token).ok_or_else(|| other("its claims cannot be read".to_owned()))
    }

    /// Reads a logout token, all but whether it was seen before.
    ///
    /// # Errors
    ///
    /// [`IdentityError::Token`], or [`IdentityError::Provider`] if its keys are not to be had.
    pub(crate) async fn read_logout(
        &self,
        now: Now,
        token: &str,
    ) -> Result<LogoutToken, IdentityError> {
        let (issuer, client) = (&self.settings.issuer, &self.settings.client_id);
        let published = self.published(now, KEPT).await?;
        let read = |published: &Metadata| {
            logout::verify(token, published.jwks().keys(), issuer, client, now.wall)
        };
        let read = match read(&published) {
            Err(LogoutFault::Key) => read(&self.published(now, ASKED_AGAIN).await?),
            read => read,
        };
        read.map_err(|fault| IdentityError::Token(fault.to_string()))
    }

    pub(crate) fn fault(&self, detail: impl ToString) -> IdentityError {
        let issuer = self.settings.issuer.clone();
        IdentityError::Provider { issuer, detail: detail.to_string() }
    }

    /// What a token endpoint that gives no tokens means.
    pub(crate) fn refused<E, T>(&self, error: RequestTokenError<E, T>) -> IdentityError
    where
        E: std::error::Error + 'static,
        T: openidconnect::ErrorResponse + Serialize + 'static,
    {
        let RequestTokenError::ServerResponse(said) = error else {
            return self.fault(with_causes(&error));
        };
        let said = serde_json::to_value(said).unwrap_or_default();
        let field = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        IdentityError::Denied { error: field("error"), detail: field("error_description") }
    }
}

/// The claims of a token that was verified, under their own names.
fn raw(token: &CoreIdToken) -> Option<Claims> {
    let text = token.to_string();
    let payload = URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    match serde_json::from_slice(&payload).ok()? {
        Value::Object(claims) => Some(Claims::new(claims)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    }
}

fn wrong(text: &str) -> IdentityError {
    IdentityError::Token(text.to_owned())
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
