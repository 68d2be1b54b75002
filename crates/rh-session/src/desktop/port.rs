//! The port: what every backend offers.

use std::time::Duration;

use super::{DesktopError, DesktopState};

/// Watches the sharer's desktop.
///
/// What [`state`](Self::state) and [`permissions`](Self::permissions) say is as of the last event,
/// at first as of opening: whoever follows the events never misses a change between two of them.
pub trait Desktop: Send {
    /// Waits up to `patience` for what changes next; `None` if nothing did. May return early.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Platform`] once the desktop cannot be watched any more; a session should
    /// then be treated as locked.
    fn next(&mut self, patience: Duration) -> Result<Option<DesktopEvent>, DesktopError>;

    /// What the desktop is doing.
    fn state(&self) -> DesktopState;

    /// What this program may do on the desktop.
    fn permissions(&self) -> Permissions;
}

/// Something that changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DesktopEvent {
    /// The desktop is in another state now.
    State(DesktopState),
    /// Displays came, went, moved or changed their size; ask `rh-capture` which there are.
    DisplaysChanged,
    /// The user granted or took permissions.
    Permissions(Permissions),
}

/// What this program may do on the desktop, as far as the platform tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Permissions {
    /// May see the screen (macOS: Screen & System Audio Recording).
    pub capture: bool,
    /// May act with mouse and keyboard (macOS: Accessibility; X11: the server has XTEST).
    pub input: bool,
}
