//! Displays, and desktops that are locked or asleep.

use rh_protocol::{Consent, DisplayId, FromHelper, InputEvent, Point, PointerMove, Role, ToHelper};
use rh_session::desktop::DesktopState;
use rh_session::{Action, Event};

use super::{ANN, MAIN, SIDE, Stage, display, displays, key, press};

fn paused(paused: bool) -> Action {
    Action::Tell(ANN, ToHelper::InputPaused { paused })
}

fn told(state: DesktopState) -> Action {
    Action::Tell(ANN, ToHelper::Desktop { state })
}

fn select(display: DisplayId) -> Event {
    Event::Heard(ANN, FromHelper::Select { display })
}

fn listed(current: DisplayId) -> Action {
    Action::Tell(ANN, ToHelper::Displays { displays: displays(), current })
}

/// B-11: the lock screen is not shared, the helper is told why, and the session resumes by itself.
#[test]
fn a_locked_desktop_is_neither_seen_nor_acted_on() {
    for state in [DesktopState::Locked, DesktopState::OtherUser, DesktopState::Asleep] {
        let mut stage = Stage::with(ANN, Role::Control);
        stage.on(press(ANN));
        assert_eq!(
            stage.on(Event::DesktopChanged(state)),
            [
                Action::ReleaseAll(ANN),
                paused(true),
                told(state),
                Action::Hide(ANN),
                Action::StopSharing,
            ],
        );
        assert_eq!(stage.on(press(ANN)), []);
        assert_eq!(
            stage.on(Event::DesktopChanged(DesktopState::Active)),
            [
                Action::StartSharing(MAIN),
                Action::Show(ANN),
                paused(false),
                told(DesktopState::Active),
            ],
        );
        assert_eq!(stage.on(press(ANN)), [Action::Inject(ANN, key())]);
    }
}

/// A yes on a locked desktop takes effect when it is unlocked.
#[test]
fn consent_does_not_unlock() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    let question = stage.ask(ANN, Role::View);
    stage.on(Event::DesktopChanged(DesktopState::Locked));
    let todo = stage.on(Event::Answered(question, Consent::Allow));
    assert!(!todo.contains(&Action::StartSharing(MAIN)), "{todo:?}");
    assert!(todo.contains(&told(DesktopState::Locked)), "{todo:?}");
    let todo = stage.on(Event::DesktopChanged(DesktopState::Active));
    let resumed = [Action::StartSharing(MAIN), Action::Show(ANN), paused(false)];
    assert_eq!(todo, [&resumed[..], &[told(DesktopState::Active)]].concat());
}

/// B-11.
#[test]
fn secure_input_pauses_input_but_not_the_picture() {
    let mut stage = Stage::with(ANN, Role::Control);
    let todo = stage.on(Event::DesktopChanged(DesktopState::SecureInput));
    let secure = told(DesktopState::SecureInput);
    assert_eq!(todo, [Action::ReleaseAll(ANN), paused(true), secure]);
    assert_eq!(stage.on(press(ANN)), []);
    let todo = stage.on(Event::DesktopChanged(DesktopState::Active));
    assert_eq!(todo, [paused(false), told(DesktopState::Active)]);
}

/// B-11: what the desktop does is no business of a helper without consent.
#[test]
fn a_helper_without_consent_is_told_nothing_of_the_desktop() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    stage.ask(ANN, Role::View);
    assert_eq!(stage.on(Event::DesktopChanged(DesktopState::Locked)), []);
    assert_eq!(stage.on(Event::DesktopChanged(DesktopState::Active)), []);
}

/// S-50..52: either side may choose the display during the session; everybody is told.
#[test]
fn s50_the_display_can_be_changed() {
    let mut stage = Stage::with(ANN, Role::View);
    assert_eq!(stage.on(select(SIDE)), [listed(SIDE), Action::ShowDisplay(SIDE)]);
    assert_eq!(stage.on(select(SIDE)), [], "it is shown already");
    assert_eq!(stage.on(Event::Selected(MAIN)), [listed(MAIN), Action::ShowDisplay(MAIN)]);
}

#[test]
fn a_display_that_is_not_there_cannot_be_chosen() {
    let mut stage = Stage::with(ANN, Role::Control);
    assert_eq!(stage.on(select(DisplayId(9))), []);
    assert_eq!(stage.on(Event::Selected(DisplayId(9))), []);
}

/// S-58: a helper without consent neither chooses nor learns what displays there are.
#[test]
fn s58_displays_are_no_business_of_a_helper_without_consent() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    assert_eq!(stage.on(select(SIDE)), []);
    let question = stage.ask(ANN, Role::View);
    assert_eq!(stage.on(select(SIDE)), []);
    assert_eq!(stage.on(Event::Selected(SIDE)), []);
    let todo = stage.on(Event::Answered(question, Consent::Allow));
    assert!(todo.contains(&Action::StartSharing(SIDE)), "the sharer chose it: {todo:?}");
}

#[test]
fn a_display_that_is_unplugged_gives_way_to_the_main_one() {
    let mut stage = Stage::with(ANN, Role::View);
    stage.on(select(SIDE));
    let left = vec![display(MAIN, true)];
    let told = ToHelper::Displays { displays: left.clone(), current: MAIN };
    assert_eq!(
        stage.on(Event::DisplaysChanged(left)),
        [Action::Tell(ANN, told), Action::ShowDisplay(MAIN)],
    );
}

/// B-03: nobody acts on what cannot be seen.
#[test]
fn without_any_display_nothing_is_captured_or_done_until_one_comes_back() {
    let mut stage = Stage::with(ANN, Role::Control);
    let todo = stage.on(Event::DisplaysChanged(Vec::new()));
    let stopped = [Action::ReleaseAll(ANN), paused(true), Action::Hide(ANN), Action::StopSharing];
    assert_eq!(todo, stopped);
    assert_eq!(stage.on(press(ANN)), []);
    let todo = stage.on(Event::DisplaysChanged(displays()));
    let resumed = [listed(MAIN), Action::StartSharing(MAIN), Action::Show(ANN), paused(false)];
    assert_eq!(todo, resumed);
}

/// A move that was overtaken by a click must not drag what the click took hold of.
#[test]
fn a_late_pointer_move_is_dropped() {
    let mut stage = Stage::with(ANN, Role::Control);
    let at = Point::new(MAIN, 0.5, 0.5).unwrap();
    let moved = |seq| Event::Pointer(ANN, PointerMove { seq, at });
    let carried_out = [Action::Inject(ANN, InputEvent::Move { at })];
    assert_eq!(stage.on(moved(3)), carried_out);
    assert_eq!(stage.on(moved(2)), []);
    let click = FromHelper::Input { seq: 5, event: key() };
    assert_eq!(stage.on(Event::Heard(ANN, click)), [Action::Inject(ANN, key())]);
    assert_eq!(stage.on(moved(4)), []);
    assert_eq!(stage.on(moved(5)), []);
    assert_eq!(stage.on(moved(6)), carried_out);
}
