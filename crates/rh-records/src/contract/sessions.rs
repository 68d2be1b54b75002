//! Sessions, consents and receipts.

use rh_protocol::{Consent, EndReason, Role, SessionId};

use super::Ground;
use super::sample::{answer, end, key, party, second, start, tenant, trust};
use crate::{Ended, Receipt, RecordError, Signed, receipt};

const SESSION: SessionId = SessionId(7);

/// M-08: who helped whom, on which device, from when to when, how far.
pub(super) async fn a_session_is_reported(ground: &dyn Ground) {
    let store = ground.fresh().await;
    assert_eq!(store.session(&tenant(), SESSION).await.expect("an answer"), None);
    store.record(&[start(second(1), SESSION)]).await.expect("recorded");
    let found = store.session(&tenant(), SESSION).await.expect("an answer").expect("it is there");
    assert_eq!((found.helper, found.started), (party("helper", "Hana Helper"), second(1)));
    assert_eq!(found.sharer.full_name.as_deref(), Some("Sami \u{202b}Sharer \u{1f600}"));
    assert_eq!(found.device, Some("mac-7".parse().expect("an id")));
    assert_eq!((found.ended, found.role), (None, None));

    let answers = [
        answer(second(2), SESSION, Role::Control, Consent::Decline),
        answer(second(3), SESSION, Role::Control, Consent::Allow),
        answer(second(4), SESSION, Role::View, Consent::Allow),
    ];
    store.record(&answers).await.expect("recorded");
    // The second end is late news.
    store.record(&[end(second(5), SESSION), end(second(9), SESSION)]).await.expect("recorded");
    let found = store.session(&tenant(), SESSION).await.expect("an answer").expect("it is there");
    let ended = Ended { at: second(5), reason: EndReason::HelperLeft };
    assert_eq!((found.ended, found.role), (Some(ended), Some(Role::Control)));
    let consents = store.consents(&tenant(), SESSION).await.expect("consents");
    let words: Vec<_> = consents.iter().map(|it| (it.at, it.role, it.consent)).collect();
    assert_eq!(
        words,
        [
            (second(2), Role::Control, Consent::Decline),
            (second(3), Role::Control, Consent::Allow),
            (second(4), Role::View, Consent::Allow),
        ]
    );
    assert_eq!(consents[0].shown.helper_fingerprint.as_deref(), Some("sha-256 AB:CD"));

    let elsewhere = "fabrikam".parse().expect("an id");
    assert_eq!(store.session(&elsewhere, SESSION).await.expect("an answer"), None);
    assert_eq!(store.consents(&elsewhere, SESSION).await.expect("consents"), []);
}

pub(super) async fn sessions_come_newest_first(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let starts: Vec<_> = (0..5).map(|n| start(second(n), SessionId(n.into()))).collect();
    store.record(&starts).await.expect("recorded");
    let found = store.sessions(&tenant(), second(4), None, 3).await.expect("sessions");
    let ids: Vec<_> = found.iter().map(|it| it.session.0).collect();
    assert_eq!(ids, [3, 2, 1]);
    let elsewhere = "fabrikam".parse().expect("an id");
    assert_eq!(store.sessions(&elsewhere, second(4), None, 3).await.expect("sessions"), []);
}

/// Many sessions of one moment are on pages that follow one another: none twice, none left out.
pub(super) async fn pages_of_sessions_have_no_gap(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let at = |n: u128| second(u64::try_from(n / 3).expect("few"));
    let starts: Vec<_> = (0..10).map(|n| start(at(n), SessionId(n * 7 % 10))).collect();
    store.record(&starts).await.expect("recorded");
    let (mut seen, mut place) = (Vec::new(), (second(99), None));
    loop {
        let (before, past) = place;
        let page = store.sessions(&tenant(), before, past, 2).await.expect("sessions");
        let Some(last) = page.last() else { break };
        place = (last.started, Some(last.session));
        seen.extend(page.iter().map(|it| it.session.0));
    }
    assert_eq!(seen, [3, 2, 6, 9, 1, 5, 8, 0, 4, 7]);
}

/// B-13: the receipt verifies without the store, and says what was recorded.
pub(super) async fn a_receipt_says_what_was_recorded(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let allow = answer(second(2), SESSION, Role::View, Consent::Allow);
    let facts = [start(second(1), SESSION), allow, end(second(5), SESSION)];
    let entries = store.record(&facts).await.expect("recorded");
    let issued = receipt::issue(&*store, &tenant(), SESSION, &key(), second(6)).await;
    let text = issued.expect("a receipt").to_pretty();
    let (receipt, signer) = Signed::<Receipt>::open(&text, &trust()).expect("it is genuine");
    assert_eq!(signer, key().public().id());
    assert_eq!((receipt.session, receipt.role), (SESSION, Some(Role::View)));
    assert_eq!(receipt.helper, party("helper", "Hana Helper"));
    assert_eq!((receipt.started, receipt.ended.at), (second(1), second(5)));
    assert_eq!((receipt.seq, receipt.hash), (3, entries[2].hash));
    assert_eq!(receipt.consents, store.consents(&tenant(), SESSION).await.expect("consents"));
    let forged = text.replace("Hana", "Anna");
    Signed::<Receipt>::open(&forged, &trust()).expect_err("it was changed");
}

pub(super) async fn there_is_no_receipt_before_the_end(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let issued = receipt::issue(&*store, &tenant(), SESSION, &key(), second(6)).await;
    assert!(matches!(issued, Err(RecordError::NoSession)), "{issued:?}");
    store.record(&[start(second(1), SESSION)]).await.expect("recorded");
    let issued = receipt::issue(&*store, &tenant(), SESSION, &key(), second(6)).await;
    assert!(matches!(issued, Err(RecordError::Running)), "{issued:?}");
}
