//! Profiles from Microsoft Graph.
//!
//! Tested against a small server that answers as Graph's documentation says, never against Graph.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openidconnect::url::Url;
use reqwest::StatusCode;
use reqwest::header::WWW_AUTHENTICATE;
use serde::Deserialize;

use super::{Profile, ProfileSource};
use crate::fetch::{Fetched, Http};
use crate::{Claims, IdentityError, ProviderSettings, Secret, domain, picture};

/// Profiles from Microsoft Graph, read with the person's own access token: `/me`, `/me/photo/$value`
/// (`User.Read`) and `/organization` (its verified domains need no more).
#[derive(Debug)]
pub struct GraphProfile {
    settings: ProviderSettings,
    http: Http,
    root: Url,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Me {
    display_name: Option<String>,
    job_title: Option<String>,
    company_name: Option<String>,
    user_principal_name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Organisations {
    value: Vec<Organisation>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Organisation {
    display_name: Option<String>,
    verified_domains: Vec<Domain>,
}

#[derive(Deserialize)]
struct Domain {
    name: String,
}

impl GraphProfile {
    pub(crate) fn new(settings: ProviderSettings, http: Http) -> Result<Self, String> {
        let root = format!("{}/", settings.graph.trim_end_matches('/'));
        let root = Url::parse(&root).map_err(|e| format!("graph: {e}"))?;
        Ok(Self { settings, http, root })
    }

    async fn get(&self, path: &str, access: &Secret) -> Result<Fetched, IdentityError> {
        let url = self.root.join(path).map_err(|e| self.fault(&e.to_string()))?;
        let fetched = self.http.get(url, "*/*", Some(access)).await;
        let fetched = fetched.map_err(|e| self.fault(&e.to_string()))?;
        match (fetched.status, challenge(&fetched)) {
            (StatusCode::UNAUTHORIZED, Some(claims)) => Err(IdentityError::ClaimsChallenge(claims)),
            _ => Ok(fetched),
        }
    }

    async fn read<T>(&self, path: &str, access: &Secret) -> Result<T, IdentityError>
    where
        T: for<'de> Deserialize<'de>,
    {
        let fetched = self.get(path, access).await?;
        if !fetched.status.is_success() {
            return Err(self.fault(&format!("{path}: status {}", fetched.status)));
        }
        serde_json::from_slice(&fetched.body).map_err(|e| self.fault(&format!("{path}: {e}")))
    }

    fn fault(&self, detail: &str) -> IdentityError {
        IdentityError::Provider { issuer: self.settings.graph.clone(), detail: detail.to_owned() }
    }
}

#[async_trait]
impl ProfileSource for GraphProfile {
    async fn profile(&self, claims: &Claims, access: &Secret) -> Result<Profile, IdentityError> {
        let me = "me?$select=displayName,jobTitle,companyName,userPrincipalName";
        let me: Me = self.read(me, access).await?;
        let own = "organization?$select=displayName,verifiedDomains";
        let own: Organisations = self.read(own, access).await?;
        let organisation = own.value.into_iter().next().unwrap_or_default();
        let domains = organisation.verified_domains.iter().map(|it| it.name.as_str());
        let directory = me.user_principal_name.and_then(|name| domain::among(domains, &name));
        let photo = self.get("me/photo/$value", access).await?;
        let picture = if photo.status.is_success() {
            picture::read(&self.settings, photo.body).await
        } else {
            None
        };
        Ok(Profile {
            full_name: me.display_name,
            job_title: me.job_title,
            company: me.company_name.or(organisation.display_name),
            verified_domain: directory.or_else(|| domain::of_operator(&self.settings, claims)),
            picture,
        })
    }
}

/// The claims that a claims challenge asks for (Microsoft's *Claims challenges, claims requests and
/// client capabilities*): `Bearer …, error="insufficient_claims", claims="<base64>"`.
fn challenge(fetched: &Fetched) -> Option<String> {
    let header = fetched.headers.get(WWW_AUTHENTICATE)?.to_str().ok()?;
    if !header.contains("error=\"insufficient_claims\"") {
        return None;
    }
    let (_, rest) = header.split_once("claims=\"").filter(|(before, _)| !before.ends_with('_'))?;
    let claims = STANDARD.decode(rest.split('"').next()?).ok()?;
    let claims = String::from_utf8(claims).ok()?;
    serde_json::from_str::<serde_json::Value>(&claims).ok()?.is_object().then_some(claims)
}

#[cfg(test)]
mod tests;
