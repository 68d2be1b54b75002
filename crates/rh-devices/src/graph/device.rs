//! A `managedDevice`, and what it means here.

use std::collections::BTreeSet;

use rh_policy::{Compliance, Enrolment, TenantId, Unrecognised};
use rh_records::{DeviceRecord, DeviceSource, HardwareId, Timestamp};
use serde::Deserialize;

/// *managedDevice resource type*,
/// `https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ManagedDevice {
    id: String,
    #[serde(rename = "serialNumber")]
    serial_number: Option<String>,
    #[serde(rename = "azureADDeviceId")]
    entra_id: Option<String>,
    #[serde(rename = "deviceName")]
    name: Option<String>,
    #[serde(rename = "userId")]
    user_id: Option<String>,
    #[serde(rename = "userPrincipalName")]
    user_principal_name: Option<String>,
    #[serde(rename = "complianceState")]
    compliance: Compliance,
    #[serde(rename = "deviceRegistrationState")]
    registration: Option<String>,
    #[serde(rename = "lastSyncDateTime")]
    last_sync: Option<String>,
}

impl ManagedDevice {
    /// What it says of a device of `tenant`; nothing if its id is none.
    pub(super) fn record(self, tenant: &TenantId, told: Timestamp) -> Option<DeviceRecord> {
        let text = |text: &Option<String>| text.clone().filter(|it| !it.is_empty());
        let hardware = |it: &Option<String>| it.as_ref()?.parse::<HardwareId>().ok();
        let reported = self.last_sync.as_ref().and_then(|it| Timestamp::read(it).ok());
        Some(DeviceRecord {
            tenant: tenant.clone(),
            id: self.id.parse().ok()?,
            serial: hardware(&self.serial_number),
            udid: hardware(&self.entra_id),
            name: text(&self.name),
            person: text(&self.user_principal_name),
            groups: BTreeSet::new(),
            enrolment: self.enrolment(),
            compliance: self.compliance,
            // Graph writes the year 1 for never.
            reported: reported.filter(|it| it.millis() > 0).map(|it| it.min(told)),
            source: DeviceSource::Graph,
            told,
        })
    }

    /// Whatever is listed is managed. One that is not registered is not recognised at a sign-in: with a
    /// user until they sign in to the Company Portal (S-25), without one never (S-26).
    fn enrolment(&self) -> Enrolment {
        let has_user = self.user_id.as_ref().is_some_and(|it| !it.is_empty());
        match self.registration.as_deref() {
            None | Some("registered" | "unknown") => Enrolment::Enrolled,
            Some("revoked") => Enrolment::Unenrolled,
            Some(_) if has_user => Enrolment::Unknown(Unrecognised::NotInPortal),
            Some(_) => Enrolment::Unknown(Unrecognised::NoUserAffinity),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn record(change: Value) -> DeviceRecord {
        let mut device = json!({
            "@odata.type": "#microsoft.graph.managedDevice",
            "id": "705c034c-034c-705c-4c03-5c704c035c70",
            "serialNumber": "c02mt66kflhh",
            "azureADDeviceId": "A5EF1BA1-586D-4F29-B4F3-759DADAC2DDD",
            "deviceName": "Ada's Mac",
            "userId": "u", "userPrincipalName": "ada@example.com",
            "complianceState": "compliant",
            "deviceRegistrationState": "registered",
            "lastSyncDateTime": "2026-03-01T00:02:49.3205976-08:00",
        });
        for (name, value) in change.as_object().unwrap() {
            device[name] = value.clone();
        }
        let device: ManagedDevice = serde_json::from_value(device).unwrap();
        let told = Timestamp::from_millis(1_800_000_000_000).unwrap();
        device.record(&"ours".parse().unwrap(), told).unwrap()
    }

    #[test]
    fn a_managed_device_is_read() {
        let it = record(json!({}));
        assert_eq!(it.serial, Some("C02MT66KFLHH".parse().unwrap()));
        assert_eq!(it.reported.unwrap().to_string(), "2026-03-01T08:02:49.320Z");
        assert_eq!((it.enrolment, it.compliance), (Enrolment::Enrolled, Compliance::Compliant));
        assert_eq!(it.person.as_deref(), Some("ada@example.com"));
        let never =
            record(json!({ "lastSyncDateTime": "0001-01-01T00:00:00Z", "serialNumber": "" }));
        assert_eq!((never.reported, never.serial), (None, None));
    }

    /// S-14: whatever is not compliant is not, and what a later Graph says neither.
    #[test]
    fn every_state_of_compliance_is_read() {
        for (word, compliance) in [
            ("noncompliant", Compliance::Noncompliant),
            ("conflict", Compliance::Conflict),
            ("error", Compliance::Error),
            ("inGracePeriod", Compliance::InGracePeriod),
            ("configManager", Compliance::ConfigManager),
            ("unknown", Compliance::Unknown),
            ("moreThanCompliant", Compliance::Unknown),
        ] {
            assert_eq!(record(json!({ "complianceState": word })).compliance, compliance);
        }
    }

    /// S-25, S-26.
    #[test]
    fn a_device_that_is_not_registered_has_its_reason() {
        let unknown = Enrolment::Unknown;
        for (state, user, enrolment) in [
            ("notRegistered", "u", unknown(Unrecognised::NotInPortal)),
            ("notRegistered", "", unknown(Unrecognised::NoUserAffinity)),
            ("notRegisteredPendingEnrollment", "u", unknown(Unrecognised::NotInPortal)),
            ("keyConflict", "u", unknown(Unrecognised::NotInPortal)),
            ("revoked", "u", Enrolment::Unenrolled),
            ("unknown", "", Enrolment::Enrolled),
        ] {
            let change = json!({ "deviceRegistrationState": state, "userId": user });
            assert_eq!(record(change).enrolment, enrolment, "{state} {user:?}");
        }
    }
}
