//! Rules that administrators changed.

use super::Ground;
use super::sample::{second, sign_in, tenant, trust};
use crate::{Rules, audit};

/// A change is kept with its entry in the chain, or not at all.
pub(super) async fn rules_change_with_their_entry(ground: &dyn Ground) {
    let store = ground.fresh().await;
    assert_eq!(store.rules().await.expect("rules"), []);
    let fact = sign_in(second(1), "ada");
    let first = store.set_rules(&fact, 0, Some("{\"a\":\"\u{202b}\"}")).await.expect("set");
    assert_eq!(first, Some(1));
    let second_version = store.set_rules(&fact, 1, Some("{}")).await.expect("set");
    assert_eq!(second_version, Some(2));
    let kept = Rules { tenant: tenant(), version: 2, document: Some("{}".to_owned()) };
    assert_eq!(store.rules().await.expect("rules"), std::slice::from_ref(&kept));

    // Who saw an older version changes nothing, and leaves no entry.
    for expected in [0, 1, 3] {
        let late = store.set_rules(&fact, expected, Some("late")).await.expect("an answer");
        assert_eq!(late, None, "{expected}");
    }
    assert_eq!(store.rules().await.expect("rules"), [kept]);
    let verified = audit::verify(&*store, &tenant(), &trust(), &[]).await.expect("it holds");
    assert_eq!(verified.last, 2);

    // Given back, and the number still counts up.
    assert_eq!(store.set_rules(&fact, 2, None).await.expect("set"), Some(3));
    let back = Rules { tenant: tenant(), version: 3, document: None };
    assert_eq!(store.rules().await.expect("rules"), [back]);
    assert_eq!(store.set_rules(&fact, 3, Some("{}")).await.expect("set"), Some(4));
}

/// Of many who change the same at once one is first, and the others learn that.
pub(super) async fn one_change_wins(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let changing = (0..8).map(|n| {
        let store = std::sync::Arc::clone(&store);
        tokio::spawn(async move {
            let fact = sign_in(second(n), "ada");
            store.set_rules(&fact, 0, Some("{}")).await.expect("an answer")
        })
    });
    let mut won = 0;
    for change in changing.collect::<Vec<_>>() {
        won += usize::from(change.await.expect("it ends") == Some(1));
    }
    assert_eq!(won, 1);
    let verified = audit::verify(&*store, &tenant(), &trust(), &[]).await.expect("it holds");
    assert_eq!(verified.last, 1);
}
