//! What a helper has to be told, though it forbids nothing.

use std::time::Duration;

use serde::Serialize;

use crate::{Assurance, Compliance, Device, Enrolment, Unrecognised};

/// The age above which a device's report is told to be old: three times the eight hours or so after
/// which a Mac reports to Intune (*Common questions about device policies and profiles*,
/// `https://learn.microsoft.com/intune/intune-service/configuration/device-profile-troubleshoot`).
pub const STALE_AFTER: Duration = Duration::from_secs(24 * 3600);

/// What a helper has to be told before and during a session; the first three with the risk of
/// entering an administrator's password there (S-13, S-15).
///
/// As JSON an object whose `code` is the [`code`](Self::code).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Warning {
    /// The device is not known to keep the organisation's rules. It never blocks (S-14).
    NotCompliant {
        /// What is known of it.
        compliance: Compliance,
    },
    /// The device is not enrolled, and the tenant allows that.
    Unenrolled,
    /// Nobody can tell whether the device is enrolled, and the tenant allows that.
    EnrolmentUnknown {
        /// Why.
        why: Unrecognised,
    },
    /// What is known of the device is old, or of unknown age.
    RecordStale {
        /// Seconds since its last report.
        seconds: Option<u64>,
    },
    /// Nothing proves that this is the device of the record.
    DeviceUnverified {
        /// What speaks for it.
        assurance: Assurance,
    },
}

impl Warning {
    /// Names the kind of warning; never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCompliant { .. } => "not_compliant",
            Self::Unenrolled => "unenrolled",
            Self::EnrolmentUnknown { .. } => "enrolment_unknown",
            Self::RecordStale { .. } => "record_stale",
            Self::DeviceUnverified { .. } => "device_unverified",
        }
    }

    /// Everything to be told of `device`.
    pub(crate) fn of(device: &Device) -> Vec<Self> {
        let mut warnings = Vec::new();
        match device.enrolment {
            Enrolment::Enrolled => {}
            Enrolment::Unenrolled => warnings.push(Self::Unenrolled),
            Enrolment::Unknown(why) => warnings.push(Self::EnrolmentUnknown { why }),
        }
        if device.compliance != Compliance::Compliant {
            warnings.push(Self::NotCompliant { compliance: device.compliance });
        }
        if device.enrolment == Enrolment::Enrolled {
            if device.age.is_none_or(|age| age > STALE_AFTER) {
                warnings.push(Self::RecordStale { seconds: device.age.map(|age| age.as_secs()) });
            }
            if device.assurance < Assurance::Certificate {
                warnings.push(Self::DeviceUnverified { assurance: device.assurance });
            }
        }
        warnings
    }
}
