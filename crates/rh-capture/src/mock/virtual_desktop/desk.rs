//! The state of the desktop, and which part each action concerns.

use std::collections::BTreeSet;
use std::time::Duration;

use rh_protocol::{Button, Key};

use super::buttons::{self, Buttons};
use super::canvas::Canvas;
use super::clock::{self, Clock};
use super::list::{self, List};
use super::notes::{self, Notes};
use super::paint::{self, Paint};
use super::{SIZE, keyboard};
use crate::Rect;

/// The parts that change, by their place in [`AREAS`].
#[derive(Clone, Copy, Debug)]
enum Part {
    Clock,
    Notes,
    Paint,
    Buttons,
    List,
}

/// Where each part is.
pub(super) const AREAS: [Rect; 5] =
    [clock::AREA, notes::AREA, paint::AREA, buttons::AREA, list::AREA];

/// Everything there is.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) canvas: Canvas,
    /// How often each of [`AREAS`] was drawn.
    pub(super) versions: [u64; AREAS.len()],
    pub(super) notes: Notes,
    pub(super) paint: Paint,
    pub(super) buttons: Buttons,
    pub(super) list: List,
    pub(super) clock: Clock,
    shown_second: Option<u64>,
    pointer: (u32, u32),
    keys: BTreeSet<Key>,
    pressed: BTreeSet<Button>,
    caps_lock: bool,
    drawing: bool,
}

impl Default for Desk {
    fn default() -> Self {
        let mut desk = Self {
            canvas: Canvas::new(),
            versions: [0; AREAS.len()],
            notes: Notes::default(),
            paint: Paint::default(),
            buttons: Buttons::default(),
            list: List::default(),
            clock: Clock::default(),
            shown_second: None,
            pointer: (SIZE.width / 2, SIZE.height / 2),
            keys: BTreeSet::new(),
            pressed: BTreeSet::new(),
            caps_lock: false,
            drawing: false,
        };
        clock::draw_bar(&mut desk.canvas);
        for (inside, title) in [
            (notes::AREA, "Notes"),
            (paint::AREA, "Drawing"),
            (buttons::AREA, "Buttons"),
            (list::AREA, "List"),
        ] {
            desk.canvas.window(inside, title);
        }
        for part in [Part::Notes, Part::Paint, Part::Buttons, Part::List] {
            desk.redraw(part);
        }
        desk.tick();
        desk
    }
}

impl Desk {
    pub(super) fn point(&mut self, x: i32, y: i32) {
        let within = |at: i32, whole: u32| at.clamp(0, whole as i32 - 1) as u32;
        let to = (within(x, SIZE.width), within(y, SIZE.height));
        let from = std::mem::replace(&mut self.pointer, to);
        if self.drawing && from != to {
            self.paint.stroke(from, to);
            self.redraw(Part::Paint);
        }
    }

    pub(super) fn button(&mut self, button: Button, down: bool) {
        let changed = if down { self.pressed.insert(button) } else { self.pressed.remove(&button) };
        if !changed || button != Button::Left {
            return;
        }
        let (x, y) = self.pointer;
        if buttons::AREA.contains(x, y) || self.buttons.held {
            if down {
                self.buttons.press(x, y)
            } else {
                self.buttons.release(x, y)
            }
            self.redraw(Part::Buttons);
        }
        self.drawing = down && paint::AREA.contains(x, y);
        if self.drawing {
            self.paint.stroke(self.pointer, self.pointer);
            self.redraw(Part::Paint);
        }
    }

    pub(super) fn scroll(&mut self, _dx: f32, dy: f32) {
        let before = self.list.offset();
        if list::AREA.contains(self.pointer.0, self.pointer.1) {
            self.list.scroll(dy);
        }
        if self.list.offset() != before {
            self.redraw(Part::List);
        }
    }

    pub(super) fn key(&mut self, key: Key, down: bool) {
        if !down {
            self.keys.remove(&key);
            return;
        }
        let again = !self.keys.insert(key);
        if key == Key::CapsLock && !again {
            self.caps_lock = !self.caps_lock;
        }
        let held = |keys: [Key; 2]| keys.iter().any(|key| self.keys.contains(key));
        let shift = held([Key::ShiftLeft, Key::ShiftRight]);
        let control = held([Key::ControlLeft, Key::ControlRight]);
        let shortcut =
            control || held([Key::MetaLeft, Key::MetaRight]) || held([Key::AltLeft, Key::AltRight]);
        if control && key == Key::KeyA {
            self.notes.select_all();
            self.redraw(Part::Notes);
        } else if shortcut {
            // No other shortcut does anything here.
        } else if let Some(char) = keyboard::character(key, shift, self.caps_lock) {
            self.text(char.encode_utf8(&mut [0; 4]));
        } else if self.notes.edit(key) {
            self.redraw(Part::Notes);
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.notes.insert(text);
        self.redraw(Part::Notes);
    }

    pub(super) fn hold(&mut self, clock: Clock) {
        self.clock = clock;
        self.tick();
    }

    pub(super) fn advance(&mut self, by: Duration) {
        if let Clock::Held(at) = &mut self.clock {
            *at += by;
        }
        self.tick();
    }

    /// Shows the time if it differs from what is shown.
    pub(super) fn tick(&mut self) {
        let second = self.clock.now().as_secs();
        if self.shown_second.replace(second) != Some(second) {
            self.redraw(Part::Clock);
        }
    }

    pub(super) const fn pointer(&self) -> (u32, u32) {
        self.pointer
    }

    pub(super) fn keys_down(&self) -> Vec<Key> {
        self.keys.iter().copied().collect()
    }

    pub(super) fn buttons_down(&self) -> Vec<Button> {
        self.pressed.iter().copied().collect()
    }

    fn redraw(&mut self, part: Part) {
        self.versions[part as usize] += 1;
        match part {
            Part::Clock => clock::draw(&mut self.canvas, self.shown_second.unwrap_or_default()),
            Part::Notes => self.notes.draw(&mut self.canvas),
            Part::Paint => self.paint.draw(&mut self.canvas),
            Part::Buttons => self.buttons.draw(&mut self.canvas),
            Part::List => self.list.draw(&mut self.canvas),
        }
    }
}
