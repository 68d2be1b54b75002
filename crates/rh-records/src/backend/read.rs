//! What is asked of a database.

use rh_policy::{PersonId, TenantId};
use rh_protocol::SessionId;
use sqlx::{query_as, query_scalar};

use super::Pool;
use crate::rows::{
    self, ConsentRow, EntryRow, HeadRow, MessageRow, NoteRow, RulesRow, SessionRow, SuspensionRow,
    column,
};
use crate::{
    Entry, Given, Head, Message, Note, RecordError, Rules, SessionRecord, Suspension, Timestamp,
    sql,
};

type Read<T> = Result<T, RecordError>;

pub(super) async fn tenants(pool: &Pool) -> Read<Vec<TenantId>> {
    let names: Vec<String> = query_scalar(sql::TENANTS).fetch_all(pool).await?;
    let tenants: Read<Vec<TenantId>> = names.iter().map(|name| rows::parse(name)).collect();
    // Databases differ in how they sort text.
    tenants.map(|mut tenants| {
        tenants.sort();
        tenants
    })
}

pub(super) async fn head(pool: &Pool, tenant: &TenantId) -> Read<Head> {
    let row: Option<HeadRow> =
        query_as(sql::HEAD).bind(tenant.as_str()).fetch_optional(pool).await?;
    row.map_or(Ok(Head::START), rows::head)
}

pub(super) async fn entries(
    pool: &Pool,
    tenant: &TenantId,
    after: u64,
    most: u32,
) -> Read<Vec<Entry>> {
    let query = query_as(sql::ENTRIES).bind(tenant.as_str()).bind(column(after));
    let found: Vec<EntryRow> = query.bind(i64::from(most)).fetch_all(pool).await?;
    found.into_iter().map(rows::entry).collect()
}

pub(super) async fn alarms(pool: &Pool, tenant: &TenantId, most: u32) -> Read<Vec<Entry>> {
    let query = query_as(sql::ALARMS).bind(tenant.as_str()).bind(i64::from(most));
    let found: Vec<EntryRow> = query.fetch_all(pool).await?;
    found.into_iter().map(rows::entry).collect()
}

pub(super) async fn last_before(
    pool: &Pool,
    tenant: &TenantId,
    time: Timestamp,
) -> Read<Option<Head>> {
    let query = query_as(sql::LAST_BEFORE).bind(tenant.as_str()).bind(time.millis());
    let row: Option<HeadRow> = query.fetch_optional(pool).await?;
    row.map(rows::head).transpose()
}

pub(super) async fn checkpoints(pool: &Pool, tenant: &TenantId) -> Read<Vec<String>> {
    Ok(query_scalar(sql::CHECKPOINTS).bind(tenant.as_str()).fetch_all(pool).await?)
}

pub(super) async fn session(
    pool: &Pool,
    tenant: &TenantId,
    session: SessionId,
) -> Read<Option<SessionRecord>> {
    let query = query_as(sql::SESSION).bind(tenant.as_str()).bind(session.to_string());
    let row: Option<SessionRow> = query.fetch_optional(pool).await?;
    row.map(|row| rows::session(tenant, row)).transpose()
}

pub(super) async fn sessions(
    pool: &Pool,
    tenant: &TenantId,
    before: Timestamp,
    past: Option<SessionId>,
    most: u32,
) -> Read<Vec<SessionRecord>> {
    let query = query_as(sql::SESSIONS).bind(tenant.as_str()).bind(before.millis());
    let query = query.bind(i64::from(most)).bind(past.map(String::from));
    let found: Vec<SessionRow> = query.fetch_all(pool).await?;
    found.into_iter().map(|row| rows::session(tenant, row)).collect()
}

pub(super) async fn consents(
    pool: &Pool,
    tenant: &TenantId,
    session: SessionId,
) -> Read<Vec<Given>> {
    let query = query_as(sql::CONSENTS).bind(tenant.as_str()).bind(session.to_string());
    let found: Vec<ConsentRow> = query.fetch_all(pool).await?;
    found.into_iter().map(rows::given).collect()
}

pub(super) async fn rules(pool: &Pool) -> Read<Vec<Rules>> {
    let found: Vec<RulesRow> = query_as(sql::RULES).fetch_all(pool).await?;
    let rules: Read<Vec<Rules>> = found.into_iter().map(rows::rules).collect();
    rules.map(|mut rules| {
        rules.sort_by(|a, b| a.tenant.cmp(&b.tenant));
        rules
    })
}

pub(super) async fn thread(
    pool: &Pool,
    tenant: &TenantId,
    session: SessionId,
    after: u64,
    most: u32,
) -> Read<Vec<Message>> {
    let query = query_as(sql::THREAD).bind(tenant.as_str()).bind(session.to_string());
    let query = query.bind(column(after)).bind(i64::from(most));
    let found: Vec<MessageRow> = query.fetch_all(pool).await?;
    found.into_iter().map(rows::message).collect()
}

pub(super) async fn notes(
    pool: &Pool,
    tenant: &TenantId,
    about: &PersonId,
    most: u32,
) -> Read<Vec<Note>> {
    let query = query_as(sql::NOTES).bind(tenant.as_str()).bind(about.as_str());
    let found: Vec<NoteRow> = query.bind(i64::from(most)).fetch_all(pool).await?;
    found.into_iter().map(|row| rows::note(tenant, about, row)).collect()
}

pub(super) async fn suspensions(pool: &Pool) -> Read<Vec<Suspension>> {
    let found: Vec<SuspensionRow> = query_as(sql::SUSPENSIONS).fetch_all(pool).await?;
    found.into_iter().map(rows::suspension).collect()
}

pub(super) async fn have_met(
    pool: &Pool,
    tenant: &TenantId,
    (helper, sharer): (&PersonId, &PersonId),
    but: SessionId,
) -> Read<bool> {
    let query = query_scalar(sql::HAVE_MET).bind(tenant.as_str()).bind(helper.to_string());
    let query = query.bind(sharer.to_string()).bind(but.to_string());
    let earlier: i64 = query.fetch_one(pool).await?;
    Ok(earlier > 0)
}

pub(super) async fn names(
    pool: &Pool,
    tenant: &TenantId,
    most: u32,
) -> Read<Vec<(PersonId, String)>> {
    let query = query_as(sql::NAMES).bind(tenant.as_str()).bind(i64::from(most));
    let found: Vec<(String, String)> = query.fetch_all(pool).await?;
    found.into_iter().map(|(person, name)| Ok((rows::parse(&person)?, name))).collect()
}
