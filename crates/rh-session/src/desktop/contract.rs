//! What every [`Desktop`] must keep, as checks that any backend can run.
//!
//! Call [`check`] from a test with a [`Subject`] that opens the backend and can make things happen
//! on the desktop. Every broken clause panics and says which.

use std::thread;
use std::time::{Duration, Instant};

use super::{Desktop, DesktopError, DesktopEvent, DesktopState};

/// Enough for any machine to notice a change.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a desktop at rest is watched.
const REST: Duration = Duration::from_millis(100);

/// A backend under test, on a desktop where nothing happens by itself.
pub trait Subject {
    /// Begins to watch.
    ///
    /// # Errors
    ///
    /// As the backend does.
    fn open(&mut self) -> Result<Box<dyn Desktop>, DesktopError>;

    /// Locks the desktop.
    fn lock(&mut self);

    /// Unlocks it.
    fn unlock(&mut self);

    /// Changes the displays.
    fn rearrange(&mut self);
}

/// Checks every clause.
///
/// # Panics
///
/// If a clause is broken.
pub fn check(subject: &mut dyn Subject) {
    let mut desktop =
        subject.open().unwrap_or_else(|error| panic!("the desktop is watched: {error}"));
    let desktop = desktop.as_mut();
    nothing_comes_while_nothing_happens(desktop);
    a_lock_is_reported_once(subject, desktop);
    a_state_lasts_until_it_is_reported(subject, desktop);
    another_arrangement_is_reported(subject, desktop);
    it_can_be_watched_from_another_thread(subject);
}

fn nothing_comes_while_nothing_happens(desktop: &mut dyn Desktop) {
    assert_eq!(desktop.state(), DesktopState::Active, "it is in use at first");
    let began = now();
    assert_eq!(desktop.next(REST), Ok(None), "nothing happens");
    assert!(now() - began < PATIENCE, "patience has an end");
    assert_eq!(desktop.next(Duration::ZERO), Ok(None), "it can be asked without waiting");
}

fn a_lock_is_reported_once(subject: &mut dyn Subject, desktop: &mut dyn Desktop) {
    subject.lock();
    expect(desktop, DesktopEvent::State(DesktopState::Locked));
    assert_eq!(desktop.state(), DesktopState::Locked, "the state is as of the last event");
    subject.lock();
    assert_eq!(desktop.next(REST), Ok(None), "it was locked already");
    subject.unlock();
    expect(desktop, DesktopEvent::State(DesktopState::Active));
    assert_eq!(desktop.state(), DesktopState::Active, "the state is as of the last event");
}

fn a_state_lasts_until_it_is_reported(subject: &mut dyn Subject, desktop: &mut dyn Desktop) {
    subject.lock();
    thread::sleep(REST);
    assert_eq!(desktop.state(), DesktopState::Active, "the lock was not reported yet");
    expect(desktop, DesktopEvent::State(DesktopState::Locked));
    subject.unlock();
    expect(desktop, DesktopEvent::State(DesktopState::Active));
}

fn another_arrangement_is_reported(subject: &mut dyn Subject, desktop: &mut dyn Desktop) {
    subject.rearrange();
    expect(desktop, DesktopEvent::DisplaysChanged);
    while desktop.next(REST).expect("it goes on").is_some() {}
    assert_eq!(desktop.state(), DesktopState::Active, "displays do not lock anything");
}

fn it_can_be_watched_from_another_thread(subject: &mut dyn Subject) {
    let mut desktop = subject.open().expect("it can be opened again");
    let watching = thread::spawn(move || {
        expect(desktop.as_mut(), DesktopEvent::State(DesktopState::Locked));
    });
    subject.lock();
    watching.join().expect("the lock is reported there");
    subject.unlock();
}

/// Waits for the next event, which must be `due`.
fn expect(desktop: &mut dyn Desktop, due: DesktopEvent) {
    let until = now() + PATIENCE;
    while now() < until {
        match desktop.next(REST) {
            Ok(None) => {}
            Ok(Some(event)) => return assert_eq!(event, due, "something else happened"),
            Err(error) => panic!("waiting for {due:?}: {error}"),
        }
    }
    panic!("{due:?} was not reported within {PATIENCE:?}");
}

#[expect(clippy::disallowed_methods, reason = "a contract measures real time")]
fn now() -> Instant {
    Instant::now()
}
