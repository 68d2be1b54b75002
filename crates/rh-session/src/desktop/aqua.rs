//! What macOS says of its desktop, and what that means, without calling macOS.
//!
//! Aqua is Apple's name for the desktop of a user who is logged in. The calls are in `macos`, which
//! is only built there.

use std::collections::VecDeque;
use std::time::Duration;

use super::{DesktopEvent, DesktopState, Permissions};

/// A longer sleep than this is one; less is how exactly the clocks are read.
const NAP: Duration = Duration::from_secs(1);

/// What `CGSessionCopyCurrentDictionary` says of the login session that this program is in; `None`
/// where it has no such key.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Session {
    /// `kCGSessionOnConsoleKey`: the screen shows this session, and not another user's.
    pub on_console: Option<bool>,
    /// `CGSSessionScreenIsLocked`, which Apple does not document: there and true while the screen is
    /// locked.
    pub locked: Option<bool>,
}

/// Where a display is and what it shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shape {
    /// Its `CGDirectDisplayID`.
    pub id: u32,
    /// Left, top, width and height in points, rounded.
    pub bounds: [i32; 4],
    /// Width and height in pixels.
    pub pixels: [usize; 2],
    /// Whether it is asleep.
    pub asleep: bool,
}

/// Everything that macOS says at one moment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reading {
    /// The login session; `None` outside one.
    pub session: Option<Session>,
    /// The screen saver is running.
    pub saver: bool,
    /// Secure Event Input is on.
    pub secure_input: bool,
    /// The displays that are connected.
    pub displays: Vec<Shape>,
    /// How long the machine has slept since it started.
    pub slept: Duration,
    /// What this program may do.
    pub permissions: Permissions,
}

impl Reading {
    /// The state of the desktop; of several that apply, the greatest.
    ///
    /// What macOS does not say counts as shut: a session that is not known to have the screen has it
    /// not, or the wrong user's screen might be shown (as in CVE-2024-44248). A screen saver counts
    /// as a lock, since it may be one.
    pub fn state(&self) -> DesktopState {
        let session = self.session.unwrap_or_default();
        let applies = [
            (!self.displays.is_empty() && self.displays.iter().all(|display| display.asleep))
                .then_some(DesktopState::Asleep),
            (session.on_console != Some(true)).then_some(DesktopState::OtherUser),
            (session.locked == Some(true) || self.saver).then_some(DesktopState::Locked),
            self.secure_input.then_some(DesktopState::SecureInput),
        ];
        applies.into_iter().flatten().max().unwrap_or_default()
    }

    /// Whether other displays are connected, or the same ones elsewhere.
    fn is_arranged_as(&self, other: &Self) -> bool {
        let place = |display: &Shape| Shape { asleep: false, ..*display };
        self.displays.iter().map(place).eq(other.displays.iter().map(place))
    }
}

/// Tells what changes from one reading to the next.
#[derive(Debug)]
pub struct Changes {
    last: Reading,
    state: DesktopState,
    permissions: Permissions,
    /// Noticed but not reported.
    pending: VecDeque<DesktopEvent>,
}

impl Changes {
    /// Begins with `first`, which is no change.
    pub fn since(first: Reading) -> Self {
        let (state, permissions) = (first.state(), first.permissions);
        Self { last: first, state, permissions, pending: VecDeque::new() }
    }

    /// Notes `reading`.
    pub fn note(&mut self, reading: Reading) {
        let mut before = self.last.state();
        // While the machine slept, nobody could look; that it did shows afterwards.
        if reading.slept > self.last.slept + NAP && before != DesktopState::Asleep {
            before = DesktopState::Asleep;
            self.pending.push_back(DesktopEvent::State(before));
        }
        if reading.state() != before {
            self.pending.push_back(DesktopEvent::State(reading.state()));
        }
        if reading.permissions != self.last.permissions {
            self.pending.push_back(DesktopEvent::Permissions(reading.permissions));
        }
        if !reading.is_arranged_as(&self.last) {
            self.pending.push_back(DesktopEvent::DisplaysChanged);
        }
        self.last = reading;
    }

    /// Reports the next change.
    pub fn pop(&mut self) -> Option<DesktopEvent> {
        let event = self.pending.pop_front()?;
        match event {
            DesktopEvent::State(state) => self.state = state,
            DesktopEvent::Permissions(permissions) => self.permissions = permissions,
            DesktopEvent::DisplaysChanged => {}
        }
        Some(event)
    }

    /// The state as of the last change reported.
    pub fn state(&self) -> DesktopState {
        self.state
    }

    /// The permissions as of the last change reported.
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }
}

#[cfg(test)]
pub(super) mod tests;
