//! Devices in the database of the records.

use std::sync::Arc;

use async_trait::async_trait;
use rh_policy::TenantId;
use rh_records::{DeviceKey, DeviceRecord, DeviceStore};

use crate::{DeviceDirectory, DirectoryError};

/// Devices in one read.
const PAGE: u32 = 1000;

/// What was imported, or told by the device management's webhook, of one tenant's devices.
#[derive(Debug)]
pub struct Stored {
    tenant: TenantId,
    store: Arc<dyn DeviceStore>,
}

impl Stored {
    /// The devices of `tenant`.
    pub fn new(tenant: TenantId, store: Arc<dyn DeviceStore>) -> Self {
        Self { tenant, store }
    }
}

#[async_trait]
impl DeviceDirectory for Stored {
    async fn find(&self, key: &DeviceKey) -> Result<Option<DeviceRecord>, DirectoryError> {
        Ok(self.store.device(&self.tenant, key).await?)
    }

    async fn all(&self) -> Result<Vec<DeviceRecord>, DirectoryError> {
        let mut all: Vec<DeviceRecord> = Vec::new();
        loop {
            let after = all.last().map(|it| &it.id);
            let page = self.store.devices(&self.tenant, after, PAGE).await?;
            let last = page.len() < PAGE as usize;
            all.extend(page);
            if last {
                return Ok(all);
            }
        }
    }
}
