//! What is written to a database, each in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use rh_policy::TenantId;
use rh_protocol::Consent;
use sqlx::{query, query_as, query_scalar};

use super::{Connection, HEAD_TO_LOCK, Pool, begin};
use crate::rows::{self, column, word};
use crate::session::Change;
use crate::{Checkpoint, Entry, Fact, Head, NewMessage, Note, RecordError, Signed, Timestamp, sql};

type Written<T> = Result<T, RecordError>;

pub(super) async fn record(pool: &Pool, facts: &[Fact]) -> Written<Vec<Entry>> {
    let mut tx = begin(pool).await?;
    let entries = append(&mut tx, facts).await?;
    tx.commit().await?;
    Ok(entries)
}

async fn append(tx: &mut Connection, facts: &[Fact]) -> Written<Vec<Entry>> {
    let mut heads = BTreeMap::new();
    let tenants: BTreeSet<_> = facts.iter().map(|fact| &fact.tenant).collect();
    for tenant in tenants {
        heads.insert(tenant, lock(tx, tenant).await?);
    }
    let mut entries = Vec::with_capacity(facts.len());
    for fact in facts {
        let Some(head) = heads.get_mut(&fact.tenant) else { continue };
        let entry = head.extend(fact);
        add(tx, fact, &entry).await?;
        entries.push(entry);
    }
    for (tenant, head) in heads {
        let set = query(sql::SET_HEAD).bind(tenant.as_str()).bind(column(head.seq));
        set.bind(head.hash.0.to_vec()).execute(&mut *tx).await?;
    }
    Ok(entries)
}

/// Where a chain is; it stays so until the transaction ends.
async fn lock(tx: &mut Connection, tenant: &TenantId) -> Written<Head> {
    let Head { seq, hash } = Head::START;
    let start = query(sql::ADD_CHAIN).bind(tenant.as_str()).bind(column(seq));
    start.bind(hash.0.to_vec()).execute(&mut *tx).await?;
    let head = query_as(HEAD_TO_LOCK).bind(tenant.as_str()).fetch_one(tx).await?;
    rows::head(head)
}

async fn add(tx: &mut Connection, fact: &Fact, entry: &Entry) -> Written<()> {
    let Entry { seq, at, prev, hash, body } = entry;
    let insert = query(sql::ADD_ENTRY).bind(fact.tenant.as_str()).bind(column(*seq));
    let insert = insert.bind(at.millis()).bind(prev.0.to_vec()).bind(hash.0.to_vec());
    insert.bind(body).execute(&mut *tx).await?;
    if fact.event.is_alarm() {
        let insert = query(sql::ADD_ALARM).bind(fact.tenant.as_str()).bind(column(*seq));
        insert.execute(&mut *tx).await?;
    }
    match Change::of(fact) {
        Some(change) => apply(tx, &fact.tenant, *seq, change).await,
        None => Ok(()),
    }
}

/// Keeps the tables of the reports in step with the chain.
async fn apply(tx: &mut Connection, tenant: &TenantId, seq: u64, change: Change) -> Written<()> {
    let tenant = tenant.as_str();
    match change {
        Change::Begin(it) => {
            let insert = query(sql::BEGIN_SESSION).bind(tenant).bind(it.session.to_string());
            let (helper, sharer) = (it.helper, it.sharer);
            let insert = insert.bind(helper.id.to_string()).bind(helper.full_name);
            let insert = insert.bind(helper.verified_domain).bind(sharer.id.to_string());
            let insert = insert.bind(sharer.full_name).bind(sharer.verified_domain);
            let insert = insert.bind(it.device.map(String::from)).bind(it.started.millis());
            insert.execute(tx).await?;
        }
        Change::Answer(session, it) => {
            let session = session.to_string();
            let shown = serde_json::to_string(&it.shown).expect("what was shown is JSON");
            let insert = query(sql::ADD_CONSENT).bind(tenant).bind(column(seq)).bind(&session);
            let insert = insert.bind(it.at.millis()).bind(word(&it.role)).bind(word(&it.consent));
            insert.bind(shown).execute(&mut *tx).await?;
            if it.consent == Consent::Allow {
                let allow = query(sql::ALLOW).bind(tenant).bind(&session).bind(word(&it.role));
                allow.execute(tx).await?;
            }
        }
        Change::Suspend(it) => {
            let insert = query(sql::SUSPEND).bind(tenant).bind(it.person.to_string());
            let insert = insert.bind(it.at.millis()).bind(it.session.map(|it| it.to_string()));
            insert.execute(tx).await?;
        }
        Change::Reinstate(person) => {
            query(sql::REINSTATE).bind(tenant).bind(person.to_string()).execute(tx).await?;
        }
        Change::End(session, it) => {
            let end = query(sql::END_SESSION).bind(tenant).bind(session.to_string());
            end.bind(it.at.millis()).bind(word(&it.reason)).execute(tx).await?;
        }
    }
    Ok(())
}

pub(super) async fn keep_checkpoint(
    pool: &Pool,
    checkpoint: &Checkpoint,
    document: &Signed<Checkpoint>,
) -> Written<()> {
    let mut tx = begin(pool).await?;
    add_checkpoint(&mut tx, checkpoint, document).await?;
    Ok(tx.commit().await?)
}

async fn add_checkpoint(
    tx: &mut Connection,
    checkpoint: &Checkpoint,
    document: &Signed<Checkpoint>,
) -> Written<()> {
    let Checkpoint { tenant, seq, purpose, .. } = checkpoint;
    let insert = query(sql::ADD_CHECKPOINT).bind(tenant.as_str()).bind(column(*seq));
    insert.bind(word(purpose)).bind(document.to_line()).execute(tx).await?;
    Ok(())
}

pub(super) async fn forget(
    pool: &Pool,
    anchor: &Checkpoint,
    document: &Signed<Checkpoint>,
    before: Timestamp,
) -> Written<()> {
    let mut tx = begin(pool).await?;
    let tenant = anchor.tenant.as_str();
    for delete in [sql::FORGET_ENTRIES, sql::FORGET_ALARMS, sql::FORGET_CHECKPOINTS] {
        query(delete).bind(tenant).bind(column(anchor.seq)).execute(&mut *tx).await?;
    }
    add_checkpoint(&mut tx, anchor, document).await?;
    for delete in [sql::FORGET_SESSIONS, sql::FORGET_CONSENTS] {
        query(delete).bind(tenant).bind(before.millis()).execute(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn set_rules(
    pool: &Pool,
    fact: &Fact,
    expected: u64,
    document: Option<&str>,
) -> Written<Option<u64>> {
    let mut tx = begin(pool).await?;
    let change = match expected {
        0 => query(sql::ADD_RULES).bind(fact.tenant.as_str()).bind(document),
        _ => query(sql::CHANGE_RULES)
            .bind(fact.tenant.as_str())
            .bind(document)
            .bind(column(expected)),
    };
    if change.execute(&mut *tx).await?.rows_affected() == 0 {
        return Ok(None);
    }
    append(&mut tx, std::slice::from_ref(fact)).await?;
    tx.commit().await?;
    Ok(Some(expected + 1))
}

pub(super) async fn say(pool: &Pool, message: &NewMessage) -> Written<u64> {
    let mut tx = begin(pool).await?;
    let NewMessage { tenant, session, at, author, text } = message;
    let (tenant, session) = (tenant.as_str(), session.to_string());
    let next = query_scalar(sql::NEXT_PLACE).bind(tenant).bind(&session).bind(at.millis());
    let place: i64 = next.fetch_one(&mut *tx).await?;
    let insert = query(sql::ADD_MESSAGE).bind(tenant).bind(&session).bind(place);
    let insert = insert.bind(at.millis()).bind(author.as_str()).bind(text);
    insert.execute(&mut *tx).await?;
    tx.commit().await?;
    rows::count(place)
}

pub(super) async fn forget_messages(
    pool: &Pool,
    tenant: &TenantId,
    before: Timestamp,
) -> Written<u64> {
    let mut tx = begin(pool).await?;
    let forget = query(sql::FORGET_MESSAGES).bind(tenant.as_str()).bind(before.millis());
    let forgotten = forget.execute(&mut *tx).await?.rows_affected();
    let forget = query(sql::FORGET_THREADS).bind(tenant.as_str()).bind(before.millis());
    forget.execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(forgotten)
}

pub(super) async fn keep_note(pool: &Pool, note: &Note) -> Written<()> {
    let mut tx = begin(pool).await?;
    let Note { tenant, session, about, author, name, at, text } = note;
    let (tenant, session) = (tenant.as_str(), session.to_string());
    let keep = if text.is_empty() {
        query(sql::DROP_NOTE).bind(tenant).bind(&session)
    } else {
        let keep = query(sql::KEEP_NOTE).bind(tenant).bind(&session).bind(about.as_str());
        keep.bind(author.as_str()).bind(name).bind(at.millis()).bind(text)
    };
    keep.execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn forget_notes(
    pool: &Pool,
    tenant: &TenantId,
    before: Timestamp,
) -> Written<u64> {
    let mut tx = begin(pool).await?;
    let forget = query(sql::FORGET_NOTES).bind(tenant.as_str()).bind(before.millis());
    let forgotten = forget.execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(forgotten)
}
