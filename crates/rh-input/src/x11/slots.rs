//! Spare keys for characters that the layout lacks.
//!
//! Keycodes that make nothing are given symbols for a while. A program looks a keycode up in the
//! key map when it comes to handling the press, which may be some time after: so a symbol stays
//! for a time after its last use before the keycode gets another.

use std::thread;
use std::time::{Duration, Instant};

use x11rb::protocol::xproto::{Keycode, Keysym, ModMask};

use super::keymap::Way;
use super::leftovers;
use super::server::Server;
use crate::InputError;

/// How long a program may take to handle a press before the keycode gets another symbol.
const READ: Duration = Duration::from_millis(250);

/// The spare keys and what they make at the moment.
#[derive(Debug, Default)]
pub(super) struct Slots(Vec<Slot>);

#[derive(Clone, Copy, Debug)]
struct Slot {
    keycode: Keycode,
    bound: Option<Keysym>,
    used: Option<Instant>,
}

impl Slots {
    /// Takes note of which keycodes make nothing now.
    pub(super) fn adopt(&mut self, empty: &[Keycode]) {
        if self.are_bound() {
            // What makes nothing after all was taken back from us, by a new layout.
            for slot in self.0.iter_mut().filter(|slot| empty.contains(&slot.keycode)) {
                slot.bound = None;
            }
        } else {
            let slot = |&keycode| Slot { keycode, bound: None, used: None };
            self.0 = empty.iter().map(slot).collect();
        }
    }

    /// Whether `keycode` is one of them.
    pub(super) fn contain(&self, keycode: Keycode) -> bool {
        self.0.iter().any(|slot| slot.keycode == keycode)
    }

    /// Whether any of them makes something.
    pub(super) fn are_bound(&self) -> bool {
        self.bound().next().is_some()
    }

    /// How to make `keysym`; `None` if it is not bound.
    pub(super) fn find(&self, keysym: Keysym) -> Option<Way> {
        let (keycode, _) = self.bound().find(|&(_, bound)| bound == keysym)?;
        Some(Way { keycode, mods: ModMask::from(0_u8) })
    }

    /// Binds as many of `keysyms` as there are keys, the first ones; waits for keys to be free.
    ///
    /// # Errors
    ///
    /// [`InputError::Unsupported`] if there is no spare key at all.
    pub(super) fn bind(
        &mut self,
        server: &Server,
        keysyms: impl Iterator<Item = Keysym>,
    ) -> Result<(), InputError> {
        let mut wanted: Vec<Keysym> = Vec::new();
        for keysym in keysyms {
            if !wanted.contains(&keysym) {
                wanted.push(keysym);
            }
        }
        if !wanted.is_empty() && self.0.is_empty() {
            let detail = "a character that needs a spare key: the key map is full";
            return Err(InputError::Unsupported(detail.to_owned()));
        }
        wanted.truncate(self.0.len());
        let mut new = Vec::new();
        for &keysym in &wanted {
            if self.find(keysym).is_none() {
                new.extend(self.give(keysym, &wanted));
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        leftovers::note(server, self.bound())?;
        new.into_iter().try_for_each(|(keycode, keysym)| server.bind(keycode, keysym))?;
        server.sync()
    }

    /// Notes that `keysyms` were typed just now.
    pub(super) fn used(&mut self, keysyms: &[Keysym]) {
        let now = now();
        for slot in &mut self.0 {
            if slot.bound.is_some_and(|keysym| keysyms.contains(&keysym)) {
                slot.used = Some(now);
            }
        }
    }

    /// When any of them was used last; `None` if never.
    pub(super) fn last_used(&self) -> Option<Instant> {
        self.0.iter().filter_map(|slot| slot.used).max()
    }

    /// Makes all of them make nothing again.
    ///
    /// # Errors
    ///
    /// [`InputError::Platform`] if the server is gone.
    pub(super) fn unbind(&mut self, server: &Server) -> Result<(), InputError> {
        self.bound().try_for_each(|(keycode, keysym)| server.unbind(keycode, keysym))?;
        self.0.clear();
        leftovers::forget(server)?;
        server.sync()
    }

    /// Gives `keysym` the key that has rested longest, of those whose symbol is not `wanted`.
    fn give(&mut self, keysym: Keysym, wanted: &[Keysym]) -> Option<(Keycode, Keysym)> {
        let free =
            self.0.iter_mut().filter(|slot| !slot.bound.is_some_and(|s| wanted.contains(&s)));
        let slot = free.min_by_key(|slot| slot.used)?;
        if let Some(used) = slot.used {
            thread::sleep(READ.saturating_sub(now().duration_since(used)));
        }
        (slot.bound, slot.used) = (Some(keysym), Some(now()));
        Some((slot.keycode, keysym))
    }

    fn bound(&self) -> impl Iterator<Item = (Keycode, Keysym)> + '_ {
        self.0.iter().filter_map(|slot| Some((slot.keycode, slot.bound?)))
    }
}

#[expect(clippy::disallowed_methods, reason = "how long other programs take is real time")]
pub(super) fn now() -> Instant {
    Instant::now()
}
