//! A helper brings a colleague: each new person needs the sharer's yes, and gets no more than that (B-20).

mod common;

use std::sync::atomic::Ordering;
use std::time::Duration;

use common::{SOON, World};
use rh_agent::{Introducer, Notice, Outcome, Question};
use rh_input::Stroke;
use rh_protocol::{
    Consent, EndReason, FromClient, FromHelper, IdentityCard, InputEvent, Introduction, Key,
    Refusal, Role, SessionId, ToClient, ToHelper, VERSION,
};
use tokio::time::timeout;

/// The colleague's session.
const BESIDE: SessionId = SessionId(78);

fn card(name: &str) -> IdentityCard {
    IdentityCard { full_name: Some(name.to_owned()), ..IdentityCard::default() }
}

/// A session in which the helper views.
async fn viewing() -> World {
    let mut world = World::new().await;
    world.request_and_answer(Role::View, Consent::Allow).await;
    timeout(SOON, world.helper.shown()).await.expect("a frame after Allow");
    world
}

/// The helper brings a colleague, whose code the agent enters on a line of its own.
async fn bring(world: &World, stays: bool) {
    let code = "8765 4321".to_owned();
    world.service.incoming.send(ToClient::Introduced { code, stays }).await.expect("a line");
}

/// What the agent says on the colleague's line.
async fn beside(world: &mut World) -> FromClient {
    let heard = world.colleague.service.outgoing.recv();
    timeout(SOON, heard).await.expect("a message in time").expect("a line")
}

/// The colleague is there, and their link is up.
async fn arrive(world: &mut World, stays: bool) {
    bring(world, stays).await;
    assert_eq!(beside(world).await, FromClient::Join { code: "8765 4321".to_owned() });
    let joined = ToClient::Joined { session: BESIDE, peer: card("Boris") };
    world.colleague.service.incoming.send(joined).await.expect("a line");
    introduction(world, Introduction::Arrived).await;
    world.colleague.helper.connect();
    world.colleague.helper.say(FromHelper::Hello { version: VERSION });
}

/// Waits until the helper is told that of the colleague.
async fn introduction(world: &mut World, state: Introduction) {
    world.told(|told| *told == ToHelper::Introduction { state }).await;
}

async fn asks(world: &mut World, role: Role) -> Question {
    let requested = ToClient::Requested { role };
    world.colleague.service.incoming.send(requested).await.expect("a line");
    timeout(SOON, world.questions.recv()).await.expect("a question in time").expect("an agent")
}

/// Waits until the colleague is told how it ended.
async fn colleague_ended(world: &mut World) -> EndReason {
    loop {
        let told = timeout(SOON, world.colleague.helper.told()).await.expect("told in time");
        if let ToHelper::Ended { reason } = told.expect("the link is open") {
            return reason;
        }
    }
}

fn press(seq: u32, key: Key) -> FromHelper {
    FromHelper::Input { seq, event: InputEvent::Key { key, down: true } }
}

/// B-20, S-58: the colleague sees and does nothing before the sharer's own yes, which says who brought
/// them; then both see, from one capture.
#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_needs_a_yes_of_their_own() {
    let mut world = viewing().await;
    arrive(&mut world, true).await;
    world.colleague.helper.say(press(1, Key::KeyA));
    let question = asks(&mut world, Role::View).await;
    let introducer = Introducer { helper: card("Hana"), stays: true };
    assert_eq!((question.helper, question.introducer), (card("Boris"), Some(introducer)));
    assert!(timeout(Duration::from_millis(300), world.colleague.helper.shown()).await.is_err());

    world.answers.send(Consent::Allow).unwrap();
    timeout(SOON, world.colleague.helper.shown()).await.expect("a frame after Allow");
    introduction(&mut world, Introduction::Allowed).await;
    timeout(SOON, world.helper.shown()).await.expect("and the helper still sees");
    assert_eq!(world.glass.opened.load(Ordering::SeqCst), 1);
    assert!(!world.strokes().iter().any(|it| matches!(it, Stroke::Key { .. })), "it only views");
}

/// B-20: a helper who hands over leaves when the colleague is allowed something, and not before.
#[tokio::test(flavor = "multi_thread")]
async fn who_hands_over_leaves_once_the_colleague_is_allowed() {
    let mut world = viewing().await;
    arrive(&mut world, false).await;
    asks(&mut world, Role::View).await;
    timeout(SOON, world.helper.shown()).await.expect("not before");
    world.answers.send(Consent::Allow).unwrap();
    let reason = EndReason::HandedOver;
    world.told(|told| *told == ToHelper::Ended { reason }).await;
    while world.service_hears().await != (FromClient::Leave { reason }) {}
    timeout(SOON, world.colleague.helper.shown()).await.expect("the colleague sees");
    let left = Notice::Left { helper: card("Hana"), reason };
    while timeout(SOON, world.notices.recv()).await.expect("a notice").unwrap() != left {}

    world.stopper.stop();
    assert_eq!(colleague_ended(&mut world).await, EndReason::SharerEnded);
    let earlier = vec![common::SESSION];
    let reason = EndReason::SharerEnded;
    assert_eq!(world.ended().await, Outcome { session: BESIDE, reason, earlier });
}

/// B-20, S-48: a no to the colleague ends the colleague's session, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn a_no_to_the_colleague_leaves_the_helper() {
    for stays in [true, false] {
        let mut world = viewing().await;
        arrive(&mut world, stays).await;
        asks(&mut world, Role::Control).await;
        world.answers.send(Consent::Decline).unwrap();
        assert_eq!(colleague_ended(&mut world).await, EndReason::Declined);
        introduction(&mut world, Introduction::Gone).await;
        timeout(SOON, world.helper.shown()).await.expect("the helper still sees");
    }
}

/// The sharer's Stop ends it for everybody.
#[tokio::test(flavor = "multi_thread")]
async fn stop_ends_it_for_everybody() {
    let mut world = viewing().await;
    arrive(&mut world, true).await;
    asks(&mut world, Role::View).await;
    world.answers.send(Consent::Allow).unwrap();
    timeout(SOON, world.colleague.helper.shown()).await.expect("a frame after Allow");
    world.stopper.stop();
    let reason = EndReason::SharerEnded;
    world.told(|told| *told == ToHelper::Ended { reason }).await;
    assert_eq!(colleague_ended(&mut world).await, reason);
    assert_eq!(world.ended().await.reason, reason);
}

/// A helper whom the sharer has allowed nothing brings nobody, whatever the service says; and a code that
/// is of no use is said to be.
#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_come_is_said_not_to() {
    let mut world = World::new().await;
    bring(&world, true).await;
    world.request_and_answer(Role::View, Consent::Allow).await;
    world.settled().await;
    assert!(world.colleague.service.outgoing.try_recv().is_err(), "no code was entered");

    bring(&world, true).await;
    assert!(matches!(beside(&mut world).await, FromClient::Join { .. }));
    // One at a time.
    bring(&world, true).await;
    introduction(&mut world, Introduction::Full).await;
    let refused = ToClient::Refused { refusal: Refusal::Code, retry_in: None };
    world.colleague.service.incoming.send(refused).await.unwrap();
    introduction(&mut world, Introduction::Code).await;
    // The service has no further line.
    bring(&world, true).await;
    introduction(&mut world, Introduction::Other).await;
    assert!(world.questions.try_recv().is_err());
}

/// What the sharer writes goes to everybody who was allowed something, and is shown once.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_sharer_writes_goes_to_everybody_who_is_allowed() {
    let mut world = viewing().await;
    arrive(&mut world, true).await;
    assert!(world.chat.write("to the helper"));
    let chat = |text: &str| FromClient::Chat { text: text.to_owned() };
    while world.service_hears().await != chat("to the helper") {}
    asks(&mut world, Role::View).await;
    world.answers.send(Consent::Allow).unwrap();
    introduction(&mut world, Introduction::Allowed).await;
    assert!(world.chat.write("to both"));
    while world.service_hears().await != chat("to both") {}
    loop {
        let heard = beside(&mut world).await;
        assert_ne!(heard, chat("to the helper"));
        if heard == chat("to both") {
            break;
        }
    }
    for (place, line) in [(2, &world.service), (1, &world.colleague.service)] {
        let from = rh_protocol::Client::Agent;
        let text = "to both".to_owned();
        line.incoming.send(ToClient::Chat { place, from, text }).await.unwrap();
    }
    let hello =
        ToClient::Chat { place: 2, from: rh_protocol::Client::Helper, text: "hello".to_owned() };
    world.colleague.service.incoming.send(hello).await.unwrap();
    let mut heard = Vec::new();
    while heard.len() < 2 {
        let notice = timeout(SOON, world.notices.recv()).await.expect("a notice").unwrap();
        if let Notice::Chat { helper, text } = notice {
            heard.push((helper, text));
        }
    }
    heard.sort_by_key(|(helper, _)| helper.is_some());
    let both = (None, "to both".to_owned());
    assert_eq!(heard, [both, (Some(card("Boris")), "hello".to_owned())]);
}
