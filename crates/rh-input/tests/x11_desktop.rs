//! XTEST against a real X server: the contract, buttons, the wheel, two monitors.

#![cfg(target_os = "linux")]

mod desktop;

use desktop::{Desktop, EVDEV};
use rh_input::x11::Xtest;
use rh_input::{Guard, Injector, InputError, Stroke, contract};
use rh_protocol::{Button, Display, DisplayId, InputEvent, Key, Point};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ConnectionExt as _, CreateWindowAux, EventMask, WindowClass};

fn open(desktop: &Desktop) -> Xtest {
    Xtest::open(Some(&desktop.name)).expect("the server has XTEST")
}

/// B-07.
#[test]
fn xtest_keeps_the_contract() {
    let desktop = Desktop::start();
    contract::check(&mut open(&desktop), &mut &desktop);
}

#[test]
fn a_server_that_is_not_there_is_unavailable() {
    let refused = Xtest::open(Some(":9999")).err();
    assert!(matches!(refused, Some(InputError::Unavailable { backend: "xtest", .. })));
}

/// B-07: every key there is finds a keycode of its own on an evdev keyboard.
#[test]
fn every_key_can_be_pressed() {
    let desktop = Desktop::start();
    let mut injector = open(&desktop);
    for &key in Key::ALL {
        injector.inject(&Stroke::Key { key, down: true }).expect("an evdev keyboard has them all");
        assert_eq!(desktop.keycodes_down().len(), 1, "{key}");
        injector.inject(&Stroke::Key { key, down: false }).expect("it was pressed");
    }
    assert!(desktop.keycodes_down().is_empty());
}

/// B-07: a server that numbers its keys otherwise is asked by name.
#[test]
fn keys_are_found_by_name_where_keycodes_differ() {
    let desktop = Desktop::start();
    desktop.command("setxkbmap", &["-keycodes", "xfree86", "-layout", "us"]);
    let mut injector = open(&desktop);
    for (key, evdev) in EVDEV {
        injector.inject(&Stroke::Key { key, down: true }).expect("both keyboards have these");
        // xkeyboard-config, keycodes/xfree86: <RCTL> = 109, <UP> = 98; the others are alike.
        let expected = match evdev {
            105 => 109,
            111 => 98,
            same => same,
        };
        assert_eq!(desktop.keycodes_down(), [expected].into(), "{key}");
        injector.inject(&Stroke::Key { key, down: false }).expect("it was pressed");
    }
}

/// The buttons that a window sees pressed, in order.
fn clicks_seen(strokes: &[Stroke]) -> Vec<u8> {
    let desktop = Desktop::start();
    let conn = &desktop.conn;
    let window = conn.generate_id().expect("an id");
    let aux = CreateWindowAux::new().override_redirect(1).event_mask(EventMask::BUTTON_PRESS);
    let class = WindowClass::INPUT_OUTPUT;
    conn.create_window(0, window, desktop.root(), 0, 0, 100, 100, 0, class, 0, &aux).expect("sent");
    conn.map_window(window).expect("sent").check().expect("the window is shown");

    let mut injector = open(&desktop);
    injector.inject(&Stroke::Move { x: 50, y: 50 }).expect("a place on the screen");
    strokes.iter().for_each(|stroke| injector.inject(stroke).expect("a click"));

    conn.get_input_focus().expect("sent").reply().expect("everything so far has come");
    let mut seen = Vec::new();
    while let Some(event) = conn.poll_for_event().expect("a connection") {
        if let Event::ButtonPress(press) = event {
            seen.push(press.detail);
        }
    }
    seen
}

#[test]
fn buttons_have_their_usual_numbers() {
    let clicks = Button::ALL.map(|button| {
        [Stroke::Button { button, down: true }, Stroke::Button { button, down: false }]
    });
    assert_eq!(clicks_seen(clicks.as_flattened()), [1, 2, 3, 8, 9]);
}

#[test]
fn the_wheel_turns_both_ways_and_sideways() {
    let scroll = |dx, dy| Stroke::Scroll { dx, dy };
    let strokes = [scroll(0.0, 106.0), scroll(0.0, -53.0), scroll(53.0, 0.0), scroll(-106.0, 0.0)];
    assert_eq!(clicks_seen(&strokes), [5, 5, 4, 7, 6, 6]);
}

/// B-08: two monitors of different size; each point is a pixel of its own monitor.
#[test]
fn clicks_land_on_the_monitor_shown() {
    let desktop = Desktop::start();
    let mut guard = Guard::new(open(&desktop));
    let monitor = |id, x, y, width, height| {
        let id = DisplayId(id);
        Display { id, name: "test".into(), x, y, width, height, scale: 1.0, primary: id.0 == 0 }
    };
    let monitors = [monitor(0, 300, 0, 980, 800), monitor(1, 0, 200, 300, 400)];
    for monitor in &monitors {
        guard.show(monitor);
        for (share, x, y) in [
            (0.0, monitor.x, monitor.y),
            (0.5, monitor.x + monitor.width as i32 / 2, monitor.y + monitor.height as i32 / 2),
            (1.0, monitor.x + monitor.width as i32 - 1, monitor.y + monitor.height as i32 - 1),
        ] {
            let at = Point::new(monitor.id, share, share).expect("a share");
            let elsewhere = Point::new(DisplayId(9), 0.25, 0.25).expect("a share");
            let press = InputEvent::Button { button: Button::Left, down: true, at };
            guard.inject(&press).expect("a click");
            guard.inject(&InputEvent::Move { at: elsewhere }).expect("dropped");
            let pointer = desktop.query_pointer();
            assert_eq!((i32::from(pointer.root_x), i32::from(pointer.root_y)), (x, y));
            assert_ne!(desktop.buttons_down(), 0);
            guard.inject(&InputEvent::ReleaseAll).expect("let go");
            assert_eq!(desktop.buttons_down(), 0);
        }
    }
}
