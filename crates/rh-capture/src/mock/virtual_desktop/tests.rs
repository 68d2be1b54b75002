//! What the desktop makes of input, and that its screen keeps the contract.

use std::thread;

use super::*;
use crate::contract::{self, Subject};
use crate::{Pixels, Screen};

struct Held(VirtualDesktop);

impl Subject for Held {
    fn displays(&self) -> Vec<Display> {
        vec![VirtualDesktop::display()]
    }

    fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        Ok(Box::new(self.0.open(display)?))
    }

    fn disturb(&mut self, _: &Display) {
        self.0.text("漢a\n");
        self.0.advance(Duration::from_secs(1));
    }
}

#[test]
fn keeps_the_contract() {
    contract::check(&mut Held(VirtualDesktop::with_held_clock()));
}

fn press(desktop: &VirtualDesktop, key: Key) {
    desktop.key(key, true);
    desktop.key(key, false);
}

#[test]
fn keys_and_text_arrive_in_the_notepad() {
    let desktop = VirtualDesktop::with_held_clock();
    desktop.key(Key::ShiftLeft, true);
    press(&desktop, Key::KeyH);
    press(&desktop, Key::Digit1);
    desktop.key(Key::ShiftLeft, false);
    press(&desktop, Key::Slash);
    desktop.text("é 漢 🎉");
    assert_eq!(desktop.typed(), "H!/é 漢 🎉");

    press(&desktop, Key::Backspace);
    press(&desktop, Key::ArrowLeft);
    press(&desktop, Key::Backspace);
    press(&desktop, Key::Enter);
    assert_eq!(desktop.typed(), "H!/é \n ");

    desktop.key(Key::ControlLeft, true);
    press(&desktop, Key::KeyA);
    press(&desktop, Key::KeyQ);
    assert_eq!(desktop.typed(), "H!/é \n ", "a shortcut types nothing");
    assert_eq!(desktop.keys_down(), [Key::ControlLeft]);
    desktop.key(Key::ControlLeft, false);
    press(&desktop, Key::KeyX);
    assert_eq!(desktop.typed(), "x", "typing replaces what is selected");
}

#[test]
fn dragging_draws_and_moving_does_not() {
    let desktop = VirtualDesktop::with_held_clock();
    desktop.point(700, 200);
    desktop.point(800, 200);
    assert!(!desktop.is_painted(750, 200));
    desktop.button(Button::Left, true);
    desktop.point(900, 300);
    desktop.button(Button::Left, false);
    desktop.point(1000, 300);
    assert!(desktop.is_painted(850, 250));
    assert!(!desktop.is_painted(950, 300));
    assert!(desktop.buttons_down().is_empty());
}

#[test]
fn a_click_is_down_and_up_on_the_same_button() {
    let desktop = VirtualDesktop::with_held_clock();
    desktop.point(100, 500);
    desktop.button(Button::Left, true);
    desktop.button(Button::Left, false);
    desktop.button(Button::Left, true);
    desktop.point(1000, 200);
    desktop.button(Button::Left, false);
    assert_eq!(desktop.clicks(), 1);

    desktop.point(100, 600);
    desktop.button(Button::Right, true);
    assert!(!desktop.is_switched_on());
    desktop.button(Button::Left, true);
    assert!(desktop.is_switched_on());
}

#[test]
fn the_wheel_scrolls_the_list_under_the_pointer_alone() {
    let desktop = VirtualDesktop::with_held_clock();
    desktop.point(100, 100);
    desktop.scroll(0.0, 100.0);
    assert_eq!(desktop.scrolled(), 0);
    desktop.point(700, 600);
    desktop.scroll(0.0, 100.5);
    desktop.scroll(f32::NAN, f32::NAN);
    desktop.scroll(0.0, -20.0);
    assert_eq!(desktop.scrolled(), 80);
    desktop.scroll(0.0, -1e9);
    assert_eq!(desktop.scrolled(), 0);
}

#[test]
fn the_clock_moves_each_second() {
    let desktop = VirtualDesktop::with_held_clock();
    let mut screen = desktop.screen();
    screen.next(Duration::ZERO).unwrap().unwrap();
    desktop.advance(Duration::from_millis(999));
    assert!(screen.next(Duration::ZERO).unwrap().is_none());
    desktop.advance(Duration::from_millis(1));
    assert_eq!(screen.next(Duration::ZERO).unwrap().unwrap().damage, [clock::AREA]);

    let mut running = VirtualDesktop::new().screen();
    running.next(Duration::ZERO).unwrap().unwrap();
    assert!(running.next(Duration::from_secs(2)).unwrap().is_some());
}

#[test]
fn two_screens_see_the_same_and_input_ends_the_wait() {
    let desktop = VirtualDesktop::with_held_clock();
    let (mut one, mut other) = (desktop.screen(), desktop.screen());
    one.next(Duration::ZERO).unwrap().unwrap();
    other.next(Duration::ZERO).unwrap().unwrap();
    let watcher = thread::spawn(move || {
        let frame = one.next(Duration::from_secs(60)).unwrap().unwrap();
        let Pixels::Bgrx { data, .. } = frame.pixels else { panic!("in memory") };
        data.to_vec()
    });
    desktop.text("hello");
    let Pixels::Bgrx { data, .. } = other.next(Duration::ZERO).unwrap().unwrap().pixels else {
        panic!("in memory")
    };
    assert_eq!(watcher.join().unwrap(), data);
}

#[test]
fn the_cursor_is_told_when_it_changes() {
    let desktop = VirtualDesktop::with_held_clock();
    let mut screen = desktop.screen();
    desktop.point(100, 100);
    let beam = screen.cursor().unwrap();
    assert_eq!(beam.at, Some((100, 100)));
    assert_eq!(screen.cursor(), None);
    desktop.point(-5, 9999);
    let arrow = screen.cursor().unwrap();
    assert_eq!(arrow.at, Some((0, 719)));
    assert_ne!(arrow.image, beam.image);
    let image = arrow.image.unwrap();
    assert_eq!(image.rgba.len() as u32, image.width * image.height * 4);
}
