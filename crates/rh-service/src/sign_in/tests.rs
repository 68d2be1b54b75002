use rh_protocol::IdentityCard;

use super::*;
use crate::clock;
use crate::hub::OsRandom;

const LIFE: Life =
    Life { absolute: Duration::from_secs(12 * 3600), idle: Duration::from_secs(3600) };
const SECOND: Duration = Duration::from_secs(1);

fn who(id: &str) -> Who {
    let tenant = "example".parse().unwrap();
    let person = Person { tenant, card: IdentityCard::default(), picture: None };
    let subject = id.to_owned();
    let from = Some(ProviderSession { subject, session: None });
    Who {
        id: id.parse().unwrap(),
        person: Arc::new(person),
        contexts: BTreeSet::new(),
        groups: BTreeSet::new(),
        from,
    }
}

fn signed_in() -> (SignIns, Instant, String) {
    let (mut sign_ins, start) = (SignIns::new(LIFE), clock::now());
    let token = sign_ins.add(start, who("ann"), &mut OsRandom).unwrap();
    (sign_ins, start, token)
}

#[test]
fn a_token_opens_while_it_is_used() {
    let (mut sign_ins, start, token) = signed_in();
    assert_eq!(token.len(), 64);
    let mut now = start;
    while now + LIFE.idle < start + LIFE.absolute {
        now += LIFE.idle - SECOND;
        assert_eq!(sign_ins.find(now, &token).unwrap().1.id.to_string(), "ann");
    }
    assert!(sign_ins.find(start + LIFE.absolute, &token).is_none(), "however much it is used");
}

#[test]
fn a_token_that_is_not_used_expires() {
    let (mut sign_ins, start, token) = signed_in();
    let (id, _) = sign_ins.find(start, &token).unwrap();
    assert!(sign_ins.find(start + LIFE.idle, &token).is_none());
    assert!(sign_ins.expire(start + LIFE.idle - SECOND).is_empty());
    let gone: Vec<_> = sign_ins.expire(start + LIFE.idle).into_iter().map(|it| it.0).collect();
    assert_eq!(gone, [id]);
}

/// Somebody who is helped for longer than that is not signed out.
#[test]
fn an_open_socket_is_use() {
    let (mut sign_ins, start, token) = signed_in();
    let (id, _) = sign_ins.find(start, &token).unwrap();
    sign_ins.keep(start + LIFE.idle - SECOND, &HashSet::from([id]));
    assert!(sign_ins.find(start + LIFE.idle, &token).is_some());
}

#[test]
fn a_token_does_not_open_after_sign_out() {
    let (mut sign_ins, start, token) = signed_in();
    let other = sign_ins.add(start, who("ann"), &mut OsRandom).unwrap();
    let (id, _) = sign_ins.find(start, &token).unwrap();
    sign_ins.remove(id);
    assert!(sign_ins.find(start, &token).is_none());
    assert!(sign_ins.find(start, &other).is_some());
}

/// A token that leaked before a step-up is worth nothing after it.
#[test]
fn a_step_up_changes_the_token_and_keeps_the_sign_in() {
    let (mut sign_ins, start, old) = signed_in();
    let (id, _) = sign_ins.find(start, &old).unwrap();
    let contexts: BTreeSet<AuthContext> = ["c1".parse().unwrap()].into();
    let (new, _) = sign_ins.step_up(start, id, contexts.clone(), &mut OsRandom).unwrap();
    assert!(sign_ins.find(start, &old).is_none());
    let (same, who) = sign_ins.find(start, &new).unwrap();
    assert_eq!((same, who.contexts), (id, contexts));
    assert!(sign_ins.find(start + LIFE.absolute, &new).is_none(), "it gains no time");
    sign_ins.remove(id);
    assert!(sign_ins.step_up(start, id, BTreeSet::new(), &mut OsRandom).is_none());
}

#[test]
fn a_token_is_not_at_rest() {
    let (sign_ins, _, token) = signed_in();
    assert!(!format!("{sign_ins:?}").contains(&token));
}

/// S-20: who is at another organisation is nobody.
#[test]
fn people_are_found_within_their_tenant() {
    let (sign_ins, ..) = signed_in();
    let ann = "ann".parse().unwrap();
    assert!(sign_ins.person(&"example".parse().unwrap(), &ann).is_some());
    assert!(sign_ins.person(&"other".parse().unwrap(), &ann).is_none());
}

#[test]
fn sign_ins_are_bounded() {
    let (mut sign_ins, start, _) = signed_in();
    for _ in 1..MOST {
        assert!(sign_ins.add(start, who("ann"), &mut OsRandom).is_some());
    }
    assert!(sign_ins.add(start, who("ann"), &mut OsRandom).is_none());
    assert!(sign_ins.add(start + LIFE.idle, who("ann"), &mut OsRandom).is_some());
}
