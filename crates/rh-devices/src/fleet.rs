//! Devices as Fleet knows them (`https://fleetdm.com/docs/rest-api/rest-api#hosts`).
//!
//! A device is compliant if it passes every policy of Fleet that was run on it. Tested against a small
//! server that answers as Fleet's documentation says, never against Fleet.

use std::collections::BTreeSet;

use async_trait::async_trait;
use reqwest::{StatusCode, Url};
use rh_policy::{Compliance, Enrolment, TenantId};
use rh_records::{DeviceKey, DeviceRecord, DeviceSource, HardwareId, Timestamp};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::graph::now;
use crate::http::{Answer, Http};
use crate::{DeviceDirectory, DirectoryError};

/// Hosts of one page.
const PAGE: usize = 100;

/// Pages of one list.
const PAGES: usize = 10_000;

/// One tenant's devices in Fleet.
pub struct Fleet {
    tenant: TenantId,
    http: Http,
    hosts: Url,
    token: Zeroizing<String>,
}

impl std::fmt::Debug for Fleet {
    /// Leaves the token out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fleet").field("hosts", &self.hosts.as_str()).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct One {
    host: Host,
}

#[derive(Deserialize)]
struct Many {
    hosts: Vec<Host>,
}

#[derive(Debug, Deserialize)]
struct Host {
    id: u64,
    #[serde(default)]
    uuid: String,
    #[serde(default)]
    hardware_serial: String,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    mdm: Option<Mdm>,
    #[serde(default)]
    policies: Option<Vec<Policy>>,
    #[serde(default)]
    last_mdm_checked_in_at: Option<String>,
    #[serde(default)]
    detail_updated_at: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Mdm {
    #[serde(default)]
    enrollment_status: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Policy {
    /// `pass`, `fail`, or nothing before it was run.
    #[serde(default)]
    response: String,
}

impl Fleet {
    /// The devices of `tenant` in the Fleet at `address`; `token` is that of an observer, which only
    /// reads.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Unavailable`] for an address that is none.
    pub fn new(
        tenant: TenantId,
        address: &str,
        token: Zeroizing<String>,
    ) -> Result<Self, DirectoryError> {
        let hosts = format!("{}/api/v1/fleet/hosts", address.trim_end_matches('/'));
        let hosts = Url::parse(&hosts)
            .map_err(|e| DirectoryError::Unavailable(format!("{hosts:?}: {e}")))?;
        Ok(Self { tenant, http: Http::new()?, hosts, token })
    }

    async fn ask(&self, url: Url) -> Result<Answer, DirectoryError> {
        self.http.send(self.http.get(url).bearer_auth(&*self.token)).await
    }
}

#[async_trait]
impl DeviceDirectory for Fleet {
    async fn find(&self, key: &DeviceKey) -> Result<Option<DeviceRecord>, DirectoryError> {
        let (DeviceKey::Serial(hardware) | DeviceKey::Udid(hardware)) = key;
        let mut url = self.hosts.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(["identifier", hardware.as_str()]);
        }
        let answer = self.ask(url).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let One { host } = answer.json()?;
        // Fleet also finds hosts by their names, which anybody may choose.
        let found = host.record(&self.tenant, now());
        Ok(found.filter(|it| match key {
            DeviceKey::Serial(serial) => it.serial.as_ref() == Some(serial),
            DeviceKey::Udid(udid) => it.udid.as_ref() == Some(udid),
        }))
    }

    async fn all(&self) -> Result<Vec<DeviceRecord>, DirectoryError> {
        let mut devices = Vec::new();
        for page in 0..PAGES {
            let mut url = self.hosts.clone();
            url.query_pairs_mut()
                .append_pair("page", &page.to_string())
                .append_pair("per_page", &PAGE.to_string())
                .append_pair("populate_policies", "true");
            let Many { hosts } = self.ask(url).await?.json()?;
            let last = hosts.len() < PAGE;
            let told = now();
            devices.extend(hosts.into_iter().filter_map(|it| it.record(&self.tenant, told)));
            if last {
                return Ok(devices);
            }
        }
        Err(DirectoryError::Unavailable("a list without end".to_owned()))
    }
}

impl Host {
    fn record(self, tenant: &TenantId, told: Timestamp) -> Option<DeviceRecord> {
        let hardware = |text: &str| text.parse::<HardwareId>().ok();
        let time = |it: &Option<String>| it.as_ref().and_then(|it| Timestamp::read(it).ok());
        let reported = time(&self.last_mdm_checked_in_at).or(time(&self.detail_updated_at));
        Some(DeviceRecord {
            tenant: tenant.clone(),
            id: self.id.to_string().parse().ok()?,
            serial: hardware(&self.hardware_serial),
            udid: hardware(&self.uuid),
            name: self.display_name.clone().filter(|it| !it.is_empty()),
            person: None,
            groups: BTreeSet::new(),
            enrolment: self.enrolment(),
            compliance: self.compliance(),
            reported: reported.filter(|it| it.millis() > 0).map(|it| it.min(told)),
            source: DeviceSource::Fleet,
            told,
        })
    }

    /// `On (manual)`, `On (automatic)` and such are enrolled; `Off`, `Pending` and nothing are not.
    fn enrolment(&self) -> Enrolment {
        let status = self.mdm.as_ref().and_then(|it| it.enrollment_status.as_deref());
        match status {
            Some(status) if status.starts_with("On") => Enrolment::Enrolled,
            Some(_) | None => Enrolment::Unenrolled,
        }
    }

    fn compliance(&self) -> Compliance {
        let said: Vec<_> = self.policies.iter().flatten().map(|it| it.response.as_str()).collect();
        if said.contains(&"fail") {
            Compliance::Noncompliant
        } else if !said.is_empty() && said.iter().all(|it| *it == "pass") {
            Compliance::Compliant
        } else {
            Compliance::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn host(status: Value, policies: Value) -> DeviceRecord {
        let host = json!({
            "id": 7, "uuid": "66ade930-5fdf-5ec4-8429-15640684c489", "hardware_serial": "C02",
            "hostname": "annas-mac.local", "display_name": "Anna's MacBook Pro",
            "mdm": { "enrollment_status": status, "server_url": "https://acme.com/mdm" },
            "policies": policies, "last_mdm_checked_in_at": "2023-02-26T22:33:12Z",
            "detail_updated_at": "2021-08-19T21:07:53Z",
        });
        let host: Host = serde_json::from_value(host).unwrap();
        let told = Timestamp::from_millis(1_800_000_000_000).unwrap();
        host.record(&"ours".parse().unwrap(), told).unwrap()
    }

    #[test]
    fn a_host_is_read() {
        let it = host(json!("On (automatic)"), json!([{ "id": 1, "response": "pass" }]));
        assert_eq!((it.enrolment, it.compliance), (Enrolment::Enrolled, Compliance::Compliant));
        assert_eq!(it.reported.unwrap().to_string(), "2023-02-26T22:33:12.000Z");
        assert_eq!(it.udid, Some("66ADE930-5FDF-5EC4-8429-15640684C489".parse().unwrap()));
        for status in [json!("Off"), json!("Pending"), json!(""), json!(null)] {
            assert_eq!(host(status, json!([])).enrolment, Enrolment::Unenrolled);
        }
        for (policies, compliance) in [
            (json!(null), Compliance::Unknown),
            (json!([]), Compliance::Unknown),
            (json!([{ "response": "" }, { "response": "pass" }]), Compliance::Unknown),
            (json!([{ "response": "" }, { "response": "fail" }]), Compliance::Noncompliant),
        ] {
            assert_eq!(host(json!("Off"), policies).compliance, compliance);
        }
    }
}
