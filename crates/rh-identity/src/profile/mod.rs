//! Where names, titles and pictures come from.

mod claims;
mod graph;

use std::fmt::Debug;

use async_trait::async_trait;
use openidconnect::url::Url;
use rh_policy::{AuthContext, GroupId};
use rh_protocol::IdentityCard;
use serde_json::Value;

pub use claims::OidcClaims;
pub use graph::GraphProfile;

use crate::fetch::Http;
use crate::{
    Claims, Identity, IdentityError, PersonKey, Picture, ProfileKind, Provider, ProviderSession,
    ProviderSettings, Secret,
};

/// The claim of the authentication contexts (Entra; see `rh_policy::AuthContext`).
const CONTEXTS: &str = "acrs";

/// What others see of a person.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// First and last name.
    pub full_name: Option<String>,
    /// Job title.
    pub job_title: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// The domain that the directory or the operator vouches for.
    pub verified_domain: Option<String>,
    /// The picture.
    pub picture: Option<Picture>,
}

/// The port to where profiles come from.
#[async_trait]
pub trait ProfileSource: Debug + Send + Sync {
    /// The profile of whoever `claims` and `access`, the access token, are about.
    ///
    /// # Errors
    ///
    /// [`IdentityError::ClaimsChallenge`] if the directory asks for another sign-in first;
    /// [`IdentityError::Provider`] if it does not answer. What it does not know is absent.
    async fn profile(&self, claims: &Claims, access: &Secret) -> Result<Profile, IdentityError>;
}

/// The source that the settings name.
pub(crate) fn source(
    settings: &ProviderSettings,
    http: &Http,
) -> Result<Box<dyn ProfileSource>, String> {
    Ok(match settings.profile {
        ProfileKind::Claims => Box::new(OidcClaims::new(settings.clone(), http.clone())),
        ProfileKind::Graph => Box::new(GraphProfile::new(settings.clone(), http.clone())?),
    })
}

/// Puts together who signed in.
pub(crate) async fn identity(
    provider: &Provider,
    source: &dyn ProfileSource,
    claims: Claims,
    access: Secret,
    user_info: Option<Url>,
) -> Result<Identity, IdentityError> {
    let settings = provider.settings();
    let directory = directory(settings, &claims)?;
    let missing = |name: &str| IdentityError::Token(format!("the claim {name} is missing"));
    let subject = claims.text("sub").ok_or_else(|| missing("sub"))?.to_owned();
    let object = &settings.claims.object_id;
    let object = claims.text(object).ok_or_else(|| missing(object))?.to_owned();
    let contexts = claims.texts(CONTEXTS).into_iter().filter_map(|it| it.parse().ok());
    let contexts = contexts.collect::<std::collections::BTreeSet<AuthContext>>();
    let session = claims.text("sid").map(str::to_owned);
    let key = PersonKey { issuer: settings.issuer.clone(), directory, object };

    // What identifies and what proves came from the signed token; the rest may come from beside it.
    let claims = match user_info {
        Some(address) if settings.profile == ProfileKind::Claims => {
            claims.or(self::user_info(provider, address, &access, &subject).await?)
        }
        Some(_) | None => claims,
    };
    let groups = claims.texts(&settings.claims.groups).into_iter();
    let groups = groups.filter_map(|it| it.parse::<GroupId>().ok()).collect();
    let profile = source.profile(&claims, &access).await?;
    let card = IdentityCard {
        full_name: profile.full_name,
        job_title: profile.job_title,
        company: profile.company,
        picture: None,
        verified_domain: profile.verified_domain,
    };
    Ok(Identity {
        tenant: settings.id.clone(),
        key,
        card: card.cleaned(),
        picture: profile.picture,
        groups,
        contexts,
        session: ProviderSession { subject, session },
    })
}

/// The directory that the person belongs to, which must be the tenant's.
fn directory(settings: &ProviderSettings, claims: &Claims) -> Result<String, IdentityError> {
    match &settings.directory {
        None => Ok(String::new()),
        Some(wanted) if claims.text(&wanted.claim) == Some(&wanted.value) => {
            Ok(wanted.value.clone())
        }
        Some(_) => Err(IdentityError::OtherDirectory),
    }
}

/// What the provider says beside the token (OpenID Connect Core 5.3); about somebody else it counts
/// for nothing (5.3.2).
async fn user_info(
    provider: &Provider,
    address: Url,
    access: &Secret,
    subject: &str,
) -> Result<Claims, IdentityError> {
    let fetched = provider.http.get(address, "application/json", Some(access)).await;
    let fetched = fetched.map_err(|e| provider.fault(format!("user info: {e}")))?;
    if !fetched.status.is_success() {
        return Err(provider.fault(format!("user info: status {}", fetched.status)));
    }
    let Ok(Value::Object(claims)) = serde_json::from_slice(&fetched.body) else {
        return Err(provider.fault("user info: it is not a JSON object"));
    };
    let claims = Claims::new(claims);
    if claims.text("sub") == Some(subject) {
        Ok(claims)
    } else {
        Err(IdentityError::Token("user info is about somebody else".to_owned()))
    }
}
