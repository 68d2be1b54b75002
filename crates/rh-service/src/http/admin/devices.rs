//! What is known of the tenant's devices.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use rh_policy::{Compliance, DeviceId, Duty, Enrolment, GroupId};
use rh_records::{DeviceRecord, DeviceSource, HardwareId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{page, rows};
use crate::http::identity::SignedIn;
use crate::http::read::Query;
use crate::http::{App, Failure};

/// Which page.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// `next` of the page before; from the first device without.
    #[schemars(with = "Option<String>")]
    after: Option<DeviceId>,
    /// Devices on the page, 1 to 200.
    limit: Option<u32>,
}

/// One page of devices, in the store's own order.
#[derive(JsonSchema, Serialize)]
pub(super) struct List {
    devices: Vec<Device>,
    /// Where the next page begins, if there is one.
    #[schemars(with = "Option<String>")]
    next: Option<DeviceId>,
}

/// What was imported of a device, or told by its management.
#[derive(JsonSchema, Serialize)]
struct Device {
    #[schemars(with = "String")]
    id: DeviceId,
    #[schemars(with = "Option<String>")]
    serial: Option<HardwareId>,
    #[schemars(with = "Option<String>")]
    udid: Option<HardwareId>,
    /// What people call it; nobody vouches for that.
    name: Option<String>,
    /// Whose the management says it is.
    person: Option<String>,
    #[schemars(with = "BTreeSet<String>")]
    groups: BTreeSet<GroupId>,
    #[schemars(with = "serde_json::Value")]
    enrolment: Enrolment,
    #[schemars(with = "String")]
    compliance: Compliance,
    /// When it last reported to its management.
    #[schemars(with = "Option<String>")]
    reported: Option<Timestamp>,
    /// Who said so last: `import` or `webhook`.
    #[schemars(with = "String")]
    source: DeviceSource,
    /// When that was said.
    #[schemars(with = "String")]
    told: Timestamp,
}

/// S-54: the devices that were imported or that a webhook told of; those of Microsoft Graph and Fleet are
/// looked up one at a time, and are listed there.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Query(Page { after, limit }): Query<Page>,
    signed_in: SignedIn,
) -> Result<Json<List>, Failure> {
    let tenant = app.administrator(&signed_in, Duty::ReadRecords)?.tenant;
    let most = rows(limit)?;
    let found = app.store()?.devices(&tenant, after.as_ref(), most + 1).await?;
    let (found, more) = page(found, most);
    let next = found.last().filter(|_| more).map(|it| it.id.clone());
    Ok(Json(List { devices: found.into_iter().map(Device::from).collect(), next }))
}

impl From<DeviceRecord> for Device {
    fn from(it: DeviceRecord) -> Self {
        Self {
            id: it.id,
            serial: it.serial,
            udid: it.udid,
            name: it.name,
            person: it.person,
            groups: it.groups,
            enrolment: it.enrolment,
            compliance: it.compliance,
            reported: it.reported,
            source: it.source,
            told: it.told,
        }
    }
}
