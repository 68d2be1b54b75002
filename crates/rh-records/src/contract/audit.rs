//! That tampering shows, in the database itself.

use std::sync::Arc;

use super::Ground;
use super::sample::{DAY, day, key, second, sign_in, tenant, trust};
use crate::RecordStore;
use crate::audit::{AuditError, Broken, verify};
use crate::upkeep::{Retention, retain, seal};

/// Ten entries, sealed at the eighth.
async fn ten(ground: &dyn Ground) -> Arc<dyn RecordStore> {
    let store = ground.fresh().await;
    let facts: Vec<_> = (1..=10).map(|n| sign_in(second(n), &format!("person-{n}"))).collect();
    store.record(&facts[..8]).await.expect("recorded");
    seal(&*store, &tenant(), &key(), second(8)).await.expect("sealed").expect("a seal");
    store.record(&facts[8..]).await.expect("recorded");
    store
}

/// The audit may run while the service does.
pub(super) async fn a_growing_chain_holds(ground: &dyn Ground) {
    let store = ten(ground).await;
    let writing = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            for n in 0..100 {
                store.record(&[sign_in(day(n), "ada")]).await.expect("recorded");
            }
        }
    });
    while !writing.is_finished() {
        verify(&*store, &tenant(), &trust(), &[]).await.expect("it holds");
    }
    writing.await.expect("the writer is done");
    let verified = verify(&*store, &tenant(), &trust(), &[]).await.expect("it holds");
    assert_eq!((verified.last, verified.sealed), (110, 8));
}

/// B-13: an edited, removed, swapped or inserted row fails verification, and is named.
pub(super) async fn tampering_is_noticed(ground: &dyn Ground) {
    let cases = [
        ("UPDATE entries SET body = replace(body, 'person-5', 'person-6')", "Altered(5)"),
        ("UPDATE entries SET at = at + 1 WHERE seq = 4", "Misfiled(4)"),
        ("UPDATE entries SET hash = prev WHERE seq = 6", "Altered(6)"),
        ("DELETE FROM entries WHERE seq = 1", "Missing { from: 1, to: 1 }"),
        ("DELETE FROM entries WHERE seq IN (6, 7)", "Missing { from: 6, to: 7 }"),
        ("DELETE FROM entries WHERE seq > 8", "Missing { from: 9, to: 10 }"),
        (
            "UPDATE entries SET seq = 20 WHERE seq = 3; UPDATE entries SET seq = 3 WHERE seq = 4; \
             UPDATE entries SET seq = 4 WHERE seq = 20",
            "Unlinked(3)",
        ),
        (
            "INSERT INTO entries SELECT tenant, 11, at, prev, hash, body FROM entries \
             WHERE seq = 10",
            "Surplus(11)",
        ),
        (
            "DELETE FROM entries WHERE seq > 5; \
             UPDATE chains SET seq = 5, hash = (SELECT hash FROM entries WHERE seq = 5)",
            "Missing { from: 6, to: 8 }",
        ),
        (
            "UPDATE checkpoints SET document = replace(document, '\"seq\":8', '\"seq\":7')",
            "Checkpoint(Forged)",
        ),
        ("UPDATE chains SET seq = 9", "Surplus(10)"),
        ("DELETE FROM chains", "Surplus(1)"),
    ];
    for (sql, expected) in cases {
        let store = ten(ground).await;
        ground.tamper(sql).await;
        match verify(&*store, &tenant(), &trust(), &[]).await {
            Err(AuditError::Broken(broken)) => assert_eq!(format!("{broken:?}"), expected, "{sql}"),
            other => panic!("{sql}: {other:?}"),
        }
    }
}

/// Retention must not take the traces of tampering away.
pub(super) async fn nothing_is_deleted_from_a_broken_chain(ground: &dyn Ground) {
    let store = ten(ground).await;
    ground.tamper("UPDATE entries SET body = replace(body, 'person-5', 'person-6')").await;
    let keep = Retention { records: DAY, chat: DAY };
    let refused = retain(&*store, &tenant(), (&key(), &trust()), keep, day(9)).await;
    assert!(matches!(refused, Err(AuditError::Broken(Broken::Altered(5)))), "{refused:?}");
    assert_eq!(store.entries(&tenant(), 0, 99).await.expect("entries").len(), 10);
}
