//! Quartz events against the real desktop of a Mac: the contract, and that nothing presses for the
//! sharer.
//!
//! They click and type, so they are left out unless asked for: `cargo test -p rh-input --test macos
//! -- --ignored --test-threads 1`, in a program with the Accessibility permission, an empty text
//! window in front, and hands off mouse and keyboard.

#![cfg(target_os = "macos")]

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use objc2_core_graphics::{CGEvent, CGEventSource, CGEventSourceStateID, CGMouseButton};
use rh_input::contract::{self, PRESSES, Witness};
use rh_input::macos::{CgEvent, permissions};
use rh_input::quartz::sharer::REST;
use rh_input::quartz::{buttons, keys};
use rh_input::{Guard, Injector, InputError, Press, Stroke};
use rh_protocol::{Button, Display, DisplayId, InputEvent, Key, Point};

/// Asks the window server, once it has had the time to take in what was posted.
struct WindowServer;

/// Posted events are carried out in order, but not before the call returns.
const SETTLED: Duration = Duration::from_millis(100);

impl Witness for WindowServer {
    fn held(&mut self) -> BTreeSet<Press> {
        thread::sleep(SETTLED);
        let session = CGEventSourceStateID::CombinedSessionState;
        let is_down = |press: &Press| match *press {
            Press::Button(button) => {
                CGEventSource::button_state(session, CGMouseButton(buttons::number(button)))
            }
            Press::Key(key) => {
                keys::code(key).is_some_and(|code| CGEventSource::key_state(session, code))
            }
        };
        PRESSES.into_iter().filter(is_down).collect()
    }

    fn pointer(&mut self) -> (i32, i32) {
        thread::sleep(SETTLED);
        let now = CGEvent::new(None).expect("the window server answers");
        let place = CGEvent::location(Some(&now));
        (place.x.round() as i32, place.y.round() as i32)
    }
}

/// An injector for a sharer who has just rested.
fn open() -> CgEvent {
    thread::sleep(REST + SETTLED);
    CgEvent::open().expect("this program may control the Mac, and somebody is logged in")
}

/// B-07.
#[test]
#[ignore = "it clicks and types on the real desktop"]
fn quartz_keeps_the_contract() {
    contract::check(&mut open(), &mut WindowServer);
}

/// B-07: a guard that is dropped leaves nothing pressed.
#[test]
#[ignore = "it clicks and types on the real desktop"]
fn a_guard_lets_go() {
    let id = DisplayId(0);
    let name = "test".to_owned();
    let display =
        Display { id, name, x: 0, y: 0, width: 800, height: 600, scale: 1.0, primary: true };
    let mut guard = Guard::new(open());
    guard.show(&display);
    let at = Point::new(id, 0.5, 0.5).expect("a share");
    guard.inject(&InputEvent::Button { button: Button::Middle, down: true, at }).expect("a press");
    guard.inject(&InputEvent::Key { key: Key::ShiftRight, down: true }).expect("a press");
    assert_eq!(WindowServer.pointer(), (400, 300));
    drop(guard);
    assert_eq!(WindowServer.held(), BTreeSet::new());
}

/// A key that macOS has not is refused, and says so.
#[test]
#[ignore = "it needs the permission to control the Mac"]
fn a_key_that_is_not_there_is_refused() {
    let refused = open().inject(&Stroke::Key { key: Key::F24, down: true });
    assert!(matches!(refused, Err(InputError::Unsupported(_))), "{refused:?}");
}

/// B-02: without the permission it is refused at once, not silently.
#[test]
fn opening_says_what_the_permissions_say() {
    let opened = CgEvent::open();
    if permissions().may_post() {
        assert!(!matches!(opened, Err(InputError::Denied)), "{opened:?}");
    } else {
        assert!(matches!(opened, Err(InputError::Denied)), "{opened:?}");
    }
}
