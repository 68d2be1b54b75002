//! What the server says has changed.

use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::randr::{ConnectionExt as _, NotifyMask};
use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt as _, EventMask};

use super::client::{Client, failed};
use crate::CaptureError;

const CONTEXT: &str = "wait for changes";

/// What changed and was not looked at yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Changes {
    /// Pixels of the root window.
    pub(super) picture: bool,
    /// The cursor's shape.
    pub(super) shape: bool,
    /// The pointer's place.
    pub(super) place: bool,
    /// The monitors or the extent of the root window.
    pub(super) layout: bool,
}

impl Changes {
    pub(super) const fn any(self) -> bool {
        self.picture || self.shape || self.place || self.layout
    }

    /// Adds every event that has arrived.
    pub(super) fn drain(&mut self, client: &Client) -> Result<(), CaptureError> {
        while let Some(event) = client.conn.poll_for_event().map_err(failed(CONTEXT))? {
            self.note(&event);
        }
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "of all events only these are asked for")]
    const fn note(&mut self, event: &Event) {
        match event {
            Event::DamageNotify(_) => self.picture = true,
            Event::XfixesCursorNotify(_) => self.shape = true,
            Event::XinputRawMotion(_) => self.place = true,
            Event::ConfigureNotify(_)
            | Event::RandrScreenChangeNotify(_)
            | Event::RandrNotify(_) => {
                self.layout = true;
            }
            _ => {}
        }
    }
}

/// Asks the server to say when the monitors or the root window change.
pub(super) fn follow_layout(client: &Client) -> Result<(), CaptureError> {
    let (conn, root) = (&client.conn, client.root);
    let monitors = NotifyMask::SCREEN_CHANGE
        | NotifyMask::CRTC_CHANGE
        | NotifyMask::OUTPUT_CHANGE
        | NotifyMask::RESOURCE_CHANGE;
    conn.randr_select_input(root, monitors).map_err(failed(CONTEXT))?;
    let extent = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
    conn.change_window_attributes(root, &extent).map_err(failed(CONTEXT))?;
    Ok(())
}

/// Sleeps until the server sends something; `false` once `deadline` is over. No deadline is none.
pub(super) fn wait(client: &Client, deadline: Option<Instant>) -> Result<bool, CaptureError> {
    client.conn.flush().map_err(failed(CONTEXT))?;
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(now()));
        let timeout = left.and_then(|left| Timespec::try_from(left).ok());
        let stream = client.conn.stream();
        match poll(&mut [PollFd::from_borrowed_fd(stream.as_fd(), PollFlags::IN)], timeout.as_ref())
        {
            Ok(0) if left.is_some_and(|left| left <= Duration::ZERO) => return Ok(false),
            Ok(0) | Err(Errno::INTR) => {}
            Ok(_) => return Ok(true),
            Err(error) => return Err(failed(CONTEXT)(error)),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "waiting for the server is real")]
pub(super) fn now() -> Instant {
    Instant::now()
}
