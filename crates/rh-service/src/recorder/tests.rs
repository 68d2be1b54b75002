use rh_devices::DeviceKey;
use rh_policy::{Device, Person, Unrecognised};
use rh_protocol::policy::{Action, Reason, ReasonCode};
use rh_protocol::{EndReason, IdentityCard, SessionId, ToClient};

use super::*;
use crate::devices::{LookedUp, Source};
use crate::hub::{Caller, ConnId, Effect, Event as Heard, FromNodes};

const CONN: ConnId = ConnId(1);

fn fact(tenant: &str) -> Fact {
    let at = Timestamp::from_millis(0).unwrap();
    let event = Event::SignedOut { person: "ada".parse().unwrap() };
    Fact { tenant: tenant.parse().unwrap(), at, event }
}

/// A store that is down holds nobody up, and what was lost is recorded once it is back.
#[test]
fn what_finds_no_room_is_counted_for_each_tenant() {
    let (recorder, mut inbox) = Recorder::new();
    (0..QUEUE).for_each(|_| assert!(recorder.record(fact("ours"))));
    (0..3).for_each(|_| assert!(!recorder.record(fact("ours"))));
    assert!(!recorder.record(fact("theirs")));
    assert_eq!(inbox.facts.len(), QUEUE);
    let at = Timestamp::from_millis(5).unwrap();
    let lost: Vec<_> =
        inbox.lost(at).into_iter().map(|it| (it.tenant.to_string(), it.event)).collect();
    let expected = [("ours", 3), ("theirs", 1)];
    assert_eq!(lost, expected.map(|(tenant, events)| (tenant.to_owned(), Event::Lost { events })));
    assert_eq!(inbox.lost(at), []);
    inbox.facts.try_recv().unwrap();
    assert!(recorder.record(fact("ours")));
    assert_eq!(inbox.lost(at), []);
}

/// Notes that know one connection.
fn notes() -> Notes {
    let person = Person::new("ours".parse().unwrap(), "ada".parse().unwrap());
    let (card, address) = (IdentityCard::default(), [192, 0, 2, 7].into());
    let mut notes = Notes::default();
    let caller = Caller { person, card, address, device: None };
    notes.hear(&Heard::Connected(CONN, Box::new(caller)));
    notes
}

fn denied() -> Effect {
    let reason = |code| Reason { code, why: None, fixes: Vec::new() };
    let reasons = [ReasonCode::OtherTenant, ReasonCode::Unenrolled].map(reason).to_vec();
    Effect::Tell(CONN, ToClient::Denied { action: Action::Control, reasons })
}

/// S-20: what the rules forbid is recorded, with the reasons.
#[test]
fn what_is_denied_is_recorded_with_its_reasons() {
    let at = Timestamp::from_millis(5).unwrap();
    let fact = notes().see(at, &denied()).unwrap();
    let (person, address) = ("ada".parse().unwrap(), Some([192, 0, 2, 7].into()));
    let (action, reason) = ("control".to_owned(), "other_tenant unenrolled".to_owned());
    assert_eq!(fact.event, Event::Refused { person, address, action, reason });
    assert_eq!((fact.tenant.as_str(), fact.at), ("ours", at));
}

#[test]
fn a_client_cannot_flood_the_records() {
    let at = Timestamp::from_millis(5).unwrap();
    let mut notes = notes();
    assert_eq!((0..1000).filter_map(|_| notes.see(at, &denied())).count(), 64);
    notes.hear(&Heard::Closed(CONN));
    assert_eq!(notes.see(at, &denied()), None);
}

/// M-08: a lookup is recorded with the session that the sharer is in, at another node too.
#[test]
fn a_lookup_names_the_session_of_another_node() {
    let (at, mut notes) = (Timestamp::from_millis(5).unwrap(), notes());
    let device = Device::unknown("ours".parse().unwrap(), Unrecognised::NotInPortal);
    let key = DeviceKey::Serial("C01".parse().unwrap());
    let session_of = |notes: &Notes, conn| {
        let answer = LookedUp::new(&key, Source::Store, &Ok(None), &device);
        let fact = notes.looked_up(at, conn, answer)?;
        let Event::DeviceLookedUp { session, .. } = fact.event else { panic!("{fact:?}") };
        Some(session)
    };
    let told = |notes: &mut Notes, message| {
        notes.hear(&Heard::Node(CONN, FromNodes::Told(message)));
        session_of(notes, CONN)
    };
    let session = SessionId(7);
    let joined = ToClient::Joined { session, peer: IdentityCard::default() };
    assert_eq!(told(&mut notes, joined), Some(Some(session)));
    let ended = ToClient::Ended { reason: EndReason::HelperEnded };
    assert_eq!(told(&mut notes, ended), Some(None));
    assert_eq!(session_of(&notes, ConnId(2)), None, "nobody is there");
}
