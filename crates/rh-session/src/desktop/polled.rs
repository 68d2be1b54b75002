//! A desktop that is asked now and again.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use super::aqua::{Changes, Reading};
use super::{Desktop, DesktopError, DesktopEvent, DesktopState, Permissions};

/// Watches by reading every so often.
///
/// Notifications would come a little sooner, but only to a program whose main thread runs Apple's
/// event loop, and a missed one is missed for good: what is read cannot be out of date for long.
pub struct Polled<R> {
    read: R,
    every: Duration,
    read_at: Instant,
    changes: Changes,
}

impl<R: FnMut() -> Reading> Polled<R> {
    /// Begins to watch by `read`, which is called at once and then `every` so often.
    pub fn new(mut read: R, every: Duration) -> Self {
        let changes = Changes::since(read());
        Self { read, every, read_at: now(), changes }
    }
}

impl<R: FnMut() -> Reading + Send> Desktop for Polled<R> {
    fn next(&mut self, patience: Duration) -> Result<Option<DesktopEvent>, DesktopError> {
        if let Some(event) = self.changes.pop() {
            return Ok(Some(event));
        }
        let due = (self.read_at + self.every).saturating_duration_since(now());
        thread::sleep(due.min(patience));
        if due <= patience {
            self.read_at = now();
            self.changes.note((self.read)());
        }
        Ok(self.changes.pop())
    }

    fn state(&self) -> DesktopState {
        self.changes.state()
    }

    fn permissions(&self) -> Permissions {
        self.changes.permissions()
    }
}

impl<R> fmt::Debug for Polled<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { every, changes, .. } = self;
        f.debug_struct("Polled")
            .field("every", every)
            .field("changes", changes)
            .finish_non_exhaustive()
    }
}

#[expect(clippy::disallowed_methods, reason = "a desktop is watched in real time")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::super::aqua::tests::in_use;
    use super::super::contract::{self, Subject};
    use super::*;

    const OFTEN: Duration = Duration::from_millis(20);

    /// A desktop that says what the test wants it to.
    struct Told(Arc<Mutex<Reading>>);

    impl Told {
        fn lock_is(&self, locked: bool) {
            let mut reading = self.0.lock().expect("no reader panics");
            reading.session.as_mut().expect("a session").locked = locked.then_some(true);
        }
    }

    impl Subject for Told {
        fn open(&mut self) -> Result<Box<dyn Desktop>, DesktopError> {
            let told = Arc::clone(&self.0);
            let read = move || told.lock().expect("no test panics").clone();
            Ok(Box::new(Polled::new(read, OFTEN)))
        }

        fn lock(&mut self) {
            self.lock_is(true);
        }

        fn unlock(&mut self) {
            self.lock_is(false);
        }

        fn rearrange(&mut self) {
            self.0.lock().expect("no reader panics").displays[0].bounds[0] += 100;
        }
    }

    #[test]
    fn a_desktop_that_is_asked_keeps_the_contract() {
        contract::check(&mut Told(Arc::new(Mutex::new(in_use()))));
    }

    /// B-15: asking costs little, however often somebody wants to know.
    #[test]
    fn it_is_asked_no_more_often_than_it_should() {
        let (mut asked, every) = (0, Duration::from_secs(3600));
        let read = || {
            asked += 1;
            in_use()
        };
        let mut desktop = Polled::new(read, every);
        for _ in 0..50 {
            assert_eq!(desktop.next(Duration::from_millis(1)), Ok(None));
        }
        drop(desktop);
        assert_eq!(asked, 1);
    }
}
