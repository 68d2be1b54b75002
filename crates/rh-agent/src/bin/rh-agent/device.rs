//! Which device this is.

use std::path::PathBuf;

use rh_agent::{DeviceIdentity, DeviceKey, DeviceKeyError};

/// Which device this is, for organisations that want to know.
#[derive(Debug, clap::Args)]
pub(crate) struct DeviceArgs {
    /// Serial number of this device, which your organisation knows it by.
    #[arg(long, env = "RH_DEVICE_SERIAL", value_name = "SERIAL")]
    device_serial: Option<String>,
    /// Certificate of this device from your organisation's device management (PEM), which proves
    /// which one it is; with those that lead to the authority.
    #[arg(long, env = "RH_DEVICE_CERTIFICATE", value_name = "FILE", requires = "device_key")]
    device_certificate: Option<PathBuf>,
    /// The private key of that certificate (PEM).
    #[arg(long, env = "RH_DEVICE_KEY", value_name = "FILE", requires = "device_certificate")]
    device_key: Option<PathBuf>,
}

impl DeviceArgs {
    /// What to tell the service, if anything.
    pub(crate) fn identity(&self, service: &str) -> Result<Option<DeviceIdentity>, DeviceKeyError> {
        let key = match (&self.device_key, &self.device_certificate) {
            (Some(key), Some(certificate)) => Some(DeviceKey::read(service, key, certificate)?),
            (Some(_), None) | (None, _) => None,
        };
        let serial = self.device_serial.clone();
        let any = key.is_some() || serial.is_some();
        Ok(any.then(|| DeviceIdentity { serial, udid: None, key }))
    }
}
