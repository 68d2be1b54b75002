//! How much there is, and how it comes to an end.

use std::time::Instant;

use super::Hub;

/// How much one hub holds at a moment.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Load {
    /// Connections.
    pub connections: usize,
    /// Sessions.
    pub sessions: usize,
    /// Codes that nobody entered yet.
    pub codes: usize,
}

impl Load {
    /// Whether somebody would lose something if the service stopped now.
    pub fn is_busy(self) -> bool {
        self.sessions + self.codes > 0
    }
}

impl Hub {
    /// How much there is at `now`.
    pub fn load(&mut self, now: Instant) -> Load {
        let (connections, sessions) = (self.conns.len(), self.sessions.len());
        Load { connections, sessions, codes: self.door.open(now) }
    }

    /// From now on no code is made. Those that were made can still be entered, and what runs goes
    /// on.
    pub fn drain(&mut self) {
        self.draining = true;
    }
}
