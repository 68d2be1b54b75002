//! What a guard and an area promise, for any input.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::collection::vec;
use proptest::prelude::*;
use rh_input::{Area, Guard, Injector, InputError, Press, Recorder, Stroke, contract};
use rh_protocol::{Button, Display, DisplayId, InputEvent, Key, Point, limits};

const SHOWN: DisplayId = DisplayId(1);

fn display(id: DisplayId, (x, y): (i32, i32), (width, height): (u32, u32)) -> Display {
    Display { id, name: "test".into(), x, y, width, height, scale: 1.0, primary: true }
}

fn at(display: DisplayId, x: f32, y: f32) -> Point {
    Point::new(display, x, y).expect("shares are within 0 and 1")
}

fn guarded() -> (Recorder, Guard<Recorder>) {
    let recorder = Recorder::default();
    let mut guard = Guard::new(recorder.clone());
    guard.show(&display(SHOWN, (-100, 50), (200, 100)));
    (recorder, guard)
}

fn key(key: Key, down: bool) -> InputEvent {
    InputEvent::Key { key, down }
}

fn left(down: bool, at: Point) -> InputEvent {
    InputEvent::Button { button: Button::Left, down, at }
}

prop_compose! {
    fn any_point()(display in 0..3_u32, x in 0.0..=1.0_f32, y in 0.0..=1.0_f32) -> Point {
        at(DisplayId(display), x, y)
    }
}

fn any_event() -> impl Strategy<Value = InputEvent> {
    let some_key = prop::sample::select(&[Key::KeyA, Key::ShiftLeft, Key::Enter, Key::F5][..]);
    let some_button = prop::sample::select(&Button::ALL[..]);
    prop_oneof![
        any_point().prop_map(|at| InputEvent::Move { at }),
        (some_button, any::<bool>(), any_point())
            .prop_map(|(button, down, at)| InputEvent::Button { button, down, at }),
        (some_key, any::<bool>()).prop_map(|(key, down)| InputEvent::Key { key, down }),
        (any::<f32>(), any::<f32>(), any_point()).prop_map(|(dx, dy, at)| InputEvent::Scroll {
            dx,
            dy,
            at
        }),
        any::<String>().prop_map(|text| InputEvent::Text { text }),
        Just(InputEvent::ReleaseAll),
    ]
}

proptest! {
    /// B-07: whatever was sent, letting go of everything leaves nothing down.
    #[test]
    fn nothing_is_down_after_everything_is_let_go_of(events in vec(any_event(), 0..60)) {
        let (recorder, mut guard) = guarded();
        for event in &events {
            let _ = guard.inject(event);
        }
        guard.release_all().unwrap();
        prop_assert!(recorder.held().is_empty());
        prop_assert!(!guard.is_holding());
    }

    /// B-07: the desktop is never told to let go of what is up, nor to press what is down.
    #[test]
    fn presses_and_releases_alternate(events in vec(any_event(), 0..60)) {
        let (recorder, mut guard) = guarded();
        for event in &events {
            let _ = guard.inject(event);
        }
        drop(guard);
        let mut held = rh_input::Held::default();
        for stroke in recorder.strokes() {
            match stroke {
                Stroke::Key { key, down: true } => prop_assert!(held.press(Press::Key(key))),
                Stroke::Key { key, down: false } => prop_assert!(held.release(Press::Key(key))),
                Stroke::Button { button, down: true } => {
                    prop_assert!(held.press(Press::Button(button)));
                }
                Stroke::Button { button, down: false } => {
                    prop_assert!(held.release(Press::Button(button)));
                }
                Stroke::Move { .. } | Stroke::Scroll { .. } | Stroke::Text(_) => {}
            }
        }
    }

    /// B-08: every point is a pixel of its own display, wherever that lies; the corners are the
    /// corner pixels; further right is never further left.
    #[test]
    fn a_point_is_a_pixel_of_its_display(
        (x, y) in (-20_000..20_000_i32, -20_000..20_000_i32),
        (width, height) in (1..10_000_u32, 1..10_000_u32),
        (a, b) in (0.0..=1.0_f32, 0.0..=1.0_f32),
        scale in 0.5..3.0_f64,
    ) {
        let area = Area::new(&Display { scale, ..display(SHOWN, (x, y), (width, height)) });
        let (right, bottom) = (x + width as i32 - 1, y + height as i32 - 1);
        let locate = |a, b| area.locate(at(SHOWN, a, b)).unwrap();

        let (px, py) = locate(a, b);
        prop_assert!((x..=right).contains(&px) && (y..=bottom).contains(&py));
        prop_assert_eq!(locate(0.0, 0.0), (x, y));
        prop_assert_eq!(locate(1.0, 1.0), (right, bottom));
        prop_assert!(locate(a.min(b), 0.0).0 <= locate(a.max(b), 0.0).0);
        prop_assert_eq!(area.locate(at(DisplayId(2), a, b)), None);
    }

    /// B-08: a pixel's own share, of its left edge or its middle, finds that pixel.
    #[test]
    fn a_pixel_is_found_by_its_share(width in 1..10_000_u32, pixel in 0..10_000_u32) {
        let pixel = pixel % width;
        let area = Area::new(&display(SHOWN, (0, 0), (width, 1)));
        for within in [0.0, 0.5] {
            let share = (f64::from(pixel) + within) / f64::from(width);
            prop_assert_eq!(area.locate(at(SHOWN, share as f32, 0.0)), Some((pixel as i32, 0)));
        }
    }
}

#[test]
fn a_button_goes_to_its_point_first() {
    let (recorder, mut guard) = guarded();
    guard.inject(&left(true, at(SHOWN, 0.5, 0.5))).unwrap();
    guard.inject(&left(false, at(SHOWN, 1.0, 1.0))).unwrap();
    let press = Press::Button(Button::Left);
    let expected =
        [Stroke::Move { x: 0, y: 100 }, press.down(), Stroke::Move { x: 99, y: 149 }, press.up()];
    assert_eq!(recorder.strokes(), expected);
}

#[test]
fn a_point_of_another_display_lands_nowhere() {
    let (recorder, mut guard) = guarded();
    let elsewhere = at(DisplayId(7), 0.5, 0.5);
    guard.inject(&InputEvent::Move { at: elsewhere }).unwrap();
    guard.inject(&left(true, elsewhere)).unwrap();
    guard.inject(&InputEvent::Scroll { dx: 0.0, dy: 100.0, at: elsewhere }).unwrap();
    assert_eq!(recorder.strokes(), []);
}

#[test]
fn a_button_is_let_go_of_even_where_another_display_is_shown_by_now() {
    let (recorder, mut guard) = guarded();
    guard.inject(&left(true, at(SHOWN, 0.5, 0.5))).unwrap();
    guard.show(&display(DisplayId(2), (0, 0), (10, 10)));
    guard.inject(&left(false, at(SHOWN, 0.5, 0.5))).unwrap();
    assert!(recorder.held().is_empty());
}

#[test]
fn keys_are_let_go_of_in_the_reverse_order_of_pressing() {
    let (recorder, mut guard) = guarded();
    for pressed in [Key::ShiftLeft, Key::KeyA, Key::KeyA, Key::F5] {
        guard.inject(&key(pressed, true)).unwrap();
    }
    guard.inject(&InputEvent::ReleaseAll).unwrap();
    let ups = [Key::F5, Key::KeyA, Key::ShiftLeft].map(|key| Press::Key(key).up());
    assert_eq!(recorder.strokes()[3..], ups);
}

/// B-07: a panic lets go as well.
#[test]
fn a_panic_lets_go() {
    let recorder = Recorder::default();
    let mut guard = Guard::new(recorder.clone());
    let panicked = catch_unwind(AssertUnwindSafe(move || {
        guard.inject(&key(Key::ShiftLeft, true)).unwrap();
        panic!("on purpose");
    }));
    assert!(panicked.is_err());
    assert_eq!(recorder.strokes().len(), 2);
    assert!(recorder.held().is_empty());
}

#[test]
fn a_text_that_is_too_long_is_refused() {
    let (recorder, mut guard) = guarded();
    let text = |chars| InputEvent::Text { text: "漢".repeat(chars) };
    guard.inject(&text(limits::TEXT_CHARS)).unwrap();
    let refused = guard.inject(&text(limits::TEXT_CHARS + 1));
    assert!(matches!(refused, Err(InputError::Unsupported(_))));
    assert_eq!(recorder.strokes().len(), 1);
}

#[test]
fn a_scroll_is_limited_and_must_be_a_number() {
    let (recorder, mut guard) = guarded();
    let scroll = |dy| InputEvent::Scroll { dx: 0.0, dy, at: at(SHOWN, 0.0, 0.0) };
    guard.inject(&scroll(f32::NAN)).unwrap();
    guard.inject(&scroll(f32::INFINITY)).unwrap();
    assert_eq!(recorder.strokes(), []);
    guard.inject(&scroll(1e30)).unwrap();
    let last = recorder.strokes().pop();
    assert_eq!(last, Some(Stroke::Scroll { dx: 0.0, dy: limits::SCROLL }));
}

/// A desktop that takes no presses, and says so after the fact.
#[derive(Debug)]
struct Stubborn(Recorder);

impl Injector for Stubborn {
    fn inject(&mut self, stroke: &Stroke) -> Result<(), InputError> {
        self.0.inject(stroke)?;
        match stroke {
            Stroke::Key { down: true, .. } => Err(InputError::Unsupported("keys".into())),
            Stroke::Move { .. } | Stroke::Button { .. } | Stroke::Scroll { .. } => Ok(()),
            Stroke::Key { .. } | Stroke::Text(_) => Ok(()),
        }
    }
}

#[test]
fn a_press_that_failed_is_let_go_of_all_the_same() {
    let recorder = Recorder::default();
    let mut guard = Guard::new(Stubborn(recorder.clone()));
    assert!(guard.inject(&key(Key::KeyA, true)).is_err());
    assert!(recorder.held().is_empty());
    assert!(!guard.is_holding());
}

/// The mock keeps the contract that real desktops keep.
#[test]
fn the_recorder_keeps_the_contract() {
    struct Record(Recorder);
    impl contract::Witness for Record {
        fn held(&mut self) -> std::collections::BTreeSet<Press> {
            self.0.held().iter().collect()
        }
        fn pointer(&mut self) -> (i32, i32) {
            self.0.pointer().unwrap()
        }
    }
    let recorder = Recorder::default();
    contract::check(&mut recorder.clone(), &mut Record(recorder));
}
