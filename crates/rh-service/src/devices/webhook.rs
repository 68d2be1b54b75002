//! What a tenant's device management tells.

use std::sync::Arc;

use rh_devices::webhook::{self, NotAnEvent, Rule, Secret};
use rh_identity::SecretSource;
use rh_policy::TenantId;
use rh_records::{RecordError, RecordStore};

use crate::clock;

/// One tenant's webhook.
#[derive(Debug)]
pub(crate) struct Webhook {
    tenant: TenantId,
    secret: Secret,
    rules: Vec<Rule>,
    store: Arc<dyn RecordStore>,
}

/// Why an event is not taken in.
#[derive(Debug)]
pub(crate) enum Untold {
    /// It is none.
    Malformed(NotAnEvent),
    /// It could not be kept: tell it again.
    Store(RecordError),
}

impl Webhook {
    pub(super) fn new(
        tenant: TenantId,
        secret: &SecretSource,
        rules: Vec<Rule>,
        store: Arc<dyn RecordStore>,
    ) -> Result<Self, String> {
        let secret = Secret::new(secret.read()?.expose());
        Ok(Self { tenant, secret, rules, store })
    }

    /// Whether an event comes from the device management: by the headers `X-Hmac-Signature` or
    /// `Authorization`.
    pub(crate) fn knows(
        &self,
        body: &[u8],
        signature: Option<&str>,
        authorization: Option<&str>,
    ) -> bool {
        signature.is_some_and(|it| self.secret.signed(body, it))
            || authorization.is_some_and(|it| self.secret.brought(it))
    }

    /// Takes an event in; it is on the disk once this returns.
    pub(crate) async fn tell(&self, body: &[u8]) -> Result<(), Untold> {
        let word = webhook::read(body, &self.rules, clock::wall()).map_err(Untold::Malformed)?;
        let Some(word) = word else { return Ok(()) };
        let told = self.store.tell_devices(&self.tenant, &[word], None).await;
        told.map(drop).map_err(Untold::Store)
    }
}
