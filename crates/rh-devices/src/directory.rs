//! The port.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use rh_records::{DeviceKey, DeviceRecord, RecordError};

/// Who knows the devices of one organisation.
///
/// Made for one tenant, so that no question can reach another's devices.
#[async_trait]
pub trait DeviceDirectory: Debug + Send + Sync {
    /// The device of that serial number or UDID; `None` if the directory knows none.
    async fn find(&self, key: &DeviceKey) -> Result<Option<DeviceRecord>, DirectoryError>;

    /// All devices.
    async fn all(&self) -> Result<Vec<DeviceRecord>, DirectoryError>;
}

/// Why the directory gives no answer. None of them says anything of a device.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DirectoryError {
    /// It does not answer, or not as it should: look after it.
    #[error("the device directory does not answer as it should: {0}")]
    Unavailable(String),
    /// It was asked too often: wait.
    #[error("the device directory was asked too often; it answers again in {} s", .0.as_secs())]
    Throttled(Duration),
    /// It wants a sign-in of the service with these claims first (a claims challenge of Microsoft
    /// Graph); JSON.
    #[error("the device directory asks the service for another sign-in: {0}")]
    ClaimsChallenge(String),
    /// It does not let the service in: correct the secret, or give the permission.
    #[error("the device directory does not let the service in: {0}")]
    Refused(String),
}

impl From<RecordError> for DirectoryError {
    fn from(error: RecordError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
