//! A desktop in memory that reacts to injected input.
//!
//! `desk` holds the whole state and hands each action to the part it concerns; every other file is
//! one part. Each part draws itself on one canvas when it changes and counts its changes, so a
//! screen knows exactly which parts differ from its last picture. Absent: windows that move.

mod buttons;
mod canvas;
mod clock;
mod desk;
mod keyboard;
mod list;
mod notes;
mod paint;
mod pointer;
mod screen;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rh_protocol::{Button, Display, DisplayId, Key, Size};

use crate::CaptureError;
use clock::Clock;
use desk::Desk;
pub use screen::VirtualScreen;

const SIZE: Size = Size { width: 1280, height: 720 };

/// A desktop of 1280x720 pixels in memory, for machines without a display and for tests.
///
/// It has a notepad, a drawing area, buttons, a scrolling list and a clock. The handle is cheap to
/// clone: one clone gives [`screen`](Self::screen)s, another takes the input, a third may be asked
/// what came of it. Positions are pixels of the display.
#[derive(Clone, Debug, Default)]
pub struct VirtualDesktop {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    desk: Mutex<Desk>,
    changed: Condvar,
}

impl VirtualDesktop {
    /// A desktop whose clock shows the time of day (UTC).
    pub fn new() -> Self {
        Self::default()
    }

    /// A desktop whose clock stands at midnight until [`advance`](Self::advance)d.
    pub fn with_held_clock() -> Self {
        let desktop = Self::default();
        desktop.desk().hold(Clock::Held(Duration::ZERO));
        desktop
    }

    /// The one display there is.
    pub fn display() -> Display {
        Display {
            id: DisplayId(1),
            name: "Virtual desktop".to_owned(),
            x: 0,
            y: 0,
            width: SIZE.width,
            height: SIZE.height,
            scale: 1.0,
            primary: true,
        }
    }

    /// A new screen of this desktop; each sees every change.
    pub fn screen(&self) -> VirtualScreen {
        VirtualScreen::new(self.clone())
    }

    /// A new screen by the display's id.
    ///
    /// # Errors
    ///
    /// [`CaptureError::NoDisplay`] for any but [`display`](Self::display).
    pub fn open(&self, display: DisplayId) -> Result<VirtualScreen, CaptureError> {
        if display != Self::display().id {
            return Err(CaptureError::NoDisplay(display));
        }
        Ok(self.screen())
    }

    /// Moves the pointer to a pixel, or to the nearest there is.
    pub fn point(&self, x: i32, y: i32) {
        self.act(|desk| desk.point(x, y));
    }

    /// Presses or lets go of a mouse button where the pointer is.
    pub fn button(&self, button: Button, down: bool) {
        self.act(|desk| desk.button(button, down));
    }

    /// Scrolls what is under the pointer, in pixels to the right and down.
    pub fn scroll(&self, dx: f32, dy: f32) {
        self.act(|desk| desk.scroll(dx, dy));
    }

    /// Presses or lets go of a key of a US keyboard.
    pub fn key(&self, key: Key, down: bool) {
        self.act(|desk| desk.key(key, down));
    }

    /// Enters text in the notepad, whatever keys are down.
    pub fn text(&self, text: &str) {
        self.act(|desk| desk.text(text));
    }

    /// Lets time pass on a held clock; a running one goes by itself.
    pub fn advance(&self, by: Duration) {
        self.act(|desk| desk.advance(by));
    }

    /// What the notepad holds.
    pub fn typed(&self) -> String {
        self.desk().notes.text().to_owned()
    }

    /// How often the button "Count" was clicked.
    pub fn clicks(&self) -> u32 {
        self.desk().buttons.clicks
    }

    /// Whether the switch is on.
    pub fn is_switched_on(&self) -> bool {
        self.desk().buttons.on
    }

    /// How far the list is scrolled, in pixels.
    pub fn scrolled(&self) -> u32 {
        self.desk().list.offset()
    }

    /// Whether the pixel `(x, y)` of the desktop was drawn on.
    pub fn is_painted(&self, x: u32, y: u32) -> bool {
        self.desk().paint.is_painted(x, y)
    }

    /// Where the pointer is.
    pub fn pointer(&self) -> (u32, u32) {
        self.desk().pointer()
    }

    /// The keys that are down.
    pub fn keys_down(&self) -> Vec<Key> {
        self.desk().keys_down()
    }

    /// The buttons that are down.
    pub fn buttons_down(&self) -> Vec<Button> {
        self.desk().buttons_down()
    }

    fn act(&self, action: impl FnOnce(&mut Desk)) {
        action(&mut self.desk());
        self.shared.changed.notify_all();
    }

    /// The state is whole after every action, so a panic elsewhere does not spoil it.
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.shared.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
