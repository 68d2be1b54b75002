//! What is known of devices, in a database.

use async_trait::async_trait;
use rh_policy::{Compliance, DeviceId, TenantId};
use sqlx::{query, query_as};

use super::{Connection, DEVICES_TO_LOCK, Database, begin};
use crate::rows::{self, DeviceRow, json, word};
use crate::{
    DeviceKey, DeviceRecord, DeviceSource, DeviceStore, DeviceWord, RecordError, Timestamp, sql,
};

#[async_trait]
impl DeviceStore for Database {
    async fn device(
        &self,
        tenant: &TenantId,
        key: &DeviceKey,
    ) -> Result<Option<DeviceRecord>, RecordError> {
        let (select, hardware) = match key {
            DeviceKey::Serial(serial) => (sql::DEVICE_BY_SERIAL, serial),
            DeviceKey::Udid(udid) => (sql::DEVICE_BY_UDID, udid),
        };
        let query = query_as(select).bind(tenant.as_str()).bind(hardware.as_str());
        let row: Option<DeviceRow> = query.fetch_optional(&self.readers).await?;
        row.map(|row| rows::device(tenant, row)).transpose()
    }

    async fn devices(
        &self,
        tenant: &TenantId,
        after: Option<&DeviceId>,
        most: u32,
    ) -> Result<Vec<DeviceRecord>, RecordError> {
        // No id is empty, so all of them follow that.
        let after = after.map_or("", DeviceId::as_str);
        let query = query_as(sql::DEVICES).bind(tenant.as_str()).bind(after).bind(i64::from(most));
        let found: Vec<DeviceRow> = query.fetch_all(&self.readers).await?;
        found.into_iter().map(|row| rows::device(tenant, row)).collect()
    }

    async fn tell_devices(
        &self,
        tenant: &TenantId,
        words: &[DeviceWord],
        forget: Option<(DeviceSource, Timestamp)>,
    ) -> Result<usize, RecordError> {
        let mut tx = begin(&self.writer).await?;
        query(DEVICES_TO_LOCK).bind(tenant.as_str()).execute(&mut *tx).await?;
        let mut heard = 0;
        for word in words {
            heard += usize::from(tell(&mut tx, tenant, word).await?);
        }
        if let Some((source, before)) = forget {
            let forget = query(sql::FORGET_DEVICES).bind(tenant.as_str());
            forget.bind(word(&source)).bind(before.millis()).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(heard)
    }
}

/// Whether the word was heard.
async fn tell(
    tx: &mut Connection,
    tenant: &TenantId,
    said: &DeviceWord,
) -> Result<bool, RecordError> {
    let Some(own) = said.own_id() else { return Ok(false) };
    let (serial, udid) = (said.serial.as_ref(), said.udid.as_ref());
    let same = query_as(sql::SAME_DEVICE).bind(tenant.as_str()).bind(serial.map(|it| it.as_str()));
    let same = same.bind(udid.map(|it| it.as_str())).bind(own.as_str());
    let same: Vec<(String, i64)> = same.fetch_all(&mut *tx).await?;
    if same.iter().any(|(_, told)| *told > said.told.millis()) {
        return Ok(false);
    }
    for (id, _) in same.iter().skip(1) {
        query(sql::FORGET_DEVICE).bind(tenant.as_str()).bind(id).execute(&mut *tx).await?;
    }
    let (before, id) = match same.first() {
        Some((before, _)) => (before, said.id.as_ref().map_or(before.as_str(), DeviceId::as_str)),
        None => {
            add(tx, tenant, &own, said).await?;
            return Ok(true);
        }
    };
    let update = query(sql::TELL_DEVICE).bind(tenant.as_str()).bind(before).bind(id);
    let update = update.bind(serial.map(|it| it.as_str())).bind(udid.map(|it| it.as_str()));
    let update = update.bind(&said.name).bind(&said.person);
    let update =
        update.bind(said.groups.as_ref().map(json)).bind(said.enrolment.map(|it| json(&it)));
    let update = update.bind(said.compliance.map(|it| word(&it)));
    let update = update.bind(said.reported.map(Timestamp::millis));
    update.bind(word(&said.source)).bind(said.told.millis()).execute(tx).await?;
    Ok(true)
}

async fn add(
    tx: &mut Connection,
    tenant: &TenantId,
    id: &DeviceId,
    said: &DeviceWord,
) -> Result<(), RecordError> {
    let DeviceWord { serial, udid, name, person, .. } = said;
    let insert = query(sql::ADD_DEVICE).bind(tenant.as_str()).bind(id.as_str());
    let insert = insert.bind(serial.as_ref().map(|it| it.as_str()));
    let insert = insert.bind(udid.as_ref().map(|it| it.as_str())).bind(name).bind(person);
    let insert = insert.bind(json(&said.groups.clone().unwrap_or_default()));
    let insert = insert.bind(json(&said.enrolment.unwrap_or(rh_policy::Enrolment::Unenrolled)));
    let insert = insert.bind(word(&said.compliance.unwrap_or(Compliance::Unknown)));
    let insert = insert.bind(said.reported.map(Timestamp::millis)).bind(word(&said.source));
    insert.bind(said.told.millis()).execute(tx).await?;
    Ok(())
}
