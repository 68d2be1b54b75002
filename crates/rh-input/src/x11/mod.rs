//! X11: strokes by the XTEST extension.
//!
//! Sources: "X Test Extension Protocol" and "The X Keyboard Extension: Protocol Specification",
//! both X.org. Absent: input methods; the server takes keys, so text is made of keys.

mod keycodes;
mod keymap;
mod leftovers;
mod places;
mod server;
mod slots;
mod spares;
mod typing;
mod wheel;

use std::sync::Arc;

use rh_protocol::Button;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, KEY_PRESS_EVENT, KEY_RELEASE_EVENT,
    MOTION_NOTIFY_EVENT,
};

use crate::{Held, Injector, InputError, Press, Stroke};
use keycodes::Keycodes;
use server::Server;
use spares::Spares;
use wheel::Wheel;

/// An X server with the XTEST and XKB extensions, acted on as one of its clients.
///
/// Positions are those of the root window, which spans all monitors; the server keeps the pointer
/// within it. Dropping it puts the key map back as it was, which takes up to a second if text that
/// the layout lacks was entered just before.
#[derive(Debug)]
pub struct Xtest {
    server: Arc<Server>,
    keycodes: Keycodes,
    spares: Spares,
    wheel: Wheel,
    /// The keys that are down by our hand.
    held: Held,
}

impl Xtest {
    /// Connects to the server that `display` names, such as `:0`, or else `DISPLAY`.
    ///
    /// # Errors
    ///
    /// [`InputError::Unavailable`] if there is none, or if it lacks XTEST or XKB.
    pub fn open(display: Option<&str>) -> Result<Self, InputError> {
        let server = Arc::new(Server::connect(display)?);
        leftovers::clear(&server)?;
        let keycodes = Keycodes::read(&server)?;
        let spares = Spares::new(server.clone());
        Ok(Self { server, keycodes, spares, wheel: Wheel::default(), held: Held::default() })
    }

    fn go(&self, x: i32, y: i32) -> Result<(), InputError> {
        let (Ok(x), Ok(y)) = (i16::try_from(x), i16::try_from(y)) else {
            return Err(InputError::Unsupported(format!("going to {x}, {y}")));
        };
        self.server.fake(MOTION_NOTIFY_EVENT, 0, x, y)
    }

    fn button(&self, button: Button, down: bool) -> Result<(), InputError> {
        let kind = if down { BUTTON_PRESS_EVENT } else { BUTTON_RELEASE_EVENT };
        self.server.fake(kind, number(button), 0, 0)
    }

    fn scroll(&mut self, dx: f32, dy: f32) -> Result<(), InputError> {
        for (button, notches) in self.wheel.turn(dx, dy) {
            for _ in 0..notches {
                self.server.fake(BUTTON_PRESS_EVENT, button, 0, 0)?;
                self.server.fake(BUTTON_RELEASE_EVENT, button, 0, 0)?;
            }
        }
        Ok(())
    }

    fn press(&mut self, press: &Stroke) -> Result<(), InputError> {
        let Stroke::Key { key, down } = *press else { return Ok(()) };
        let kind = if down { KEY_PRESS_EVENT } else { KEY_RELEASE_EVENT };
        self.server.fake(kind, self.keycodes.find(key)?, 0, 0)?;
        self.held.note(press);
        Ok(())
    }

    /// Enters text with nothing held, then presses the modifiers again.
    ///
    /// Other keys stay up: the desktop would repeat them, and their release is still to come.
    fn text(&mut self, text: &str) -> Result<(), InputError> {
        let keysyms = typing::keysyms(text)?;
        let held: Vec<_> = self.held.iter().collect();
        for press in self.held.take() {
            self.press(&press.up())?;
        }
        let typed = typing::enter(&self.server, &self.spares, &keysyms);
        for press in held {
            if let Press::Key(key) = press
                && self.server.is_modifier(self.keycodes.find(key)?)?
            {
                self.press(&press.down())?;
            }
        }
        typed
    }
}

impl Injector for Xtest {
    fn inject(&mut self, stroke: &Stroke) -> Result<(), InputError> {
        match *stroke {
            Stroke::Move { x, y } => self.go(x, y),
            Stroke::Button { button, down } => self.button(button, down),
            Stroke::Scroll { dx, dy } => self.scroll(dx, dy),
            Stroke::Key { .. } => self.press(stroke),
            Stroke::Text(ref text) => self.text(text),
        }?;
        self.server.sync()
    }
}

/// The X button number: 1 to 3 are in the core protocol, 4 to 7 are the wheel, and 8 and 9 are
/// what the evdev and libinput drivers make of `BTN_SIDE` and `BTN_EXTRA`.
fn number(button: Button) -> u8 {
    match button {
        Button::Left => 1,
        Button::Middle => 2,
        Button::Right => 3,
        Button::Back => 8,
        Button::Forward => 9,
    }
}
