//! How a session ends, how fast, and with what reason (S-61, B-01).

use rh_protocol::{Consent, EndReason, FromHelper, IdentityCard, Role, ToHelper};
use rh_session::{Action, Event};

use super::{ANN, BOB, Stage, key, press, question, seconds};

/// What follows when a controlling helper goes for `reason`.
fn gone(reason: EndReason) -> [Action; 4] {
    let (id, hide) = (ANN, Action::Hide(ANN));
    [Action::ReleaseAll(id), hide, Action::StopSharing, Action::Drop(id, reason)]
}

#[track_caller]
fn ends(event: Event, reason: EndReason) {
    let mut stage = Stage::with(ANN, Role::Control);
    stage.on(press(ANN));
    assert_eq!(stage.on(event), gone(reason));
    assert_eq!(stage.on(press(ANN)), []);
    assert_eq!(stage.session.helpers().count(), 0);
}

fn bye(reason: EndReason) -> Event {
    Event::Heard(ANN, FromHelper::Bye { reason })
}

/// S-61: the sharer's end is the end, at once, for all.
#[test]
fn s61_stop_ends_everything_at_once() {
    let mut stage = Stage::with(ANN, Role::Control);
    stage.connect(BOB);
    let open = stage.ask(BOB, Role::View);
    assert_eq!(
        stage.on(Event::Stopped),
        [
            Action::Hide(ANN),
            Action::StopSharing,
            Action::Withdraw(open),
            Action::Drop(ANN, EndReason::SharerEnded),
            Action::Drop(BOB, EndReason::SharerEnded),
        ],
        "the question had let go of everything already",
    );
}

/// S-61: nothing that was under way brings a stopped session back.
#[test]
fn s61_nothing_revives_a_stopped_session() {
    let mut stage = Stage::with(ANN, Role::View);
    let open = stage.ask(ANN, Role::Control);
    stage.on(Event::Stopped);
    for event in [
        Event::Answered(open, Consent::Allow),
        Event::Requested(ANN, Role::View),
        Event::LinkUp(ANN),
        press(ANN),
        Event::Silent(ANN, seconds(9.0)),
        Event::Vanished(ANN),
        Event::LinkDown(ANN),
        Event::Left(ANN, EndReason::HelperLeft),
        Event::Stopped,
    ] {
        assert_eq!(stage.on(event.clone()), [], "{event:?}");
    }
    assert_eq!(stage.on(Event::Joined(ANN, IdentityCard::default())), []);
    let new = stage.ask(ANN, Role::View);
    assert_ne!(new, open);
}

/// S-61: a helper says why it goes.
#[test]
fn s61_a_helper_leaves() {
    ends(bye(EndReason::HelperLeft), EndReason::HelperLeft);
    ends(bye(EndReason::HelperEnded), EndReason::HelperEnded);
}

/// S-61: a helper cannot put its leaving down to somebody else.
#[test]
fn s61_a_helper_cannot_forge_a_reason() {
    ends(bye(EndReason::SharerEnded), EndReason::HelperEnded);
    ends(bye(EndReason::CaptureFailed), EndReason::HelperEnded);
}

/// S-61: the service tells why a helper is gone.
#[test]
fn s61_the_service_ends_it() {
    ends(Event::Left(ANN, EndReason::ServiceEnded), EndReason::ServiceEnded);
    ends(Event::Left(ANN, EndReason::HelperLeft), EndReason::HelperLeft);
}

/// S-61: a cable is pulled: told within ten seconds.
#[test]
fn s61_silence_of_the_link_is_a_cut() {
    ends(Event::Silent(ANN, seconds(8.0)), EndReason::ConnectionLost);
    ends(Event::LinkDown(ANN), EndReason::ConnectionLost);
}

/// S-61: a crash shows on both connections, in either order.
#[test]
fn s61_a_helper_that_vanished_and_is_silent_has_crashed() {
    let crashed = gone(EndReason::Crashed);
    let mut stage = Stage::with(ANN, Role::Control);
    assert_eq!(stage.on(Event::Vanished(ANN)), []);
    assert_eq!(stage.on(Event::Silent(ANN, seconds(1.9))), []);
    assert_eq!(stage.on(Event::Silent(ANN, seconds(2.0))), crashed);

    let mut stage = Stage::with(ANN, Role::Control);
    let todo = stage.on(Event::Silent(ANN, seconds(2.0)));
    assert_eq!(todo[0], Action::ReleaseAll(ANN), "what it held is let go first");
    assert_eq!(stage.on(Event::Vanished(ANN)), crashed[1..]);

    let mut stage = Stage::with(ANN, Role::Control);
    stage.on(Event::Vanished(ANN));
    assert_eq!(stage.on(Event::LinkDown(ANN)), crashed);
}

/// S-61: the service may be restarted under a running session.
#[test]
fn s61_a_helper_that_is_heard_has_not_crashed() {
    let mut stage = Stage::with(ANN, Role::Control);
    assert_eq!(stage.on(Event::Vanished(ANN)), []);
    assert_eq!(stage.after(seconds(3600.0)), []);
    assert_eq!(stage.on(press(ANN)), [Action::Inject(ANN, key())]);
}

/// S-61: a helper that vanished while it had no link cannot be heard of again.
#[test]
fn s61_a_helper_that_vanished_without_a_link_is_gone() {
    let mut stage = Stage::new();
    stage.on(Event::Joined(ANN, IdentityCard::default()));
    let open = stage.ask(ANN, Role::View);
    let todo = stage.on(Event::Vanished(ANN));
    assert_eq!(todo, [Action::Withdraw(open), Action::Drop(ANN, EndReason::Crashed)]);
}

/// S-61: nothing stays pressed while a helper may be gone; it goes on once the helper is heard.
#[test]
fn s61_two_seconds_of_silence_release_everything() {
    let paused = |paused| Action::Tell(ANN, ToHelper::InputPaused { paused });
    let mut stage = Stage::with(ANN, Role::Control);
    stage.on(press(ANN));
    assert_eq!(stage.on(Event::Silent(ANN, seconds(1.9))), []);
    let todo = stage.on(Event::Silent(ANN, seconds(2.0)));
    assert_eq!(todo, [Action::ReleaseAll(ANN), paused(true)]);
    assert_eq!(stage.on(Event::Silent(ANN, seconds(3.0))), []);
    assert_eq!(stage.on(press(ANN)), [paused(false), Action::Inject(ANN, key())]);
    stage.on(Event::Silent(ANN, seconds(2.0)));
    assert_eq!(stage.on(Event::Silent(ANN, seconds(0.0))), [paused(false)]);
}

/// S-61: without a picture there is no session.
#[test]
fn s61_a_failed_capture_ends_everything() {
    ends(Event::CaptureFailed, EndReason::CaptureFailed);
}

/// S-61: the dialog of a helper that is gone closes.
#[test]
fn s61_the_question_of_a_helper_that_left_is_withdrawn() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    let open = stage.ask(ANN, Role::View);
    let todo = stage.on(bye(EndReason::HelperLeft));
    assert_eq!(todo, [Action::Withdraw(open), Action::Drop(ANN, EndReason::HelperLeft)]);
    assert_eq!(question(&stage.on(Event::Answered(open, Consent::Allow))), None);
}

/// S-61: one helper's going takes nothing from another.
#[test]
fn s61_another_helper_stays() {
    let mut stage = Stage::with(ANN, Role::View);
    stage.allow(BOB, Role::Control);
    let reason = EndReason::HelperLeft;
    let todo = stage.on(bye(reason));
    assert_eq!(todo, [Action::Hide(ANN), Action::Drop(ANN, reason)]);
    assert_eq!(stage.on(press(BOB)), [Action::Inject(BOB, key())]);
}
