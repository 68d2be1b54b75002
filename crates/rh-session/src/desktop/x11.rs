//! The desktop of an X server.
//!
//! X11 knows of no lock, so an external screen saver stands for it (MIT-SCREEN-SAVER 1.1, X.org): a
//! program that draws over the screen while nobody is there. A screen that the server itself blanks
//! is no lock: what is behind is still there, and the first input brings it back. A locker that
//! leaves the server's saver alone is not seen. Displays are watched by RandR 1.2 or later.
//!
//! A server without one of these extensions is watched for the rest; the log says what is missed.
//! Neither sleep, nor a switch of users, nor secure input is noticed.

#![expect(unsafe_code, reason = "poll(2) waits for the server with a time limit")]

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::os::fd::AsRawFd as _;
use std::time::Duration;

use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::protocol::Event;
use x11rb::protocol::randr::{self, ConnectionExt as _, NotifyMask};
use x11rb::protocol::screensaver::{self, ConnectionExt as _, Kind, State};
use x11rb::protocol::xproto::Window;
use x11rb::protocol::xtest;
use x11rb::rust_connection::RustConnection;

use super::{Desktop, DesktopError, DesktopEvent, DesktopState, Permissions};

/// The desktop of an X server.
#[derive(Debug)]
pub struct X11Desktop {
    conn: RustConnection,
    state: DesktopState,
    permissions: Permissions,
    /// Noticed but not reported.
    pending: VecDeque<DesktopEvent>,
}

impl X11Desktop {
    /// Begins to watch the server `display`, such as `:0`; by default the one `DISPLAY` names.
    ///
    /// # Errors
    ///
    /// [`DesktopError::Unavailable`] if there is no such server.
    pub fn open(display: Option<&str>) -> Result<Self, DesktopError> {
        let (conn, screen) = x11rb::connect(display).map_err(|error| {
            DesktopError::Unavailable { backend: "X11", detail: error.to_string() }
        })?;
        let root = conn.setup().roots[screen].root;
        watch_displays(&conn, root)?;
        let state = watch_saver(&conn, root)?;
        let input = has(&conn, xtest::X11_EXTENSION_NAME)?;
        let permissions = Permissions { capture: true, input };
        Ok(Self { conn, state, permissions, pending: VecDeque::new() })
    }

    /// Reads what the server has said so far.
    fn drain(&mut self) -> Result<(), DesktopError> {
        let reading = "reading from the X server";
        while let Some(event) = self.conn.poll_for_event().map_err(failed(reading))? {
            let Some(event) = translate(&event) else { continue };
            if self.pending.back() != Some(&event) {
                self.pending.push_back(event);
            }
        }
        Ok(())
    }

    /// The next event that changes anything.
    fn pop(&mut self) -> Option<DesktopEvent> {
        while let Some(event) = self.pending.pop_front() {
            match event {
                DesktopEvent::State(state) if state == self.state => {}
                DesktopEvent::State(state) => {
                    self.state = state;
                    return Some(event);
                }
                DesktopEvent::DisplaysChanged | DesktopEvent::Permissions(_) => return Some(event),
            }
        }
        None
    }

    /// Waits until the server says something, or for `patience`.
    fn wait(&self, patience: Duration) -> Result<(), DesktopError> {
        let fd = self.conn.stream().as_raw_fd();
        let mut server = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
        let millis = i32::try_from(patience.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: the pointer is to one `pollfd`, which outlives the call, and the count is one.
        let ready = unsafe { libc::poll(&raw mut server, 1, millis) };
        let error = io::Error::last_os_error();
        if ready < 0 && error.kind() != io::ErrorKind::Interrupted {
            return Err(failed("waiting for the X server")(error));
        }
        Ok(())
    }
}

impl Desktop for X11Desktop {
    fn next(&mut self, patience: Duration) -> Result<Option<DesktopEvent>, DesktopError> {
        // What came along with a reply waits within the connection, where poll cannot see it.
        self.drain()?;
        if self.pending.is_empty() {
            self.wait(patience)?;
            self.drain()?;
        }
        Ok(self.pop())
    }

    fn state(&self) -> DesktopState {
        self.state
    }

    fn permissions(&self) -> Permissions {
        self.permissions
    }
}

fn translate(event: &Event) -> Option<DesktopEvent> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the server has some hundred more")]
    match event {
        Event::ScreensaverNotify(notice) => {
            Some(DesktopEvent::State(saver_state(notice.state, notice.kind)))
        }
        Event::RandrScreenChangeNotify(_) | Event::RandrNotify(_) => {
            Some(DesktopEvent::DisplaysChanged)
        }
        _ => None,
    }
}

fn saver_state(state: State, kind: Kind) -> DesktopState {
    let active = state == State::ON || state == State::CYCLE;
    if active && kind == Kind::EXTERNAL { DesktopState::Locked } else { DesktopState::Active }
}

fn has(conn: &RustConnection, extension: &'static str) -> Result<bool, DesktopError> {
    let asked = conn.extension_information(extension);
    asked.map(|found| found.is_some()).map_err(failed("asking the X server for its extensions"))
}

fn watch_displays(conn: &RustConnection, root: Window) -> Result<(), DesktopError> {
    if !has(conn, randr::X11_EXTENSION_NAME)? {
        tracing::warn!("the X server has no RANDR: changes of the displays will not be noticed");
        return Ok(());
    }
    let context = "watching the displays";
    // The server sends nothing to a client that did not say which version it speaks.
    let version = conn.randr_query_version(1, 5).map_err(failed(context))?;
    version.reply().map_err(failed(context))?;
    let mask = NotifyMask::SCREEN_CHANGE | NotifyMask::CRTC_CHANGE | NotifyMask::OUTPUT_CHANGE;
    let watched = conn.randr_select_input(root, mask).map_err(failed(context))?;
    watched.check().map_err(failed(context))
}

/// Begins to watch the screen saver; returns what it is doing.
fn watch_saver(conn: &RustConnection, root: Window) -> Result<DesktopState, DesktopError> {
    if !has(conn, screensaver::X11_EXTENSION_NAME)? {
        tracing::warn!("the X server has no MIT-SCREEN-SAVER: a lock will not be noticed");
        return Ok(DesktopState::Active);
    }
    let context = "watching the screen saver";
    let mask = screensaver::Event::NOTIFY_MASK;
    let watched = conn.screensaver_select_input(root, mask).map_err(failed(context))?;
    watched.check().map_err(failed(context))?;
    let asked = conn.screensaver_query_info(root).map_err(failed(context))?;
    let saver = asked.reply().map_err(failed(context))?;
    Ok(saver_state(saver.state.into(), saver.kind))
}

fn failed<E: fmt::Display>(context: &'static str) -> impl Fn(E) -> DesktopError {
    move |error| DesktopError::Platform { context, detail: error.to_string() }
}
