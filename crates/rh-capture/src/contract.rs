//! What every [`Screen`] must keep, as checks that any backend can run.
//!
//! Call [`check`] from a test with a [`Subject`] that opens the backend and can make its picture
//! change. Every broken clause panics and says which.

mod witness;

use std::thread;
use std::time::{Duration, Instant};

use rh_protocol::{Display, DisplayId};

use crate::{CaptureError, Screen};
use witness::Witness;

/// Enough for any machine to take one picture.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a screen at rest is watched.
const REST: Duration = Duration::from_millis(100);

/// A backend under test, with a picture that changes only by [`disturb`](Self::disturb) or comes to
/// rest by itself within a few hundred frames.
pub trait Subject {
    /// What there is to open.
    fn displays(&self) -> Vec<Display>;

    /// Opens one display.
    ///
    /// # Errors
    ///
    /// As the backend does.
    fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError>;

    /// Changes some pixels of `display`, others each time; does nothing if they change by
    /// themselves.
    fn disturb(&mut self, display: &Display);
}

/// Checks every clause on every display.
///
/// # Panics
///
/// If a clause is broken.
pub fn check(subject: &mut dyn Subject) {
    let displays = subject.displays();
    assert!(!displays.is_empty(), "there is a display to see");
    assert_eq!(displays.iter().filter(|display| display.primary).count(), 1, "one is the main one");
    for display in &displays {
        first_picture_is_whole_and_at_once(subject, display);
        damage_is_truthful(subject, display);
        nothing_comes_while_nothing_changes(subject, display);
        a_dropped_screen_leaves_nothing(subject, display);
    }
    an_unknown_display_is_refused(subject, &displays);
}

fn open(subject: &dyn Subject, display: &Display) -> Box<dyn Screen> {
    subject.open(display.id).unwrap_or_else(|error| panic!("{} opens: {error}", display.name))
}

fn first_picture_is_whole_and_at_once(subject: &dyn Subject, display: &Display) {
    let mut screen = open(subject, display);
    let frame = screen.next(Duration::ZERO).expect("captures").expect("a first picture at once");
    let pixels = |extent: u32| (f64::from(extent) * display.scale).round() as u32;
    assert_eq!(frame.size.width, pixels(display.width), "as wide as the display");
    assert_eq!(frame.size.height, pixels(display.height), "as high as the display");
    Witness::default().see(&frame);
}

/// A pixel outside the damage is what it was, in every picture.
fn damage_is_truthful(subject: &mut dyn Subject, display: &Display) {
    let mut screen = open(subject, display);
    let mut witness = Witness::default();
    witness.see(&screen.next(PATIENCE).expect("captures").expect("a first picture"));
    for _ in 0..20 {
        subject.disturb(display);
        let seen = witness.pictures;
        for _ in 0..20 {
            match screen.next(PATIENCE / 20).expect("captures") {
                Some(frame) => witness.see(&frame),
                None if witness.pictures > seen => break,
                None => {}
            }
        }
        assert!(witness.pictures > seen, "a change is seen");
    }
}

fn nothing_comes_while_nothing_changes(subject: &dyn Subject, display: &Display) {
    let mut screen = open(subject, display);
    let at_rest = (0..1000).any(|_| screen.next(REST).expect("captures").is_none());
    assert!(at_rest, "the picture comes to rest");
    for _ in 0..3 {
        let start = now();
        assert!(screen.next(REST).expect("captures").is_none(), "no picture of no change");
        assert!(start.elapsed() < PATIENCE, "patience is kept");
    }
}

fn an_unknown_display_is_refused(subject: &dyn Subject, displays: &[Display]) {
    let known = |id: &DisplayId| displays.iter().any(|display| display.id == *id);
    let unknown = (0..).map(|n| DisplayId(u32::MAX - n)).find(|id| !known(id)).expect("ids abound");
    match subject.open(unknown) {
        Err(CaptureError::NoDisplay(id)) => assert_eq!(id, unknown, "the error names the display"),
        Err(error) => panic!("an unknown display was refused as: {error}"),
        Ok(_) => panic!("an unknown display was opened"),
    }
}

/// No thread and no file descriptor outlives its screen. Other tests of the same process may come
/// and go meanwhile, so only growth that is as steady as the opening counts.
fn a_dropped_screen_leaves_nothing(subject: &dyn Subject, display: &Display) {
    const TIMES: usize = 30;
    let before = held();
    for _ in 0..TIMES {
        let mut screen = open(subject, display);
        screen.next(PATIENCE).expect("captures").expect("a first picture");
    }
    let start = now();
    while held() >= before + TIMES {
        assert!(start.elapsed() < PATIENCE, "dropped screens leave threads or descriptors behind");
        thread::sleep(REST);
    }
}

/// Threads and file descriptors of this process; 0 where the system does not list them.
fn held() -> usize {
    let count = |path| std::fs::read_dir(path).map_or(0, Iterator::count);
    count("/proc/self/task") + count("/proc/self/fd")
}

#[expect(clippy::disallowed_methods, reason = "the contract is about time that passes")]
fn now() -> Instant {
    Instant::now()
}
