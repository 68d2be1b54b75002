//! What is known of devices, and the port to where that is kept.

use std::collections::BTreeSet;
use std::fmt::{self, Debug};
use std::str::FromStr;

use async_trait::async_trait;
use rh_policy::{Compliance, DeviceId, Enrolment, GroupId, TenantId};
use serde::{Deserialize, Serialize};

use crate::{RecordError, Timestamp};

/// Characters of the longest [`HardwareId`].
const HARDWARE_CHARS: usize = 64;

/// What the maker or the system names a device by: its serial number or its UDID.
///
/// 1 to 64 of `A-Z`, `0-9`, `.`, `_` and `-`; small letters are read as capitals, so that everybody's
/// spelling is the same.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct HardwareId(String);

/// The text is not a [`HardwareId`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a serial number or UDID is 1 to {HARDWARE_CHARS} letters, digits, '.', '_' and '-'")]
pub struct NotAHardwareId;

/// What a device is looked up by.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKey {
    /// Its serial number.
    Serial(HardwareId),
    /// Its UDID.
    Udid(HardwareId),
}

/// What a directory answers about a device.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryAnswer {
    /// It knows the device.
    Found,
    /// It knows no such device.
    NotFound,
    /// Nothing: it is away, asked too often, or does not let the service in.
    Unavailable,
}

/// Who said what is known of a device.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceSource {
    /// A file that an administrator imported.
    Import,
    /// The device management, by its webhook.
    Webhook,
    /// Microsoft Graph.
    Graph,
    /// Fleet.
    Fleet,
}

/// What is known of a device.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeviceRecord {
    /// Whose it is.
    pub tenant: TenantId,
    /// What names it in scopes and in the audit log.
    pub id: DeviceId,
    /// Its serial number.
    pub serial: Option<HardwareId>,
    /// Its UDID.
    pub udid: Option<HardwareId>,
    /// What people call it; nobody vouches for that.
    pub name: Option<String>,
    /// Whose the management says it is; without, it has no user affinity.
    pub person: Option<String>,
    /// The groups that it is in.
    pub groups: BTreeSet<GroupId>,
    /// Whether it is managed.
    pub enrolment: Enrolment,
    /// Whether it keeps the organisation's rules.
    pub compliance: Compliance,
    /// When it last reported to its management.
    pub reported: Option<Timestamp>,
    /// Who said so last.
    pub source: DeviceSource,
    /// When that was said.
    pub told: Timestamp,
}

/// What somebody says of a device; of what is absent, that which is known stays.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeviceWord {
    /// What is to name it; else what does already, its serial number or its UDID.
    pub id: Option<DeviceId>,
    /// Its serial number.
    pub serial: Option<HardwareId>,
    /// Its UDID.
    pub udid: Option<HardwareId>,
    /// What people call it.
    pub name: Option<String>,
    /// Whose it is.
    pub person: Option<String>,
    /// The groups that it is in.
    pub groups: Option<BTreeSet<GroupId>>,
    /// Whether it is managed; a new device is not until somebody says so.
    pub enrolment: Option<Enrolment>,
    /// Whether it keeps the organisation's rules.
    pub compliance: Option<Compliance>,
    /// When it last reported to its management.
    pub reported: Option<Timestamp>,
    /// Who says so.
    pub source: DeviceSource,
    /// When; a word that is older than the last one about the device is not heard.
    pub told: Timestamp,
}

/// Where it is kept what is known of devices.
///
/// As with records, what a call acknowledged is on the disk, and one that failed changed nothing.
#[async_trait]
pub trait DeviceStore: Debug + Send + Sync {
    /// A device of the tenant.
    async fn device(
        &self,
        tenant: &TenantId,
        key: &DeviceKey,
    ) -> Result<Option<DeviceRecord>, RecordError>;

    /// At most `most` devices of the tenant whose ids follow `after`, in the store's own order.
    async fn devices(
        &self,
        tenant: &TenantId,
        after: Option<&DeviceId>,
        most: u32,
    ) -> Result<Vec<DeviceRecord>, RecordError>;

    /// Takes in what is said of devices, all or nothing; returns how many words were heard.
    ///
    /// A word is about the device with its serial number, UDID or id; of several, that with its
    /// serial number stays, and takes the place of the others. With `forget`, devices go of which
    /// this source said the last word before this time.
    async fn tell_devices(
        &self,
        tenant: &TenantId,
        words: &[DeviceWord],
        forget: Option<(DeviceSource, Timestamp)>,
    ) -> Result<usize, RecordError>;
}

impl DeviceWord {
    /// Nothing yet.
    pub fn new(source: DeviceSource, told: Timestamp) -> Self {
        Self {
            id: None,
            serial: None,
            udid: None,
            name: None,
            person: None,
            groups: None,
            enrolment: None,
            compliance: None,
            reported: None,
            source,
            told,
        }
    }

    /// The id of a device that is new; `None` if nothing says which one this is about.
    pub fn own_id(&self) -> Option<DeviceId> {
        let hardware = self.serial.as_ref().or(self.udid.as_ref());
        self.id.clone().or_else(|| hardware.map(DeviceId::from))
    }
}

impl HardwareId {
    /// The id as text, in capitals.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HardwareId {
    type Err = NotAHardwareId;

    fn from_str(text: &str) -> Result<Self, NotAHardwareId> {
        let fits = |c: u8| c.is_ascii_alphanumeric() || b"._-".contains(&c);
        let good = !text.is_empty() && text.len() <= HARDWARE_CHARS && text.bytes().all(fits);
        if good { Ok(Self(text.to_ascii_uppercase())) } else { Err(NotAHardwareId) }
    }
}

impl TryFrom<String> for HardwareId {
    type Error = NotAHardwareId;

    fn try_from(text: String) -> Result<Self, NotAHardwareId> {
        text.parse()
    }
}

impl From<HardwareId> for String {
    fn from(id: HardwareId) -> Self {
        id.0
    }
}

impl From<&HardwareId> for DeviceId {
    fn from(id: &HardwareId) -> Self {
        id.0.parse().expect("the characters of this id are among those of that one")
    }
}

impl fmt::Display for HardwareId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_spells_a_serial_number_the_same() {
        let id: HardwareId = "c02mt66kflhh".parse().unwrap();
        assert_eq!(id, "C02MT66KFLHH".parse().unwrap());
        for bad in ["", " ", "a b", "a'b", "a\u{202e}b", "<b>", &"x".repeat(65)] {
            assert_eq!(bad.parse::<HardwareId>(), Err(NotAHardwareId), "{bad:?}");
        }
    }
}
