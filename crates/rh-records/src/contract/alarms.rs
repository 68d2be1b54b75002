//! What administrators should look at (B-05, B-06).

use rh_protocol::SessionId;

use super::Ground;
use super::sample::{DAY, day, fact, key, person, second, sign_in, tenant, trust};
use crate::Event;
use crate::upkeep::{Retention, retain};

/// The newest come first, among whatever else is recorded and of one tenant alone.
pub(super) async fn what_to_look_at_is_found(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let (by, person) = (person("sharer"), person("helper"));
    let alarms = [
        Event::GuessedCodes { failures: 200, accounts: 7 },
        Event::Reported { session: SessionId(7), by, person },
        Event::Lost { events: 3 },
    ];
    let mut facts = Vec::new();
    for (n, event) in (1..).zip(alarms.clone()) {
        facts.extend([sign_in(second(n), "ada"), fact(second(n), event)]);
    }
    let mut elsewhere = fact(second(9), Event::Lost { events: 9 });
    elsewhere.tenant = "elsewhere".parse().expect("an id");
    facts.push(elsewhere);
    let entries = store.record(&facts).await.expect("recorded");

    let found = store.alarms(&tenant(), 9).await.expect("alarms");
    assert_eq!(found, [5, 3, 1].map(|nth| entries[nth].clone()));
    assert_eq!(store.alarms(&tenant(), 1).await.expect("alarms"), found[..1]);
    assert_eq!(store.alarms(&"nobody".parse().expect("an id"), 9).await.expect("alarms"), []);
}

pub(super) async fn old_alarms_go(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let lost = |n| fact(day(n), Event::Lost { events: n });
    let entries = store.record(&[lost(1), lost(5)]).await.expect("recorded");
    let keep = Retention { records: DAY, chat: DAY };
    retain(&*store, &tenant(), (&key(), &trust()), keep, day(5)).await.expect("retained");
    assert_eq!(store.alarms(&tenant(), 9).await.expect("alarms"), entries[1..]);
}
