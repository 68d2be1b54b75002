//! Entries and chains.

use std::sync::Arc;

use super::Ground;
use super::sample::{second, sign_in, tenant, trust};
use crate::{Event, Fact, Head, audit};

pub(super) async fn entries_follow_one_another(ground: &dyn Ground) {
    let store = ground.fresh().await;
    assert_eq!(store.head(&tenant()).await.expect("a head"), Head::START);
    assert_eq!(store.tenants().await.expect("tenants"), []);
    let facts: Vec<_> = (0..5).map(|n| sign_in(second(n), "ada")).collect();
    let mut head = Head::START;
    let expected: Vec<_> = facts.iter().map(|fact| head.extend(fact)).collect();
    let mut entries = store.record(&facts[..2]).await.expect("recorded");
    entries.extend(store.record(&facts[2..]).await.expect("recorded"));
    assert_eq!(entries, expected);
    assert_eq!(store.record(&[]).await.expect("nothing to record"), []);
    assert_eq!(store.head(&tenant()).await.expect("a head"), head);
    assert_eq!(store.entries(&tenant(), 0, 100).await.expect("entries"), expected);
    assert_eq!(store.entries(&tenant(), 1, 2).await.expect("a page"), expected[1..3]);
    assert_eq!(store.entries(&tenant(), 5, 2).await.expect("a page"), []);
    let before = store.last_before(&tenant(), second(3)).await.expect("found");
    assert_eq!(before, Some(expected[2].head()));
    assert_eq!(store.last_before(&tenant(), second(0)).await.expect("found"), None);
    assert_eq!(store.last_before(&tenant(), second(9)).await.expect("found"), Some(head));
}

/// A clock that was set back does not let retention delete what is younger.
pub(super) async fn a_clock_may_step_back(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let facts = [5, 9, 3, 7].map(|n| sign_in(second(n), "ada"));
    let entries = store.record(&facts).await.expect("recorded");
    let before = store.last_before(&tenant(), second(8)).await.expect("found");
    assert_eq!(before, Some(entries[0].head()));
    audit::verify(&*store, &tenant(), &trust(), &[]).await.expect("it holds");
}

pub(super) async fn tenants_have_chains_of_their_own(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let other = |fact: Fact| Fact { tenant: "Fabrikam|2".parse().expect("an id"), ..fact };
    let facts = [0, 1, 2, 3].map(|n| sign_in(second(n), "ada"));
    let [a, b, c, d] = facts.clone();
    let entries = store.record(&[other(a), b, other(c), d]).await.expect("recorded");
    let numbers: Vec<_> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(numbers, [1, 1, 2, 2]);
    let tenants = store.tenants().await.expect("tenants");
    assert_eq!(tenants, ["Fabrikam|2".parse().expect("an id"), tenant()]);
    for tenant in &tenants {
        let verified = audit::verify(&*store, tenant, &trust(), &[]).await.expect("it holds");
        assert_eq!((verified.first, verified.last), (1, 2));
    }
}

/// Programs on many machines write at once; each acknowledged entry is in the chain, once.
pub(super) async fn writers_at_once_make_one_chain(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let writers = (0..8).map(|writer| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for n in 0..20 {
                let mine = sign_in(second(n), &format!("w{writer}-{n}"));
                let theirs = Fact { tenant: "other".parse().expect("an id"), ..mine.clone() };
                // In both orders, which must not make writers wait for one another in a circle.
                let facts = if writer % 2 == 0 { [mine, theirs] } else { [theirs, mine] };
                store.record(&facts).await.expect("recorded");
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    for writer in writers {
        writer.await.expect("no writer fails");
    }
    let verified = audit::verify(&*store, &tenant(), &trust(), &[]).await.expect("it holds");
    assert_eq!(verified.last, 160);
    let entries = store.entries(&tenant(), 0, 1000).await.expect("entries");
    let people: std::collections::BTreeSet<_> = entries
        .iter()
        .map(|entry| entry.body().expect("a body").event["person"].to_string())
        .collect();
    assert_eq!(people.len(), 160);
}

/// A batch that fails leaves nothing behind.
pub(super) async fn a_batch_is_kept_whole_or_not_at_all(ground: &dyn Ground) {
    let store = ground.fresh().await;
    store.record(&[sign_in(second(0), "ada")]).await.expect("recorded");
    let head = store.head(&tenant()).await.expect("a head");
    // The chain says that it is shorter than it is, so the second entry of the batch has a number
    // that is taken.
    ground.tamper("INSERT INTO entries SELECT tenant, 3, at, prev, hash, body FROM entries").await;
    let lost = |n| Fact { event: Event::Lost { events: n }, ..sign_in(second(n), "ada") };
    store.record(&[lost(1), lost(2)]).await.expect_err("the number is taken");
    assert_eq!(store.head(&tenant()).await.expect("a head"), head);
    let numbers: Vec<_> = store
        .entries(&tenant(), 0, 9)
        .await
        .expect("entries")
        .iter()
        .map(|entry| entry.seq)
        .collect();
    assert_eq!(numbers, [1, 3]);
}
