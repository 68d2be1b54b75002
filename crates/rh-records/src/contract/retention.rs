//! What is deleted, and that what stays can be verified.

use rh_protocol::{Consent, Role, SessionId};

use super::Ground;
use super::sample::{DAY, answer, day, end, key, sign_in, start, tenant, trust};
use crate::audit::{self, Verified};
use crate::upkeep::{Retention, retain, seal};
use crate::{RecordStore, Timestamp};

const KEEP: Retention = Retention { records: DAY.saturating_mul(30), chat: DAY };

async fn kept_until(store: &dyn RecordStore, now: Timestamp) -> Verified {
    retain(store, &tenant(), (&key(), &trust()), KEEP, now).await.expect("it holds");
    audit::verify(store, &tenant(), &trust(), &[]).await.expect("what stays holds")
}

/// M-08, B-13: thirty days, and the chain can still be verified.
pub(super) async fn old_entries_go_and_the_rest_holds(ground: &dyn Ground) {
    assert_eq!(Retention::default().records, KEEP.records);
    let store = ground.fresh().await;
    for n in 0..40 {
        store.record(&[sign_in(day(n), "ada")]).await.expect("recorded");
        if n % 7 == 0 {
            seal(&*store, &tenant(), &key(), day(n)).await.expect("sealed").expect("a seal");
        }
    }
    let verified = kept_until(&*store, day(20)).await;
    assert_eq!((verified.first, verified.last, verified.sealed), (1, 40, 36));
    let verified = kept_until(&*store, day(35)).await;
    assert_eq!((verified.first, verified.last), (6, 40));
    let verified = kept_until(&*store, day(39)).await;
    assert_eq!((verified.first, verified.last, verified.sealed), (10, 40, 36));
    // Six seals, three of them beneath the anchor.
    assert_eq!(store.checkpoints(&tenant()).await.expect("checkpoints").len(), 5);
}

pub(super) async fn everything_may_be_old(ground: &dyn Ground) {
    let store = ground.fresh().await;
    store.record(&[sign_in(day(0), "ada"), sign_in(day(1), "ada")]).await.expect("recorded");
    let verified = kept_until(&*store, day(90)).await;
    assert_eq!((verified.first, verified.last), (3, 2));
    let entries = store.record(&[sign_in(day(90), "ada")]).await.expect("recorded");
    assert_eq!(entries[0].seq, 3);
    let verified = kept_until(&*store, day(90)).await;
    assert_eq!((verified.first, verified.last), (3, 3));
}

pub(super) async fn what_reports_need_goes_too(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let [old, unfinished, young] = [1, 2, 3].map(SessionId);
    let allow = |at, session| answer(at, session, Role::View, Consent::Allow);
    let facts = [
        start(day(0), old),
        allow(day(0), old),
        end(day(0), old),
        start(day(1), unfinished),
        allow(day(1), unfinished),
        start(day(2), young),
        allow(day(2), young),
        end(day(40), young),
    ];
    store.record(&facts).await.expect("recorded");
    kept_until(&*store, day(45)).await;
    let left = store.sessions(&tenant(), day(99), None, 9).await.expect("sessions");
    assert_eq!(left.iter().map(|it| it.session).collect::<Vec<_>>(), [young]);
    for (session, answers) in [(old, 0), (unfinished, 0), (young, 1)] {
        let consents = store.consents(&tenant(), session).await.expect("consents");
        assert_eq!(consents.len(), answers, "{session}");
    }
}
