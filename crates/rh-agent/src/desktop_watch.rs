//! What the sharer's desktop is doing, watched from a thread of its own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rh_session::desktop::{DesktopEvent, DesktopState};

use crate::sources::DesktopSource;

/// Longest wait for a change, so that the end of the watch is noticed.
const PATIENCE: Duration = Duration::from_millis(500);

/// Something that was seen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Seen {
    /// The desktop is in this state now.
    State(DesktopState),
    /// Displays came, went or moved.
    Displays,
}

/// Watches until dropped.
pub(crate) struct DesktopWatch(Arc<AtomicBool>);

impl DesktopWatch {
    /// Begins to watch; `report` says whether anybody still listens.
    pub(crate) fn start(
        desktops: Arc<dyn DesktopSource>,
        report: impl Fn(Seen) -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let wanted = Arc::new(AtomicBool::new(true));
        let still = Arc::clone(&wanted);
        let body = move || watch(&*desktops, &still, report);
        thread::Builder::new().name("rh-desktop".to_owned()).spawn(body)?;
        Ok(Self(wanted))
    }
}

impl Drop for DesktopWatch {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

fn watch(desktops: &dyn DesktopSource, wanted: &AtomicBool, report: impl Fn(Seen) -> bool) {
    let mut desktop = match desktops.open() {
        Ok(desktop) => desktop,
        Err(error) => return tracing::warn!(%error, "the desktop cannot be watched"),
    };
    if !report(Seen::State(desktop.state())) {
        return;
    }
    while wanted.load(Ordering::Relaxed) {
        let seen = match desktop.next(PATIENCE) {
            Ok(Some(DesktopEvent::State(state))) => Seen::State(state),
            Ok(Some(DesktopEvent::DisplaysChanged)) => Seen::Displays,
            Ok(Some(DesktopEvent::Permissions(_)) | None) => continue,
            Err(error) => {
                tracing::warn!(%error, "the desktop is not watched any more");
                // What cannot be seen to be open counts as locked.
                report(Seen::State(DesktopState::Locked));
                return;
            }
        };
        if !report(seen) {
            return;
        }
    }
}
