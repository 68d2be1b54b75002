//! Where the device management tells of its devices.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use rh_devices::webhook::EVENT_BYTES;
use rh_policy::TenantId;

use super::openapi::Api;
use super::{App, Failure};
use crate::devices::Untold;

/// The routes.
pub(super) fn api(api: Api) -> Api {
    let (path, summary) =
        ("/api/devices/{tenant}/webhook", "Takes an event of NanoMDM or MicroMDM");
    api.of("device management").post_up_to(EVENT_BYTES, path, summary, tell)
}

/// Whoever has not the tenant's secret is answered the same, whether there is such a tenant or not.
async fn tell(
    State(app): State<Arc<App>>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Failure> {
    let body = body?;
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let (signature, brought) = (text("x-hmac-signature"), text(header::AUTHORIZATION.as_str()));
    let tenant: Option<TenantId> = tenant.parse().ok();
    let webhook = tenant.as_ref().and_then(|tenant| app.devices.webhook(tenant));
    let webhook = webhook.filter(|it| it.knows(&body, signature, brought));
    let webhook = webhook.ok_or(Failure::SignedOut)?;
    match webhook.tell(&body).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(Untold::Malformed(error)) => {
            Err(Failure::Malformed(StatusCode::BAD_REQUEST, error.to_string()))
        }
        Err(Untold::Store(error)) => {
            tracing::error!(
                alarm = "devices",
                "an event of the device management is lost: {error}"
            );
            Err(Failure::Busy)
        }
    }
}
