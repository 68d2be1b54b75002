//! The record of a consent: without it nobody acts (S-46, B-05).

use rh_protocol::{Consent, Role, ToHelper};
use rh_session::{Action, Event};

use super::{ANN, BOB, Stage, press};

fn injects(todo: &[Action]) -> bool {
    todo.iter().any(|action| matches!(action, Action::Inject(..)))
}

fn paused(todo: &[Action]) -> Option<bool> {
    todo.iter().find_map(|action| {
        let Action::Tell(_, ToHelper::InputPaused { paused }) = action else { return None };
        Some(*paused)
    })
}

/// A helper who was allowed to control, of which there is no record yet.
fn unrecorded() -> Stage {
    let mut stage = Stage::new();
    stage.connect(ANN);
    let question = stage.ask(ANN, Role::Control);
    let todo = stage.on(Event::Answered(question, Consent::Allow));
    assert!(todo.contains(&Action::Show(ANN)), "the picture does not wait");
    assert_eq!(paused(&todo), Some(true), "the helper is told that input waits");
    stage
}

#[test]
fn s46_input_waits_for_the_record() {
    let mut stage = unrecorded();
    assert!(!injects(&stage.on(press(ANN))));
    let todo = stage.on(Event::Recorded(ANN, Role::Control));
    assert_eq!(paused(&todo), Some(false));
    assert!(injects(&stage.on(press(ANN))));
}

#[test]
fn s46_a_record_of_viewing_lets_nobody_act() {
    let mut stage = unrecorded();
    stage.on(Event::Recorded(ANN, Role::View));
    assert!(!injects(&stage.on(press(ANN))));
}

#[test]
fn s46_a_record_is_of_one_helper() {
    let mut stage = unrecorded();
    stage.connect(BOB);
    stage.on(Event::Recorded(BOB, Role::Control));
    assert!(!injects(&stage.on(press(ANN))));
}

/// A record that came before the yes is of another yes.
#[test]
fn s46_a_record_does_not_come_before_its_yes() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    stage.on(Event::Recorded(ANN, Role::Control));
    let question = stage.ask(ANN, Role::Control);
    stage.on(Event::Recorded(ANN, Role::Control));
    stage.on(Event::Answered(question, Consent::Allow));
    assert!(!injects(&stage.on(press(ANN))));
}

/// Control that was given back or taken, and allowed again, needs a record of the second yes.
#[test]
fn s46_a_record_is_of_one_yes() {
    for back in [Event::Requested(ANN, Role::View), Event::Lowered(ANN, Role::View)] {
        let mut stage = Stage::with(ANN, Role::Control);
        assert!(injects(&stage.on(press(ANN))));
        stage.on(back);
        let question = stage.ask(ANN, Role::Control);
        stage.on(Event::Answered(question, Consent::Allow));
        assert!(!injects(&stage.on(press(ANN))));
        stage.on(Event::Recorded(ANN, Role::Control));
        assert!(injects(&stage.on(press(ANN))));
    }
}

/// B-05: a link between other certificates than the record names takes everything back at once.
#[test]
fn b05_another_link_lets_go_of_everything() {
    let mut stage = Stage::with(ANN, Role::Control);
    assert!(injects(&stage.on(press(ANN))));
    let todo = stage.on(Event::Unrecorded(ANN));
    assert!(todo.contains(&Action::ReleaseAll(ANN)), "{todo:?}");
    assert!(!injects(&stage.on(press(ANN))));
    stage.on(Event::Recorded(ANN, Role::Control));
    assert!(!injects(&stage.on(press(ANN))), "a record does not bring it back");
    stage.ask(ANN, Role::Control);
}
