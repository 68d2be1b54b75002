//! Rows of the tables, as both backends read them, to values and back.

use rh_policy::{PersonId, TenantId};
use rh_protocol::SessionId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    DeviceRecord, Ended, Entry, Given, Hash, Head, Message, Note, Party, RecordError, Rules,
    SessionRecord, Suspension, Timestamp,
};

type Read<T> = Result<T, RecordError>;

/// Number and hash.
pub(crate) type HeadRow = (i64, Vec<u8>);

/// Number, time, hash before, hash, and body.
pub(crate) type EntryRow = (i64, i64, Vec<u8>, Vec<u8>, String);

/// Session, helper, sharer, device, start, end, reason and role.
pub(crate) type SessionRow = (
    String,
    String,
    Option<String>,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
    Option<i64>,
    Option<String>,
    Option<String>,
);

/// Time, role, consent and what was shown.
pub(crate) type ConsentRow = (i64, String, String, String);

/// Tenant, version and document.
pub(crate) type RulesRow = (String, i64, Option<String>);

/// Place, time, author and text.
pub(crate) type MessageRow = (i64, i64, String, String);

/// Session, author, the author's name, time and text.
pub(crate) type NoteRow = (String, String, Option<String>, i64, String);

/// Id, serial number, UDID, name, person, groups, enrolment, compliance, last report, source and when
/// it said so.
pub(crate) type DeviceRow = (
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    String,
    String,
    Option<i64>,
    String,
    i64,
);

/// Tenant, person, time and session.
pub(crate) type SuspensionRow = (String, String, i64, Option<String>);

pub(crate) fn suspension((tenant, person, at, session): SuspensionRow) -> Read<Suspension> {
    let session = session.map(|it| parse(&it)).transpose()?;
    Ok(Suspension { tenant: parse(&tenant)?, person: parse(&person)?, at: time(at)?, session })
}

pub(crate) fn head((seq, bytes): HeadRow) -> Read<Head> {
    Ok(Head { seq: count(seq)?, hash: hash(bytes)? })
}

pub(crate) fn entry((seq, at, prev, bytes, body): EntryRow) -> Read<Entry> {
    let (seq, at) = (count(seq)?, time(at)?);
    Ok(Entry { seq, at, prev: hash(prev)?, hash: hash(bytes)?, body })
}

pub(crate) fn session(tenant: &TenantId, row: SessionRow) -> Read<SessionRecord> {
    let (id, helper, helper_name, helper_domain, sharer, sharer_name, sharer_domain, ..) = &row;
    let (.., device, started, ended, reason, role) = &row;
    let ended = match (ended, reason) {
        (Some(at), Some(reason)) => Some(Ended { at: time(*at)?, reason: read(reason)? }),
        (Some(_), None) | (None, Some(_) | None) => None,
    };
    Ok(SessionRecord {
        tenant: tenant.clone(),
        session: parse::<SessionId>(id)?,
        helper: party(helper, helper_name, helper_domain)?,
        sharer: party(sharer, sharer_name, sharer_domain)?,
        device: device.as_deref().map(parse).transpose()?,
        started: time(*started)?,
        ended,
        role: role.as_deref().map(read).transpose()?,
    })
}

pub(crate) fn given((at, role, consent, shown): ConsentRow) -> Read<Given> {
    let shown = serde_json::from_str(&shown).map_err(damaged)?;
    Ok(Given { at: time(at)?, role: read(&role)?, consent: read(&consent)?, shown })
}

pub(crate) fn rules((tenant, version, document): RulesRow) -> Read<Rules> {
    Ok(Rules { tenant: parse(&tenant)?, version: count(version)?, document })
}

pub(crate) fn message((place, at, author, text): MessageRow) -> Read<Message> {
    Ok(Message { place: count(place)?, at: time(at)?, author: parse(&author)?, text })
}

pub(crate) fn note(
    tenant: &TenantId,
    about: &PersonId,
    (session, author, name, at, text): NoteRow,
) -> Read<Note> {
    let (session, author, at) = (parse(&session)?, parse(&author)?, time(at)?);
    Ok(Note { tenant: tenant.clone(), session, about: about.clone(), author, name, at, text })
}

fn party(id: &str, name: &Option<String>, domain: &Option<String>) -> Read<Party> {
    Ok(Party { id: parse(id)?, full_name: name.clone(), verified_domain: domain.clone() })
}

/// A counter, as the tables hold it.
pub(crate) fn device(tenant: &TenantId, row: DeviceRow) -> Read<DeviceRecord> {
    let (id, serial, udid, name, person, groups, enrolment, ..) = row;
    let (.., compliance, reported, source, told) = row;
    Ok(DeviceRecord {
        tenant: tenant.clone(),
        id: parse(&id)?,
        serial: serial.as_deref().map(parse).transpose()?,
        udid: udid.as_deref().map(parse).transpose()?,
        name,
        person,
        groups: serde_json::from_str(&groups).map_err(damaged)?,
        enrolment: serde_json::from_str(&enrolment).map_err(damaged)?,
        compliance: read(&compliance)?,
        reported: reported.map(time).transpose()?,
        source: read(&source)?,
        told: time(told)?,
    })
}

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("what is kept is JSON")
}

pub(crate) fn column(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) fn count(column: i64) -> Read<u64> {
    u64::try_from(column).map_err(damaged)
}

fn time(millis: i64) -> Read<Timestamp> {
    Timestamp::from_millis(millis).map_err(damaged)
}

fn hash(bytes: Vec<u8>) -> Read<Hash> {
    let bytes = bytes.try_into().map_err(|_| damaged("a hash that is not of 32 bytes"))?;
    Ok(Hash(bytes))
}

/// The word that JSON has for a value.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        other => unreachable!("not a word: {other:?}"),
    }
}

fn read<T: DeserializeOwned>(word: &str) -> Read<T> {
    serde_json::from_value(Value::from(word)).map_err(damaged)
}

/// An id, as it is written.
pub(crate) fn parse<T: std::str::FromStr<Err: ToString>>(text: &str) -> Read<T> {
    text.parse().map_err(damaged)
}

fn damaged(what: impl ToString) -> RecordError {
    RecordError::Damaged(what.to_string())
}
