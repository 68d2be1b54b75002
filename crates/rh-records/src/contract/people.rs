//! Who worked with whom, and who may not help.

use rh_protocol::{Consent, Role, SessionId};

use super::Ground;
use super::sample::{answer, fact, person, second, start, tenant};
use crate::{Event, Suspension};

const SESSION: SessionId = SessionId(7);
const NEXT: SessionId = SessionId(8);

/// B-05: the first contact is the first session in which something was allowed.
pub(super) async fn a_first_contact_is_known(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let (helper, sharer) = (person("helper"), person("sharer"));
    let pair = (&helper, &sharer);
    store.record(&[start(second(1), SESSION)]).await.expect("recorded");
    assert!(!store.have_met(&tenant(), pair, NEXT).await.expect("an answer"), "all was declined");
    let allow = answer(second(2), SESSION, Role::View, Consent::Allow);
    store.record(&[allow]).await.expect("recorded");
    assert!(store.have_met(&tenant(), pair, NEXT).await.expect("an answer"));
    assert!(!store.have_met(&tenant(), pair, SESSION).await.expect("an answer"), "this very one");
    let turned = (&sharer, &helper);
    assert!(!store.have_met(&tenant(), turned, NEXT).await.expect("an answer"));
    let elsewhere = "fabrikam".parse().expect("an id");
    assert!(!store.have_met(&elsewhere, pair, NEXT).await.expect("an answer"));
}

pub(super) async fn names_are_those_of_sessions(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let sessions = [start(second(1), SESSION), start(second(2), NEXT)];
    store.record(&sessions).await.expect("recorded");
    let mut names = store.names(&tenant(), 9).await.expect("names");
    names.sort();
    let hana = (person("helper"), "Hana Helper".to_owned());
    assert_eq!((names.len(), &names[0]), (2, &hana));
    assert_eq!(store.names(&tenant(), 1).await.expect("names").len(), 1);
    assert_eq!(store.names(&"fabrikam".parse().expect("an id"), 9).await.expect("names"), []);
}

/// B-05: a suspension stays until it is lifted, however often it was pronounced.
pub(super) async fn a_suspension_stays_until_it_is_lifted(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let (eve, session) = (person("eve"), Some(SESSION));
    let suspended = |at| fact(at, Event::Suspended { person: person("eve"), session });
    store.record(&[suspended(second(1)), suspended(second(2))]).await.expect("recorded");
    let first = Suspension { tenant: tenant(), person: eve.clone(), at: second(1), session };
    assert_eq!(store.suspensions().await.expect("suspensions"), [first]);
    let lifted = Event::Reinstated { person: eve, by: Some(person("adam")) };
    store.record(&[fact(second(3), lifted)]).await.expect("recorded");
    assert_eq!(store.suspensions().await.expect("suspensions"), []);
    let again = Event::Suspended { person: person("eve"), session: None };
    store.record(&[fact(second(4), again)]).await.expect("recorded");
    let found = store.suspensions().await.expect("suspensions");
    assert_eq!((found.len(), found[0].at, found[0].session), (1, second(4), None));
}
