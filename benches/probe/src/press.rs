//! Presses keys and buttons as a person at the browser's display would, and times what follows.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Serialize;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::wrapper::ConnectionExt as _;

use crate::clock::{millis, now};
use crate::display::{Camera, Display, Place};
use crate::look::{moved, pause};
use crate::marks;

/// The key that is pressed: X keysym of the letter a.
const KEYSYM: u32 = 0x61;

/// How long a key or button stays down; less than it takes to repeat.
const HELD: Duration = Duration::from_millis(30);

/// How long the picture must stay before the next press.
const STILL: Duration = Duration::from_millis(40);

/// What is pressed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Press {
    Key,
    Click,
}

/// How often and how patiently.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trial {
    pub(crate) press: Press,
    /// Where the pointer is meanwhile.
    pub(crate) pointer: Place,
    pub(crate) presses: u32,
    /// What is not seen by then is missed.
    pub(crate) patience: Duration,
    /// Seed of the pauses between presses.
    pub(crate) seed: u32,
}

/// Milliseconds from each press to the last of the watched pixels; none where it was not seen.
#[derive(Debug, Serialize)]
pub(crate) struct Photon {
    ms: Vec<Option<f64>>,
}

/// The block that flips, on both displays: pixels of it, in the same order.
pub(crate) struct Block<'a> {
    pub(crate) source: (&'a Display, Vec<Place>),
    pub(crate) shown: (&'a Display, Vec<Place>),
}

impl Block<'_> {
    /// What all its pixels are on the sharer's display.
    fn there(&self) -> Result<Option<bool>> {
        Ok(agreed(&self.source.0.bright(&self.source.1)?))
    }

    /// What all its pixels are on the browser's display.
    fn here(&self) -> Result<Option<bool>> {
        Ok(agreed(&self.shown.0.bright(&self.shown.1)?))
    }

    /// What is shown; if it is `wanted`, only where the source is so too: what a poor picture
    /// flickers to by itself is no answer.
    fn answer(&self, wanted: bool) -> Result<Option<bool>> {
        match self.here()? {
            Some(here) if here == wanted => self.there(),
            other => Ok(other),
        }
    }

    /// Waits until both have been the same for a while; returns what they are.
    ///
    /// Then nothing is under way that could be taken for the answer to the next press.
    fn still(&self, patience: Duration) -> Result<bool> {
        let (begun, mut since, mut last) = (now(), now(), None);
        loop {
            let (there, here) = (self.there()?, self.here()?);
            let state = here.filter(|_| here == there);
            if state != last {
                (since, last) = (now(), state);
            }
            match state {
                Some(state) if since.elapsed() >= STILL => return Ok(state),
                _ if begun.elapsed() > patience => {
                    bail!("the block is not shown as it is within {patience:?}")
                }
                _ => pause(),
            }
        }
    }
}

/// Presses again and again, and times the flip of the block.
pub(crate) fn photon(block: &Block<'_>, trial: Trial) -> Result<Photon> {
    let hand = Hand::new(block.shown.0)?;
    let patience = (trial.patience * 10).max(Duration::from_secs(20));
    let before = block.still(patience)?;
    hand.focus(trial.pointer)?;
    wait_for(|| block.there(), !before, now(), Duration::from_secs(10))?
        .context("a click does not reach the sharer's display")?;
    let mut pauses = Pauses(trial.seed | 1);
    let mut ms = Vec::new();
    for _ in 0..trial.presses {
        let before = block.still(patience)?;
        std::thread::sleep(pauses.next());
        let begun = hand.down(trial.press)?;
        let seen = wait_for(|| block.answer(!before), !before, begun, trial.patience)?;
        hand.up(trial.press, begun)?;
        ms.push(seen.map(millis));
        if seen.is_none() {
            // What comes too late must not be taken for the answer to the next press.
            wait_for(|| block.answer(!before), !before, begun, trial.patience * 5)?;
        }
    }
    Ok(Photon { ms })
}

/// How long after `begun` the block was as `wanted`.
fn wait_for(
    look: impl Fn() -> Result<Option<bool>>,
    wanted: bool,
    begun: Instant,
    patience: Duration,
) -> Result<Option<Duration>> {
    while begun.elapsed() < patience {
        if look()? == Some(wanted) {
            return Ok(Some(begun.elapsed()));
        }
        pause();
    }
    Ok(None)
}

/// What all of `states` are, if they are all the same.
fn agreed(states: &[Option<bool>]) -> Option<bool> {
    let first = *states.first()?;
    first.filter(|_| states.iter().all(|state| *state == first))
}

/// Irregular pauses, so that presses keep no step with any clock: 60 to 140 ms.
struct Pauses(u32);

impl Pauses {
    const fn next(&mut self) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        Duration::from_micros(60_000 + (self.0 % 80_000) as u64)
    }
}

/// Keyboard and mouse of a display.
struct Hand<'a> {
    display: &'a Display,
    key: u8,
}

impl<'a> Hand<'a> {
    fn new(display: &'a Display) -> Result<Self> {
        let setup = display.conn.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let map = display.conn.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let width = map.keysyms_per_keycode.into();
        let keys = map.keysyms.chunks(width).position(|syms| syms.first() == Some(&KEYSYM));
        let key = keys.and_then(|at| u8::try_from(at).ok()).context("there is no key A")?;
        Ok(Self { display, key: first + key })
    }

    /// Gives the keyboard to what is at `pointer`, by a click there.
    fn focus(&self, pointer: Place) -> Result<()> {
        self.send(MOTION_NOTIFY_EVENT, 0, Some(pointer))?;
        std::thread::sleep(Duration::from_millis(100));
        let begun = self.down(Press::Click)?;
        self.up(Press::Click, begun)?;
        std::thread::sleep(Duration::from_millis(300));
        Ok(())
    }

    /// Presses; returns the moment just before.
    fn down(&self, press: Press) -> Result<Instant> {
        let begun = now();
        match press {
            Press::Key => self.send(KEY_PRESS_EVENT, self.key, None)?,
            Press::Click => self.send(BUTTON_PRESS_EVENT, 1, None)?,
        }
        Ok(begun)
    }

    /// Lets go, once it was down long enough.
    fn up(&self, press: Press, since: Instant) -> Result<()> {
        std::thread::sleep(HELD.saturating_sub(since.elapsed()));
        match press {
            Press::Key => self.send(KEY_RELEASE_EVENT, self.key, None)?,
            Press::Click => self.send(BUTTON_RELEASE_EVENT, 1, None)?,
        }
        // A connection that closes with answers unread takes unread requests with it: whatever
        // ends now must not leave anything pressed.
        Ok(self.display.conn.sync()?)
    }

    fn send(&self, kind: u8, detail: u8, to: Option<Place>) -> Result<()> {
        let (conn, root) = (&self.display.conn, self.display.screen.root);
        let [x, y] = to.map_or([0, 0], |to| [to.x, to.y]);
        let [x, y] = [i16::try_from(x)?, i16::try_from(y)?];
        conn.xtest_fake_input(kind, detail, x11rb::CURRENT_TIME, root, x, y, 0)?;
        Ok(conn.flush()?)
    }
}

/// Moves the pointer to where it covers nothing.
pub(crate) fn move_away(shown: &Display) -> Result<()> {
    let hand = Hand::new(shown)?;
    hand.send(MOTION_NOTIFY_EVENT, 0, Some(Place { x: 0, y: 0 }))?;
    shown.conn.sync()?;
    std::thread::sleep(Duration::from_millis(200));
    Ok(())
}

/// Moves the pointer away and clicks there, without anything being timed.
pub(crate) fn focus(shown: &Display, pointer: Place) -> Result<()> {
    Hand::new(shown)?.focus(pointer)
}

/// How long after an outage things were well again, in milliseconds; none if that did not come.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Recovery {
    /// Until what is shown was at most two steps behind the source.
    picture_ms: Option<f64>,
    /// Until a key that was pressed after the outage showed its effect.
    input_ms: Option<f64>,
}

/// Waits for picture and input to come back; `block` is a place within the block that flips.
pub(crate) fn recovery(
    source: &Display,
    shown: &Display,
    at: Place,
    block: Place,
    patience: Duration,
) -> Result<Recovery> {
    let hand = Hand::new(shown)?;
    let (w, h) = source.size();
    let [rect, _] = marks::counters(w, h);
    let mut there = Camera::new(source, rect)?;
    let mut here = Camera::new(shown, moved(rect, at))?;
    let (begun, mut recovery) = (now(), Recovery::default());
    let before =
        agreed(&shown.bright(&[block])?).context("the block is neither black nor white")?;
    let mut next = begun;
    while begun.elapsed() < patience && recovery.input_ms.and(recovery.picture_ms).is_none() {
        let (real, seen) =
            (marks::read_counter(there.shoot()?), marks::read_counter(here.shoot()?));
        if let (Some(real), Some(seen)) = (real, seen)
            && real.wrapping_sub(seen) <= 2
        {
            recovery.picture_ms = recovery.picture_ms.or_else(|| Some(millis(begun.elapsed())));
        }
        if recovery.input_ms.is_none() && agreed(&shown.bright(&[block])?) == Some(!before) {
            recovery.input_ms = Some(millis(begun.elapsed()));
        }
        if recovery.input_ms.is_none() && now() >= next {
            // One press at a time, far enough apart for its effect to be seen by itself.
            let pressed = hand.down(Press::Key)?;
            hand.up(Press::Key, pressed)?;
            next = now() + Duration::from_millis(300);
        }
        pause();
    }
    Ok(recovery)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_one_that_all_pixels_have() {
        assert_eq!(agreed(&[Some(true), Some(true)]), Some(true));
        assert_eq!(agreed(&[Some(true), Some(false)]), None);
        assert_eq!(agreed(&[Some(true), None]), None);
        assert_eq!(agreed(&[]), None);
    }

    #[test]
    fn pauses_are_irregular_and_bounded() {
        let mut pauses = Pauses(1);
        let all: Vec<_> = (0..100).map(|_| pauses.next().as_millis()).collect();
        assert!(all.iter().all(|it| (60..=140).contains(it)));
        assert!(all.windows(2).filter(|pair| pair[0] == pair[1]).count() < 10);
    }
}
