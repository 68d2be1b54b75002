//! The agent is the last gate: nothing is captured and nothing acts without the sharer's yes.

mod common;

use std::sync::atomic::Ordering;
use std::time::Duration;

use common::{Glass, SOON, World, record};
use rh_agent::Notice;
use rh_input::Stroke;
use rh_protocol::{
    Button, Consent, DesktopState, DisplayId, EndReason, FromClient, FromHelper, InputEvent, Key,
    Point, PointerMove, Role, ToClient, ToHelper,
};
use rh_session::desktop::DesktopEvent;
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
    let (answered, _) = world.answer().await;
    assert_eq!(answered, (Role::View, Consent::Decline));
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
    world.told(|told| matches!(told, ToHelper::Displays { .. })).await;
    let question = world.request(Role::Control).await;
    assert!(question.upgrade);
    world.helper.say(press(1, Key::KeyA));
    world.settled().await;
    assert_eq!(world.strokes(), [], "while the question is open");

    world.answers.send(Consent::Allow).unwrap();
    let (_, shown) = world.answer().await;
    world.record(&record(Role::Control, shown.unwrap())).await;
    world.told(|told| *told == ToHelper::InputPaused { paused: false }).await;
    world.helper.say(press(2, Key::KeyB));
    until(&world, |world| world.strokes().len() == 1).await;
}

/// B-03: what the helper did before the sharer's Stop and was not carried out yet never is; a desktop
/// that takes its time changes nothing about that.
#[tokio::test(flavor = "multi_thread")]
async fn stop_calls_off_what_waits() {
    let mut world = World::new().await;
    *world.hands.slowness.lock().unwrap() = Duration::from_millis(20);
    world.request_and_answer(Role::Control, Consent::Allow).await;
    world.told(|told| matches!(told, ToHelper::Displays { .. })).await;
    for seq in 0..200 {
        let event = InputEvent::Text { text: "y".repeat(1_000) };
        world.helper.say(FromHelper::Input { seq, event });
    }
    until(&world, |world| !world.strokes().is_empty()).await;
    let before = world.strokes().len();

    world.stopper.stop();
    assert_eq!(world.ended().await.reason, EndReason::SharerEnded);
    let after = world.strokes().len();
    assert!(after <= before + 5, "{before} strokes before the stop, {after} in the end");
}

/// B-03: no click lands on a display whose picture the helper has not been shown.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_clicked_before_it_is_seen() {
    let mut world = World::new().await;
    world.glass.held.store(true, Ordering::SeqCst);
    world.request_and_answer(Role::Control, Consent::Allow).await;
    world.told(|told| matches!(told, ToHelper::Displays { .. })).await;
    let at = Point::new(DisplayId(0), 0.5, 0.5).unwrap();
    let click = |seq, down| {
        let event = InputEvent::Button { button: Button::Left, down, at };
        FromHelper::Input { seq, event }
    };
    world.helper.say(click(1, true));
    world.helper.say(click(2, false));
    world.helper.say(press(3, Key::KeyA));
    until(&world, |world| !world.strokes().is_empty()).await;
    assert_eq!(world.strokes(), [Stroke::Key { key: Key::KeyA, down: true }]);

    world.glass.held.store(false, Ordering::SeqCst);
    timeout(SOON, world.helper.shown()).await.expect("a frame");
    // The picture is on its way before the agent knows that it is; a helper clicks again.
    for seq in (4..1_000).step_by(2) {
        world.helper.say(click(seq, true));
        world.helper.say(click(seq + 1, false));
        world.settled().await;
        if world.strokes().len() > 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    until(&world, |world| world.strokes().len() >= 4).await;
    let clicked = &world.strokes()[1..4];
    let left = |down| Stroke::Button { button: Button::Left, down };
    assert!(matches!(clicked[0], Stroke::Move { .. }), "{clicked:?}");
    assert_eq!(clicked[1], left(true));
    assert!(clicked[2..].iter().all(|stroke| *stroke != left(true)), "{clicked:?}");
}

/// S-61: a screen that cannot be had ends it for both sides, with the reason.
#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_cannot_be_had_is_no_riddle() {
    let mut world = World::with(Glass { broken: true.into(), ..Glass::default() }).await;
    let ended = world.told(|told| matches!(told, ToHelper::Ended { .. })).await;
    assert_eq!(ended, ToHelper::Ended { reason: EndReason::CaptureFailed });
    assert_eq!(world.ended().await.reason, EndReason::CaptureFailed);
}

/// S-48: however much the service has to say, the sharer's answer counts.
#[tokio::test]
async fn a_service_that_never_stops_talking_does_not_drown_the_sharer() {
    let mut world = World::new().await;
    world.request(Role::View).await;
    let line = world.service.incoming.clone();
    let flood = tokio::spawn(async move {
        let noise = || ToClient::Requested { role: Role::Control };
        loop {
            while line.try_send(noise()).is_ok() {}
            if line.is_closed() {
                return;
            }
            tokio::task::yield_now().await;
        }
    });
    world.answers.send(Consent::Decline).unwrap();
    assert_eq!(world.ended().await.reason, EndReason::Declined);
    flood.await.unwrap();
}

/// The sharer's Stop ends everything: nothing stays pressed, and both others are told.
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
    world.helper.fall_silent(Duration::from_secs(2));
    assert_eq!(world.ended().await.reason, EndReason::Crashed);
}

/// The service may restart while a session runs: the link alone carries it.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_line_to_the_service_does_not_end_a_running_session() {
    let mut world = World::new().await;
    world.request_and_answer(Role::View, Consent::Allow).await;
    // One whose link is not up yet needs the line to get it.
    timeout(SOON, world.helper.shown()).await.expect("a frame");
    let (_, gone) = rh_agent::Signalling::pair();
    drop(std::mem::replace(&mut world.service, gone));
    for _ in 0..20 {
        timeout(SOON, world.helper.shown()).await.expect("pictures go on");
    }
    assert!(!world.outcome.is_finished());
}

/// B-11: a desktop that is locked is shown to nobody, and both sides are told why.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_desktop_is_told_to_both_sides() {
    let mut world = World::new().await;
    world.request_and_answer(Role::View, Consent::Allow).await;
    timeout(SOON, world.helper.shown()).await.expect("a frame");
    for state in [DesktopState::Locked, DesktopState::Active] {
        world.desktop.play(DesktopEvent::State(state));
        world.told(|told| *told == ToHelper::Desktop { state }).await;
        while timeout(SOON, world.notices.recv()).await.expect("a notice")
            != Some(Notice::Desktop { state })
        {}
        until(&world, |world| {
            world.glass.open.load(Ordering::SeqCst) == (state == DesktopState::Active)
        })
        .await;
    }
    timeout(SOON, world.helper.shown()).await.expect("it goes on by itself");
}
