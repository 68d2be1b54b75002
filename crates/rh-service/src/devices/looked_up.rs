//! What directories answered about devices, as the audit log has it.

use rh_devices::{DeviceKey, DeviceRecord, DeviceSource, DirectoryError};
use rh_policy::{Assurance, Device, DeviceId};
use rh_protocol::SessionId;
use rh_records::{DirectoryAnswer, Event as Recorded};

use super::settings::Source;
use crate::hub::Caller;

/// One answer about one device that was presented.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct LookedUp {
    pub(super) presented: DeviceKey,
    directory: Source,
    answer: DirectoryAnswer,
    source: Option<DeviceSource>,
    device: Option<DeviceId>,
    assurance: Assurance,
}

impl LookedUp {
    /// What `directory` answered about `presented`, which is recognised as `device`.
    pub(crate) fn new(
        presented: &DeviceKey,
        directory: Source,
        found: &Result<Option<DeviceRecord>, DirectoryError>,
        device: &Device,
    ) -> Self {
        let (answer, source) = match found {
            Ok(Some(record)) => (DirectoryAnswer::Found, Some(record.source)),
            Ok(None) => (DirectoryAnswer::NotFound, None),
            Err(_) => (DirectoryAnswer::Unavailable, None),
        };
        let (presented, device, assurance) =
            (presented.clone(), device.id.clone(), device.assurance);
        Self { presented, directory, answer, source, device, assurance }
    }

    /// What is recorded of it, about somebody who is connected and perhaps in a session.
    pub(crate) fn event(self, sharer: &Caller, session: Option<SessionId>) -> Recorded {
        let Self { presented, directory, answer, source, device, assurance } = self;
        let (person, address) = (sharer.person.id.clone(), Some(sharer.address));
        let directory = directory.word().to_owned();
        Recorded::DeviceLookedUp {
            person,
            address,
            session,
            presented,
            directory,
            answer,
            source,
            device,
            assurance,
        }
    }
}
