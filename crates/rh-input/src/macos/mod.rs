//! macOS: strokes as Quartz events (`CGEventPost`).
//!
//! What the events say is worked out in [`quartz`](crate::quartz). Absent: accessibility actions,
//! which could press what a helper must not, and repeated keys, which the keyboard's driver makes.
//!
//! Compiled and linked for macOS on Linux; `tests/macos.rs` proves it on a Mac.

mod asked;
mod poster;

use std::time::{Duration, Instant};

use rh_protocol::{Button, Key};

pub use asked::{double_click_interval, permissions, request_permission, secure_input};

use crate::quartz::buttons;
use crate::quartz::clicks::Clicks;
use crate::quartz::flags::Modifiers;
use crate::quartz::keys;
use crate::quartz::scroll::Scroll;
use crate::quartz::sharer::Sharer;
use crate::quartz::text::{self, Piece};
use crate::{Held, Injector, InputError, Press, Stroke};
use poster::Poster;

/// How long the pointer is taken to be where it was put, while macOS may not have moved it yet.
const FRESH: Duration = Duration::from_millis(250);

/// The desktop of the user who is logged in, acted on by events.
///
/// Positions are global points: the origin is the main display's upper left corner, and displays to
/// the left of it or above have negative ones. The sharer goes first: while they use mouse or
/// keyboard, everything but letting go is [`InputError::SharerActive`].
#[derive(Debug)]
pub struct CgEvent {
    poster: Poster,
    clicks: Clicks,
    modifiers: Modifiers,
    scroll: Scroll,
    sharer: Sharer,
    held: Held,
    /// What could not be pressed. The desktop must not be told that it comes up: by the sharer's own
    /// hand it may be down.
    refused: Held,
    /// Where the pointer was put last, and when.
    put: Option<((f64, f64), Instant)>,
}

impl CgEvent {
    /// Makes ready to post events.
    ///
    /// # Errors
    ///
    /// [`InputError::Denied`] without the permission; [`InputError::Unavailable`] if there is no
    /// desktop to act on.
    pub fn open() -> Result<Self, InputError> {
        if !permissions().may_post() {
            return Err(InputError::Denied);
        }
        Ok(Self {
            poster: Poster::new()?,
            clicks: Clicks::new(double_click_interval()),
            modifiers: Modifiers::default(),
            scroll: Scroll::default(),
            sharer: Sharer::default(),
            held: Held::default(),
            refused: Held::default(),
            put: None,
        })
    }

    /// Whether `stroke` may be carried out now.
    fn admit(&mut self, stroke: &Stroke) -> Result<(), InputError> {
        let now = now();
        if self.sharer.yield_to_sharer(now, self.poster.idle(), self.poster.pointer()) {
            return Err(InputError::SharerActive);
        }
        let types = matches!(stroke, Stroke::Key { .. } | Stroke::Text(_));
        if types && secure_input() { Err(InputError::SecureInput) } else { Ok(()) }
    }

    fn carry_out(&mut self, stroke: &Stroke) -> Result<(), InputError> {
        match *stroke {
            Stroke::Move { x, y } => self.go((f64::from(x), f64::from(y))),
            Stroke::Button { button, down } => self.button(button, down),
            Stroke::Scroll { dx, dy } => self.scroll(dx, dy),
            Stroke::Key { key, down } => self.key(key, down),
            Stroke::Text(ref text) => self.text(text),
        }
    }

    fn go(&mut self, to: (f64, f64)) -> Result<(), InputError> {
        let from = self.pointer()?;
        let buttons = self.held.iter().filter_map(|press| match press {
            Press::Button(button) => Some(button),
            Press::Key(_) => None,
        });
        let (kind, button) = buttons::moving(buttons);
        let now = now();
        // Before it is posted: macOS may move the pointer at once.
        self.sharer.posted(now, Some(to));
        self.put = Some((to, now));
        self.poster.go(kind, button, from, to, self.flags(None))
    }

    fn button(&mut self, button: Button, down: bool) -> Result<(), InputError> {
        let at = self.pointer()?;
        let now = now();
        let clicks = if down {
            self.clicks.press(button, (at.0 as i32, at.1 as i32), now)
        } else {
            self.clicks.release(button)
        };
        self.sharer.posted(now, None);
        self.poster.press(button, down, at, clicks, self.flags(None))
    }

    fn scroll(&mut self, dx: f32, dy: f32) -> Result<(), InputError> {
        let (up, left) = self.scroll.turn(dx, dy);
        if (up, left) == (0, 0) {
            return Ok(());
        }
        let at = self.pointer()?;
        self.sharer.posted(now(), None);
        self.poster.scroll(up, left, at, self.flags(None))
    }

    fn key(&mut self, key: Key, down: bool) -> Result<(), InputError> {
        let code = code(key)?;
        let modifies = self.modifiers.note(key, down);
        self.sharer.posted(now(), None);
        self.poster.key(code, down, modifies, self.flags(Some(key)))
    }

    /// Enters text by events that say that no modifier is held, which leaves those held as they are.
    fn text(&mut self, text: &str) -> Result<(), InputError> {
        crate::text::check(text)?;
        let plain = Modifiers::default();
        for piece in text::pieces(text) {
            self.sharer.posted(now(), None);
            match piece {
                Piece::Units(units) => self.poster.write(&units, plain.flags(None, 0))?,
                Piece::Key(key) => {
                    let code = code(key)?;
                    for down in [true, false] {
                        self.poster.key(code, down, false, plain.flags(Some(key), 0))?;
                    }
                }
            }
        }
        self.sharer.posted(now(), None);
        Ok(())
    }

    fn flags(&self, key: Option<Key>) -> u64 {
        self.modifiers.flags(key, self.poster.system_flags())
    }

    /// Where the pointer is, or will be in a moment.
    fn pointer(&self) -> Result<(f64, f64), InputError> {
        match self.put {
            Some((place, when)) if now().saturating_duration_since(when) <= FRESH => Ok(place),
            Some(_) | None => {
                let detail = "macOS does not say".to_owned();
                let context = "asking where the pointer is";
                self.poster.pointer().ok_or(InputError::Platform { context, detail })
            }
        }
    }
}

impl Injector for CgEvent {
    fn inject(&mut self, stroke: &Stroke) -> Result<(), InputError> {
        match (press(stroke), lets_go(stroke)) {
            // Letting go never waits: what is down by the helper must come up.
            (Some(press), true) if self.refused.release(press) => return Ok(()),
            (_, true) => {}
            (press, false) => self.admit(stroke).inspect_err(|_| {
                press.map(|press| self.refused.press(press));
            })?,
        }
        self.held.note(stroke);
        self.carry_out(stroke).inspect_err(|_| {
            press(stroke).map(|press| self.held.release(press));
        })
    }
}

fn press(stroke: &Stroke) -> Option<Press> {
    match *stroke {
        Stroke::Button { button, .. } => Some(Press::Button(button)),
        Stroke::Key { key, .. } => Some(Press::Key(key)),
        Stroke::Move { .. } | Stroke::Scroll { .. } | Stroke::Text(_) => None,
    }
}

fn lets_go(stroke: &Stroke) -> bool {
    matches!(stroke, Stroke::Button { down: false, .. } | Stroke::Key { down: false, .. })
}

fn code(key: Key) -> Result<u16, InputError> {
    keys::code(key).ok_or_else(|| InputError::Unsupported(format!("the key {key}")))
}

#[expect(clippy::disallowed_methods, reason = "an injector acts in real time")]
fn now() -> Instant {
    Instant::now()
}
