//! Profiles from the ID token and user info.

use async_trait::async_trait;

use super::{Profile, ProfileSource};
use crate::fetch::Http;
use crate::{Claims, IdentityError, ProviderSettings, Secret, domain, picture};

/// Profiles from the claims of the ID token and of user info, under the names that the settings give.
#[derive(Debug)]
pub struct OidcClaims {
    settings: ProviderSettings,
    http: Http,
}

impl OidcClaims {
    pub(crate) fn new(settings: ProviderSettings, http: Http) -> Self {
        Self { settings, http }
    }
}

#[async_trait]
impl ProfileSource for OidcClaims {
    async fn profile(&self, claims: &Claims, _: &Secret) -> Result<Profile, IdentityError> {
        let names = &self.settings.claims;
        let text = |name: &str| claims.text(name).map(str::to_owned);
        let picture = match claims.text(&names.picture) {
            Some(address) => picture::fetch(&self.http, &self.settings, address).await,
            None => None,
        };
        Ok(Profile {
            full_name: text(&names.name),
            job_title: text(&names.job_title),
            company: text(&names.organisation),
            verified_domain: domain::of_operator(&self.settings, claims),
            picture,
        })
    }
}
