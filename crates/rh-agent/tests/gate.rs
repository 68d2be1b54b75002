//! The agent is the last gate: nothing is captured and nothing acts without the sharer's yes.

mod common;

use std::sync::atomic::Ordering;
use std::time::Duration;

use common::{SOON, World};
use rh_agent::Notice;
use rh_protocol::{
    Button, Consent, DisplayId, EndReason, FromClient, FromHelper, InputEvent, Key, Point,
    PointerMove, Role, ToClient, ToHelper,
};
use tokio::time::timeout;

fn press(seq: u32, key: Key) -> FromHelper {
    FromHelper::Input { seq, event: InputEvent::Key { key, down: true } }
}

/// Waits until the input thread has carried out what it was given.
async fn until(world: &World, what: impl Fn(&World) -> bool) {
    for _ in 0..500 {
        if what(world) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came; the desktop got {:?}", world.strokes());
}

/// S-58: before Allow the screen is not opened and not one frame is shown, whatever the helper says.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_captured_before_allow() {
    let mut world = World::new().await;
    world.helper.say(press(1, Key::KeyA));
    world.helper.say(FromHelper::Select { display: DisplayId(0) });
    world.request(Role::View).await;
    world.helper.say(press(2, Key::KeyB));
    world.settled().await;
    assert!(timeout(Duration::from_millis(300), world.helper.shown()).await.is_err());
    assert_eq!(world.glass.opened.load(Ordering::SeqCst), 0);
    assert_eq!(world.hands.opened.load(Ordering::SeqCst), 0);

    world.answers.send(Consent::Allow).unwrap();
    timeout(SOON, world.helper.shown()).await.expect("a frame after Allow");
    assert_eq!(world.glass.opened.load(Ordering::SeqCst), 1);
}

/// S-48: a decline is told to the helper and ends the session; nothing was ever captured.
#[tokio::test(flavor = "multi_thread")]
async fn a_decline_is_told_and_ends_it() {
    let mut world = World::new().await;
    world.request_and_answer(Role::Control, Consent::Decline).await;
    let ended = world.told(|told| matches!(told, ToHelper::Ended { .. })).await;
    assert_eq!(ended, ToHelper::Ended { reason: EndReason::Declined });
    assert_eq!(world.service_hears().await, FromClient::Leave { reason: EndReason::Declined });
    assert_eq!(world.ended().await.reason, EndReason::Declined);
    assert_eq!(world.glass.opened.load(Ordering::SeqCst), 0);
}

/// S-48: silence is a decline, and the question is withdrawn.
#[tokio::test(start_paused = true)]
async fn silence_is_a_decline() {
    let mut world = World::new().await;
    world.request(Role::View).await;
    let withdrawn = std::sync::Arc::clone(&world.withdrawn);
    withdrawn.notified().await;
    let answer = FromClient::Answer { role: Role::View, consent: Consent::Decline };
    assert_eq!(world.service_hears().await, answer);
    assert_eq!((&mut world.outcome).await.unwrap().unwrap().reason, EndReason::NoAnswer);
    assert_eq!(world.glass.opened.load(Ordering::SeqCst), 0);
}

/// S-05, S-06: in view only nothing reaches the desktop, by whatever channel and however forged.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_acts_in_view_only() {
    let mut world = World::new().await;
    world.request_and_answer(Role::View, Consent::Allow).await;
    let at = Point::new(DisplayId(0), 0.5, 0.5).unwrap();
    let events = [
        InputEvent::Key { key: Key::KeyA, down: true },
        InputEvent::Button { button: Button::Left, down: true, at },
        InputEvent::Scroll { dx: 0.0, dy: 100.0, at },
        InputEvent::Text { text: "rm -rf /".to_owned() },
        InputEvent::Move { at },
    ];
    for (seq, event) in events.into_iter().enumerate() {
        world.helper.say(FromHelper::Input { seq: seq as u32, event });
    }
    world.helper.point(PointerMove { seq: 100, at });
    world.settled().await;
    assert_eq!(world.strokes(), []);
    assert_eq!(world.hands.opened.load(Ordering::SeqCst), 0, "the backend is not even opened");
}

/// S-06, M-09: after a second yes the same helper acts; view and control are two answers.
#[tokio::test(flavor = "multi_thread")]
async fn control_needs_a_second_yes() {
    let mut world = World::new().await;
    world.request_and_answer(Role::View, Consent::Allow).await;
    let question = world.request(Role::Control).await;
    assert!(question.upgrade);
    world.helper.say(press(1, Key::KeyA));
    world.settled().await;
    assert_eq!(world.strokes(), [], "while the question is open");

    world.answers.send(Consent::Allow).unwrap();
    world.told(|told| *told == ToHelper::Granted { role: Role::Control }).await;
    world.helper.say(press(2, Key::KeyB));
    until(&world, |world| world.strokes().len() == 1).await;
}

/// B-03: while a question is open to the sharer, nothing that the helper does reaches the desktop,
/// and what is held is let go of.
#[tokio::test(flavor = "multi_thread")]
async fn stop_ends_everything_at_once() {
    let mut world = World::new().await;
    world.request_and_answer(Role::Control, Consent::Allow).await;
    timeout(SOON, world.helper.shown()).await.expect("a frame");
    world.helper.say(press(1, Key::ShiftLeft));
    until(&world, |world| !world.hands.recorder.held().is_empty()).await;

    world.stopper.stop();
    assert_eq!(world.ended().await.reason, EndReason::SharerEnded);
    assert!(world.hands.recorder.held().is_empty(), "nothing stays pressed");
    assert!(!world.glass.open.load(Ordering::SeqCst), "the capture is closed");
    world.told(|told| *told == ToHelper::Ended { reason: EndReason::SharerEnded }).await;
    let leave = FromClient::Leave { reason: EndReason::SharerEnded };
    while world.service_hears().await != leave {}
}

/// S-61: a helper who leaves is known at once; what it held is let go of and the capture closed.
#[tokio::test(flavor = "multi_thread")]
async fn a_helper_who_leaves_leaves_nothing_behind() {
    let mut world = World::new().await;
    world.request_and_answer(Role::Control, Consent::Allow).await;
    timeout(SOON, world.helper.shown()).await.expect("a frame");
    world.helper.say(press(1, Key::ShiftLeft));
    until(&world, |world| !world.hands.recorder.held().is_empty()).await;

    world.helper.say(FromHelper::Bye { reason: EndReason::HelperLeft });
    assert_eq!(world.ended().await.reason, EndReason::HelperLeft);
    assert!(world.hands.recorder.held().is_empty());
    assert!(!world.glass.open.load(Ordering::SeqCst));
    let ended = Notice::Ended { reason: EndReason::HelperLeft };
    while world.notices.recv().await.unwrap() != ended {}
}

/// S-61: a link that is silent while the helper's line broke means that the helper's side died.
#[tokio::test(flavor = "multi_thread")]
async fn a_vanished_and_silent_helper_crashed() {
    let mut world = World::new().await;
    world.request_and_answer(Role::View, Consent::Allow).await;
    world.service.incoming.send(ToClient::PeerVanished).await.unwrap();
    world.helper.fall_silent(Duration::from_secs(1));
    assert_eq!(world.ended().await.reason, EndReason::Crashed);
}

/// The service may restart while a session runs: the link alone carries it.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_line_to_the_service_does_not_end_a_running_session() {
    let mut world = World::new().await;
    world.request_and_answer(Role::View, Consent::Allow).await;
    let (_, gone) = rh_agent::Signalling::pair();
    drop(std::mem::replace(&mut world.service, gone));
    for _ in 0..20 {
        timeout(SOON, world.helper.shown()).await.expect("pictures go on");
    }
    assert!(!world.outcome.is_finished());
}
