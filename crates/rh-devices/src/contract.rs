//! What every backend of [`DeviceDirectory`] does; their tests run [`all`] on each.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use rh_policy::{Compliance, Enrolment};
use rh_records::{DeviceKey, HardwareId};

use crate::{DeviceDirectory, DirectoryError};

/// A device, as a backend's test is to put it into the directory.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Known {
    /// Its serial number.
    pub serial: HardwareId,
    /// Its UDID.
    pub udid: HardwareId,
    /// Whether it is managed.
    pub enrolment: Enrolment,
    /// Compliant or noncompliant.
    pub compliance: Compliance,
}

/// A place where directories can be set up.
#[async_trait]
pub trait Ground: Debug + Send + Sync {
    /// A directory that knows these devices, while another tenant's knows `others`.
    async fn knowing(&self, devices: &[Known], others: &[Known]) -> Arc<dyn DeviceDirectory>;

    /// A directory that is not there.
    async fn down(&self) -> Arc<dyn DeviceDirectory>;
}

/// Runs every check.
///
/// # Panics
///
/// If the backend does not keep the contract.
pub async fn all(ground: &dyn Ground) {
    a_device_is_found_by_what_it_is_named(ground).await;
    an_empty_directory_has_an_answer(ground).await;
    all_devices_are_listed(ground).await;
    a_directory_that_is_down_is_an_error(ground).await;
}

fn hardware(text: String) -> HardwareId {
    text.parse().expect("an id")
}

fn known(n: usize, enrolment: Enrolment, compliance: Compliance) -> Known {
    let udid = hardware(format!("00000000-0000-0000-0000-{n:012}"));
    Known { serial: hardware(format!("C02MT66KFL{n:04}")), udid, enrolment, compliance }
}

async fn a_device_is_found_by_what_it_is_named(ground: &dyn Ground) {
    let good = known(1, Enrolment::Enrolled, Compliance::Compliant);
    let bad = known(2, Enrolment::Enrolled, Compliance::Noncompliant);
    let gone = known(3, Enrolment::Unenrolled, Compliance::Noncompliant);
    let theirs = known(4, Enrolment::Enrolled, Compliance::Compliant);
    let ours = [good.clone(), bad, gone];
    let directory = ground.knowing(&ours, std::slice::from_ref(&theirs)).await;
    for known in &ours {
        for key in [DeviceKey::Serial(known.serial.clone()), DeviceKey::Udid(known.udid.clone())] {
            let found = directory.find(&key).await.expect("an answer");
            // A directory of managed devices need not know those that no longer are.
            let Some(found) = found else {
                assert_eq!(known.enrolment, Enrolment::Unenrolled, "{key:?}");
                continue;
            };
            assert_eq!(found.serial.as_ref(), Some(&known.serial));
            let said = (found.enrolment, found.compliance);
            assert_eq!(said, (known.enrolment, known.compliance), "{key:?}");
            assert!(found.reported.is_some() && found.reported <= Some(found.told));
        }
    }
    for strange in [&theirs.serial, &hardware("C02".to_owned()), &good.udid] {
        let found = directory.find(&DeviceKey::Serial(strange.clone())).await;
        assert_eq!(found.expect("an answer"), None, "{strange}");
    }
}

async fn an_empty_directory_has_an_answer(ground: &dyn Ground) {
    let directory = ground.knowing(&[], &[]).await;
    let key = DeviceKey::Serial(hardware("C02MT66KFL0001".to_owned()));
    assert_eq!(directory.find(&key).await, Ok(None));
    assert_eq!(directory.all().await, Ok(Vec::new()));
}

async fn all_devices_are_listed(ground: &dyn Ground) {
    let many: Vec<_> =
        (0..250).map(|n| known(n, Enrolment::Enrolled, Compliance::Compliant)).collect();
    let directory = ground.knowing(&many, &[]).await;
    let all = directory.all().await.expect("a list");
    let mut serials: Vec<_> = all.into_iter().filter_map(|it| it.serial).collect();
    serials.sort();
    let expected: Vec<_> = many.into_iter().map(|it| it.serial).collect();
    assert_eq!(serials, expected);
}

async fn a_directory_that_is_down_is_an_error(ground: &dyn Ground) {
    let directory = ground.down().await;
    let key = DeviceKey::Serial(hardware("C02MT66KFL0001".to_owned()));
    let down = directory.find(&key).await;
    assert!(matches!(down, Err(DirectoryError::Unavailable(_))), "{down:?}");
    let down = directory.all().await;
    assert!(matches!(down, Err(DirectoryError::Unavailable(_))), "{down:?}");
}
