//! ScreenCaptureKit, held to the contract on a real Mac.
//!
//! Run it in a desktop session that rests, as a program that may record the screen. Another process
//! (`osascript`, part of macOS) draws, since our own windows are left out of the picture.
#![cfg(target_os = "macos")]

mod painter;

use std::time::{Duration, Instant};

use painter::Painter;
use rh_capture::contract::{self, Subject};
use rh_capture::{Backend, CaptureError, Permission, Pixels, Screen};
use rh_protocol::{Display, DisplayId};

const BACKEND: Backend = Backend::ScreenCaptureKit;

#[derive(Default)]
struct Desktop(Option<Painter>);

impl Subject for Desktop {
    fn displays(&self) -> Vec<Display> {
        BACKEND.displays().expect("lists displays")
    }

    fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        BACKEND.open(display)
    }

    fn disturb(&mut self, display: &Display) {
        self.0.get_or_insert_with(Painter::start).paint(display);
    }
}

/// B-02: what macOS claims is what it gives.
#[test]
fn the_permission_is_alive() {
    assert_eq!(BACKEND.permission(), Permission::Granted, "allow screen recording first");
    assert_eq!(BACKEND.probe(), Permission::Granted, "the grant is dead: remove and add it anew");
}

#[test]
fn keeps_the_contract() {
    contract::check(&mut Desktop::default());
}

/// Pictures stay in the window server's memory, and can be read all the same.
#[test]
fn pictures_are_handed_on_without_a_copy() {
    let display = BACKEND.displays().expect("lists displays").remove(0);
    let mut screen = BACKEND.open(display.id).expect("opens");
    let frame = screen.next(Duration::ZERO).expect("captures").expect("a first picture");
    assert!(matches!(frame.pixels, Pixels::Surface(_)));
    let bytes = frame.pixels.in_memory(|pixels| match pixels {
        Pixels::Bgrx { data, .. } => data.len(),
        Pixels::Nv12 { .. } | Pixels::Surface(_) | _ => 0,
    });
    let pixels = frame.size.width as usize * frame.size.height as usize;
    assert!(bytes.expect("is read") >= pixels * 4);
}

/// B-15: the capture, and with it the system's indicator, ends within a second.
#[test]
#[expect(clippy::disallowed_methods, reason = "the second is a real one")]
fn a_dropped_screen_is_stopped_within_a_second() {
    let display = BACKEND.displays().expect("lists displays").remove(0);
    let screen = BACKEND.open(display.id).expect("opens");
    let start = Instant::now();
    drop(screen);
    assert!(start.elapsed() < Duration::from_secs(1), "took {:?}", start.elapsed());
}
