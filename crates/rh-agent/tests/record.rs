//! The record of a consent: without one that is of this very consent, nobody acts (S-46, B-05).
#![expect(clippy::unwrap_used, reason = "a world that does not come about fails the test")]

mod common;

use common::{SESSION, World, key, record};
use rh_protocol::{
    Consent, FromClient, FromHelper, InputEvent, Key, Role, SessionId, Shown, ToClient, ToHelper,
};
use rh_session::link::mock;
use rh_signed::{ConsentRecord, Signed, SigningKey};

/// Control was allowed; the record is in the test's hands.
async fn allowed() -> (World, Shown) {
    let mut world = World::new().await;
    world.request(Role::Control).await;
    world.answers.send(Consent::Allow).unwrap();
    let (answered, shown) = world.answer().await;
    assert_eq!(answered, (Role::Control, Consent::Allow));
    (world, shown.expect("a statement"))
}

/// Whether a key that the helper presses now, or a moment later, reaches the desktop.
async fn acts(world: &mut World) -> bool {
    let before = world.strokes().len();
    for _ in 0..20 {
        for down in [true, false] {
            let event = InputEvent::Key { key: Key::KeyA, down };
            world.helper.say(FromHelper::Input { seq: 1, event });
        }
        world.settled().await;
        if world.strokes().len() > before {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    false
}

/// S-46: the agent states what was shown, and between which certificates; a picture does not wait for
/// the record, input does.
#[tokio::test(flavor = "multi_thread")]
async fn input_waits_for_the_record() {
    let (mut world, shown) = allowed().await;
    assert_eq!(shown.helper_fingerprint.as_deref(), Some(mock::HELPER));
    assert_eq!(shown.sharer_fingerprint.as_deref(), Some(mock::SHARER));
    assert!(shown.is_sound(), "{shown:?}");
    tokio::time::timeout(common::SOON, world.helper.shown()).await.expect("a picture");
    assert!(!acts(&mut world).await);
    world.record(&record(Role::Control, shown)).await;
    world.told(|told| *told == ToHelper::InputPaused { paused: false }).await;
    assert!(acts(&mut world).await);
}

/// S-46, B-05: of another session, mode, person, link or question, of a no, or of another signer.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_anything_else_lets_nobody_act() {
    let (mut world, shown) = allowed().await;
    let good = || record(Role::Control, shown.clone());
    let other = |change: fn(&mut ConsentRecord)| {
        let mut it = good();
        change(&mut it);
        Signed::new(&it, &key()).to_line()
    };
    let forged = [
        other(|it| it.session = SessionId(SESSION.0 + 1)),
        other(|it| it.role = Role::View),
        other(|it| it.consent = Consent::Decline),
        other(|it| it.helper.full_name = Some("Eve".to_owned())),
        other(|it| it.shown.helper_fingerprint = Some("sha-256 EE:EE".to_owned())),
        other(|it| it.shown.sharer_fingerprint = Some("sha-256 EE:EE".to_owned())),
        other(|it| it.shown.nonce = Some("0".repeat(32))),
        Signed::new(&good(), &SigningKey::from_seed(&[9; 32])).to_line(),
        Signed::new(&good(), &key()).to_line().replace("Sami", "Tami"),
        String::new(),
    ];
    for record in forged {
        world.service.incoming.send(ToClient::Recorded { record: record.clone() }).await.unwrap();
        assert!(!acts(&mut world).await, "{record}");
    }
    world.record(&good()).await;
    assert!(acts(&mut world).await, "the right one still counts");
}

/// B-05: a record is good once; the next yes needs its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_record_lets_nobody_act() {
    let (mut world, first) = allowed().await;
    let old = record(Role::Control, first.clone());
    world.record(&old).await;
    assert!(acts(&mut world).await);
    world.service.incoming.send(ToClient::Requested { role: Role::View }).await.unwrap();
    let (answered, shown) = world.answer().await;
    assert_eq!((answered, shown), ((Role::View, Consent::Allow), None), "nobody was asked");
    world.record(&old).await;
    assert!(!acts(&mut world).await);

    world.request(Role::Control).await;
    world.answers.send(Consent::Allow).unwrap();
    let (_, second) = world.answer().await;
    let second = second.unwrap();
    assert_ne!(first.nonce, second.nonce);
    world.record(&old).await;
    assert!(!acts(&mut world).await);
    world.record(&record(Role::Control, second)).await;
    assert!(acts(&mut world).await);
}

/// B-05: a service that swaps the helper's certificate after the yes takes the control with it.
#[tokio::test(flavor = "multi_thread")]
async fn another_certificate_after_the_record_lets_nobody_act() {
    let (mut world, shown) = allowed().await;
    let good = record(Role::Control, shown);
    world.record(&good).await;
    assert!(acts(&mut world).await);
    world.helper.change_certificate("sha-256 EE:EE");
    world.told(|told| *told == ToHelper::Granted { role: Role::View }).await;
    assert!(!acts(&mut world).await);
    world.record(&good).await;
    assert!(!acts(&mut world).await);
}

/// S-46: a service that does not say what it signs with can make nobody act.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_services_key_nobody_acts() {
    let mut world = World::without_key().await;
    world.request(Role::Control).await;
    world.answers.send(Consent::Allow).unwrap();
    let (_, shown) = world.answer().await;
    world.record(&record(Role::Control, shown.unwrap())).await;
    assert!(!acts(&mut world).await);
    let leave = FromClient::Leave { reason: rh_protocol::EndReason::SharerEnded };
    world.stopper.stop();
    while world.service_hears().await != leave {}
}
