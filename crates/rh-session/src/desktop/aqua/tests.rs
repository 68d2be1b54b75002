use super::*;

/// A desktop in use, with one display.
pub(in super::super) fn in_use() -> Reading {
    Reading {
        session: Some(Session { on_console: Some(true), locked: None }),
        saver: false,
        secure_input: false,
        displays: vec![display(1)],
        slept: Duration::ZERO,
        permissions: Permissions { capture: true, input: true },
    }
}

fn display(id: u32) -> Shape {
    Shape { id, bounds: [-10, 0, 1440, 900], pixels: [2880, 1800], asleep: false }
}

fn of_session(on_console: Option<bool>, locked: Option<bool>) -> DesktopState {
    Reading { session: Some(Session { on_console, locked }), ..in_use() }.state()
}

fn asleep(displays: &[bool]) -> DesktopState {
    let displays = displays.iter().map(|&asleep| Shape { asleep, ..display(1) }).collect();
    Reading { displays, ..in_use() }.state()
}

fn changes(readings: impl IntoIterator<Item = Reading>) -> Vec<DesktopEvent> {
    let mut changes = Changes::since(in_use());
    readings.into_iter().for_each(|reading| changes.note(reading));
    std::iter::from_fn(|| changes.pop()).collect()
}

/// B-11: locked only while macOS says so, in any way that it says no.
#[test]
fn a_locked_screen_is_locked() {
    assert_eq!(of_session(Some(true), None), DesktopState::Active);
    assert_eq!(of_session(Some(true), Some(false)), DesktopState::Active);
    assert_eq!(of_session(Some(true), Some(true)), DesktopState::Locked);
    assert_eq!(Reading { saver: true, ..in_use() }.state(), DesktopState::Locked);
}

/// B-11: another user's screen is never taken for the sharer's (CVE-2024-44248).
#[test]
fn a_session_without_the_screen_is_shut() {
    for locked in [None, Some(false), Some(true)] {
        assert_eq!(of_session(Some(false), locked), DesktopState::OtherUser);
        assert_eq!(of_session(None, locked), DesktopState::OtherUser, "it is not known to have it");
    }
    assert_eq!(Reading { session: None, ..in_use() }.state(), DesktopState::OtherUser);
}

#[test]
fn a_desktop_sleeps_once_all_displays_do() {
    assert_eq!(asleep(&[true]), DesktopState::Asleep);
    assert_eq!(asleep(&[true, true]), DesktopState::Asleep);
    assert_eq!(asleep(&[true, false]), DesktopState::Active);
    assert_eq!(asleep(&[]), DesktopState::Active, "a Mac without displays can be helped too");
}

/// B-11.
#[test]
fn secure_input_is_told_unless_more_is_shut() {
    let secure = Reading { secure_input: true, ..in_use() };
    assert_eq!(secure.state(), DesktopState::SecureInput);
    let session = Some(Session { on_console: Some(true), locked: Some(true) });
    assert_eq!(Reading { session, ..secure }.state(), DesktopState::Locked);
}

#[test]
fn the_same_again_is_no_change() {
    assert_eq!(changes([in_use(), in_use()]), []);
}

/// S-29, B-02: a permission that is taken while running.
#[test]
fn a_change_of_permissions_is_told() {
    let permissions = Permissions { capture: true, input: false };
    let taken = Reading { permissions, ..in_use() };
    assert_eq!(changes([taken.clone(), taken]), [DesktopEvent::Permissions(permissions)]);
}

/// B-09: a sleep that nobody could see is told afterwards, between two readings alike.
#[test]
fn a_sleep_of_the_machine_is_told_after_it() {
    let woken = Reading { slept: Duration::from_secs(90), ..in_use() };
    let states = [DesktopState::Asleep, DesktopState::Active].map(DesktopEvent::State);
    assert_eq!(changes([woken.clone(), woken]), states);
    assert_eq!(changes([Reading { slept: NAP, ..in_use() }]), []);
}

#[test]
fn a_sleep_that_was_seen_is_told_once() {
    let mut sleeping = in_use();
    sleeping.displays[0].asleep = true;
    let mut woken = sleeping.clone();
    woken.slept = Duration::from_secs(90);
    let states = [DesktopState::Asleep, DesktopState::Active].map(DesktopEvent::State);
    assert_eq!(
        changes([sleeping, woken.clone(), Reading { slept: woken.slept, ..in_use() }]),
        states
    );
}

/// B-08: displays that come, go, move or change their scale.
#[test]
fn another_arrangement_is_told() {
    let arranged = |displays: Vec<Shape>| changes([Reading { displays, ..in_use() }]);
    let told = [DesktopEvent::DisplaysChanged];
    assert_eq!(arranged(vec![display(1), display(2)]), told);
    assert_eq!(arranged(vec![]), told);
    assert_eq!(arranged(vec![Shape { bounds: [10, 0, 1440, 900], ..display(1) }]), told);
    assert_eq!(arranged(vec![Shape { pixels: [1440, 900], ..display(1) }]), told);
    assert_eq!(arranged(vec![display(1)]), []);
}

#[test]
fn what_was_not_reported_does_not_count_yet() {
    let mut changes = Changes::since(in_use());
    let permissions = Permissions { capture: false, input: true };
    changes.note(Reading { secure_input: true, permissions, ..in_use() });
    assert_eq!(changes.state(), DesktopState::Active);
    assert_eq!(changes.pop(), Some(DesktopEvent::State(DesktopState::SecureInput)));
    assert_eq!(changes.state(), DesktopState::SecureInput);
    assert_eq!(changes.permissions(), in_use().permissions);
    assert_eq!(changes.pop(), Some(DesktopEvent::Permissions(permissions)));
    assert_eq!((changes.permissions(), changes.pop()), (permissions, None));
}
