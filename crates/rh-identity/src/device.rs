//! The device flow (RFC 8628): for machines without a browser, off by default.
//!
//! Microsoft recommends to block it: whoever talks a person into typing a code is signed in as them.

use std::time::Duration;

use openidconnect::core::CoreDeviceAuthorizationResponse;
use openidconnect::{DeviceAuthorizationUrl, Nonce, Scope};

use crate::{Identity, IdentityError, Now, Provider};

/// What a person must do elsewhere, and what to ask for meanwhile.
#[derive(Debug)]
pub struct DeviceGrant(CoreDeviceAuthorizationResponse);

impl DeviceGrant {
    /// The address to open elsewhere.
    pub fn address(&self) -> &str {
        self.0.verification_uri().as_str()
    }

    /// The code to type there.
    pub fn code(&self) -> &str {
        self.0.user_code().secret()
    }

    /// How long there is for it.
    pub fn life(&self) -> Duration {
        self.0.expires_in()
    }
}

impl Provider {
    /// Begins a sign-in on another device.
    ///
    /// # Errors
    ///
    /// [`IdentityError::Provider`] if the provider has no such thing.
    pub async fn begin_device(&self, now: Now) -> Result<DeviceGrant, IdentityError> {
        let published = self.published(now, Duration::from_secs(3600)).await?;
        let address = published.additional_metadata().device_authorization_endpoint.clone();
        let address = address.ok_or_else(|| self.fault("it has no device flow"))?;
        let address = DeviceAuthorizationUrl::new(address).map_err(|e| self.fault(e))?;
        let client = self.client(&published).set_device_authorization_url(address);
        let request = client
            .exchange_device_code()
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new));
        let grant = request.request_async(&self.http).await.map_err(|e| self.refused(e))?;
        Ok(DeviceGrant(grant))
    }

    /// Waits until the person has signed in elsewhere, or the time for it is over.
    ///
    /// # Errors
    ///
    /// As [`finish`](Self::finish).
    pub async fn finish_device(
        &self,
        now: Now,
        grant: &DeviceGrant,
    ) -> Result<Identity, IdentityError> {
        let published = self.published(now, Duration::from_secs(3600)).await?;
        let client = self.client(&published);
        let request = client.exchange_device_access_token(&grant.0).map_err(|e| self.fault(e))?;
        let tokens = request
            .request_async(&self.http, tokio::time::sleep, Some(grant.life()))
            .await
            .map_err(|e| self.refused(e))?;
        // Nothing went through a browser of ours, so there is no nonce to compare (RFC 8628 has none).
        let none = |_: Option<&Nonce>| Ok(());
        self.identify(now, &tokens, none).await
    }
}
