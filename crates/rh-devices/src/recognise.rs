//! What is known of the device that an agent shares.

use std::collections::BTreeSet;
use std::time::Duration;

use rh_policy::{Assurance, Compliance, Device, Enrolment, TenantId, Unrecognised};
use rh_records::{DeviceKey, DeviceRecord, Timestamp};

use crate::DirectoryError;

/// What an agent said of the device that it shares.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Presented {
    /// Nothing that could be looked up.
    #[default]
    Nothing,
    /// Which one it is, without a proof.
    Claimed(DeviceKey),
    /// Which one it is, and what proves that: at least [`Assurance::Certificate`].
    Proven(DeviceKey, Assurance),
}

/// What the sharer's sign-in says of the device, where the identity provider was set up to say so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignIn {
    /// The provider was not set up to.
    Silent,
    /// A device that is managed and keeps the rules, and not which.
    Compliant,
    /// No such device signed in.
    Other,
}

impl Presented {
    /// What to look up.
    pub fn key(&self) -> Option<&DeviceKey> {
        match self {
            Self::Nothing => None,
            Self::Claimed(key) | Self::Proven(key, _) => Some(key),
        }
    }
}

/// What is known at `now` of the device that a sharer of `tenant` shares.
///
/// `found` is what the directory answered about [`Presented::key`]. A device of which the directory
/// has no record is unenrolled if it only claims to be one (S-11), and unknown to the portal if the
/// management's own certificate says which it is (S-25). Without anything presented the sign-in is all
/// there is: where that should have told of the device and did not, single sign-on is missing (S-24).
/// A device of the directory that no sign-in could tell apart (S-26) or that is not registered (S-25)
/// is recognised all the same once a certificate says which it is.
pub fn recognise(
    tenant: &TenantId,
    presented: &Presented,
    found: &Result<Option<DeviceRecord>, DirectoryError>,
    sign_in: SignIn,
    now: Timestamp,
) -> Device {
    let unknown = |why| Device::unknown(tenant.clone(), why);
    let proven = match presented {
        Presented::Nothing => return of_sign_in(tenant, sign_in),
        Presented::Claimed(_) => None,
        Presented::Proven(_, assurance) => Some(*assurance),
    };
    let by_sign_in =
        if sign_in == SignIn::Compliant { Assurance::SignIn } else { Assurance::Claimed };
    let assurance = proven.unwrap_or(by_sign_in);
    match found {
        Err(_) => Device { assurance, ..unknown(Unrecognised::DirectoryUnavailable) },
        Ok(None) if proven.is_some() => Device { assurance, ..unknown(Unrecognised::NotInPortal) },
        Ok(None) => Device {
            enrolment: Enrolment::Unenrolled,
            assurance: Assurance::Claimed,
            ..unknown(Unrecognised::NotInPortal)
        },
        Ok(Some(record)) => Device {
            tenant: tenant.clone(),
            id: Some(record.id.clone()),
            groups: record.groups.clone(),
            enrolment: enrolment(record.enrolment, proven.is_some()),
            compliance: record.compliance,
            age: age(record, now),
            assurance,
        },
    }
}

/// Nothing was presented.
fn of_sign_in(tenant: &TenantId, sign_in: SignIn) -> Device {
    let unknown = |why| Device::unknown(tenant.clone(), why);
    match sign_in {
        SignIn::Silent => unknown(Unrecognised::NothingPresented),
        SignIn::Other => unknown(Unrecognised::SingleSignOnMissing),
        SignIn::Compliant => Device {
            tenant: tenant.clone(),
            id: None,
            groups: BTreeSet::new(),
            enrolment: Enrolment::Enrolled,
            compliance: Compliance::Compliant,
            // The provider does not say when the device last reported.
            age: None,
            assurance: Assurance::SignIn,
        },
    }
}

fn enrolment(recorded: Enrolment, proven: bool) -> Enrolment {
    use Unrecognised as U;
    match recorded {
        Enrolment::Unknown(U::NotInPortal | U::NoUserAffinity) if proven => Enrolment::Enrolled,
        Enrolment::Enrolled | Enrolment::Unenrolled | Enrolment::Unknown(_) => recorded,
    }
}

/// Time since the last report.
fn age(record: &DeviceRecord, now: Timestamp) -> Option<Duration> {
    let since = now.millis().saturating_sub(record.reported?.millis());
    // A report from the future is one of a device whose clock is wrong.
    Some(Duration::from_millis(u64::try_from(since).unwrap_or(0)))
}

#[cfg(test)]
mod tests;
