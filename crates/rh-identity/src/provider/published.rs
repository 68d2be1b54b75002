//! What a provider publishes of itself (OpenID Connect Discovery 1.0), and the client made of it.

use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AuthType, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, ProviderMetadata,
};
use serde::{Deserialize, Serialize};

use super::{Now, Provider, with_causes};
use crate::IdentityError;

/// What a provider publishes beside the fields that the library knows.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct More {
    pub(super) authorization_response_iss_parameter_supported: bool,
    pub(crate) device_authorization_endpoint: Option<String>,
}

impl AdditionalProviderMetadata for More {}

pub(crate) type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

pub(super) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// What the provider publishes, no older than `age`.
    pub(crate) async fn published(
        &self,
        now: Now,
        age: Duration,
    ) -> Result<Metadata, IdentityError> {
        let mut kept = self.published.lock().await;
        if let Some((at, published)) = &*kept
            && now.instant.saturating_duration_since(*at) < age
        {
            return Ok(published.clone());
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|e| self.fault(e))?;
        let published = Metadata::discover_async(issuer, &self.http).await;
        let published = published.map_err(|e| self.fault(with_causes(&e)))?;
        *kept = Some((now.instant, published.clone()));
        Ok(published)
    }

    pub(crate) fn client(&self, published: &Metadata) -> Client {
        let secret = self.secret.as_ref().map(|it| ClientSecret::new(it.expose().to_owned()));
        let id = ClientId::new(self.settings.client_id.clone());
        let methods = published.token_endpoint_auth_methods_supported();
        let basic = methods.is_none_or(|it| it.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let auth =
            if basic && secret.is_some() { AuthType::BasicAuth } else { AuthType::RequestBody };
        CoreClient::from_provider_metadata(published.clone(), id, secret)
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(auth)
    }
}
