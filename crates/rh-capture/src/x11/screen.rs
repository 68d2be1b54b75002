//! The picture of one monitor, by the port.

use std::time::{Duration, Instant};

use rh_protocol::DisplayId;
use x11rb::connection::Connection as _;
use x11rb::protocol::damage::{ConnectionExt as _, Damage, ReportLevel};
use x11rb::protocol::xfixes::{ConnectionExt as _, Region};
use x11rb::protocol::xproto::Rectangle;

use super::client::{Client, failed};
use super::events::{self, Changes, now};
use super::grab::{Grab, GrabError};
use super::monitors;
use super::pointer::Pointer;
use crate::merge::merge;
use crate::{CaptureError, Cursor, Frame, Pixels, Rect, Screen, Size};

const CONTEXT: &str = "follow the damage";

/// A screen of one monitor.
#[derive(Debug)]
pub(super) struct X11Screen {
    client: Client,
    display: DisplayId,
    shared_memory: bool,
    opened: Instant,
    tracker: Damage,
    region: Region,
    grab: Grab,
    pointer: Pointer,
    changes: Changes,
    /// Whether the next picture is whole: the first, or one of a new extent.
    whole: bool,
    /// The area that was not on the root window at the last try.
    missed: Option<Rect>,
    damage: Vec<Rect>,
}

impl X11Screen {
    pub(super) fn open(
        client: Client,
        display: DisplayId,
        shared_memory: bool,
    ) -> Result<Self, CaptureError> {
        // Followed before it is looked at, so that no change is missed in between.
        events::follow_layout(&client)?;
        let area = monitors::area(&client, display)?;
        let (tracker, region) = follow_damage(&client)?;
        let pointer = Pointer::follow(&client, area)?;
        let grab = Grab::new(&client, area, shared_memory);
        Ok(Self {
            client,
            display,
            shared_memory,
            opened: now(),
            tracker,
            region,
            grab,
            pointer,
            changes: Changes::default(),
            whole: true,
            missed: None,
            damage: Vec::new(),
        })
    }

    /// Looks at what changed; whether the cursor did. The picture did if `damage` is not empty.
    fn look(&mut self) -> Result<bool, CaptureError> {
        self.damage.clear();
        if self.changes.layout {
            self.lay_out()?;
        }
        if self.changes.picture || self.whole {
            self.take_damage()?;
        }
        let shape = self.changes.shape && self.pointer.reshape(&self.client)?;
        // A program may warp the pointer without any raw motion: look whenever awake anyway.
        let place = self.pointer.locate(&self.client, self.grab.area())?;
        (self.changes.shape, self.changes.place) = (false, false);
        Ok(shape || place)
    }

    /// Finds the monitor again after a change of layout.
    fn lay_out(&mut self) -> Result<(), CaptureError> {
        let area = monitors::area(&self.client, self.display)?;
        self.changes.layout = false;
        if area != self.grab.area() {
            let fresh = Grab::new(&self.client, area, self.shared_memory);
            std::mem::replace(&mut self.grab, fresh).release(&self.client)?;
            self.whole = true;
        }
        Ok(())
    }

    /// Brings the damaged rectangles up to date.
    ///
    /// The damage is taken before the pixels: what is drawn in between is in the picture and
    /// reported once more, never missed.
    fn take_damage(&mut self) -> Result<(), CaptureError> {
        self.changes.picture = false;
        let conn = &self.client.conn;
        conn.damage_subtract(self.tracker, x11rb::NONE, self.region).map_err(failed(CONTEXT))?;
        let region = conn.xfixes_fetch_region(self.region).map_err(failed(CONTEXT))?;
        let region = region.reply().map_err(failed(CONTEXT))?.rectangles;
        if self.whole {
            self.damage.push(Rect::whole(self.grab.size()));
        } else {
            let (area, size) = (self.grab.area(), self.grab.size());
            self.damage.extend(region.iter().filter_map(|rect| on_display(*rect, area, size)));
            merge(&mut self.damage);
        }
        match self.grab.fetch(&self.client, &self.damage) {
            Ok(()) => (self.whole, self.missed) = (false, None),
            Err(GrabError::Failed(error)) => return Err(error),
            Err(GrabError::Outside) if self.missed == Some(self.grab.area()) => {
                return Err(failed(CONTEXT)("the monitor is not on the root window"));
            }
            Err(GrabError::Outside) => {
                // What was taken from the server's account of damage must not be lost.
                (self.whole, self.changes.layout) = (true, true);
                self.missed = Some(self.grab.area());
                self.damage.clear();
            }
        }
        Ok(())
    }
}

/// The part of a rectangle of the root window that `area` shows, in its own pixels.
fn on_display(rect: Rectangle, area: Rect, size: Size) -> Option<Rect> {
    let x = i64::from(rect.x) - i64::from(area.x);
    let y = i64::from(rect.y) - i64::from(area.y);
    Rect::clipped(x, y, rect.width.into(), rect.height.into(), size)
}

/// Asks the server to say when pixels of the root window and all in it change: once, until the
/// damage is taken.
fn follow_damage(client: &Client) -> Result<(Damage, Region), CaptureError> {
    let conn = &client.conn;
    let tracker = conn.generate_id().map_err(failed(CONTEXT))?;
    conn.damage_create(tracker, client.root, ReportLevel::NON_EMPTY).map_err(failed(CONTEXT))?;
    let region = conn.generate_id().map_err(failed(CONTEXT))?;
    conn.xfixes_create_region(region, &[]).map_err(failed(CONTEXT))?;
    Ok((tracker, region))
}

impl Screen for X11Screen {
    fn next(&mut self, patience: Duration) -> Result<Option<Frame<'_>>, CaptureError> {
        let deadline = now().checked_add(patience);
        loop {
            self.changes.drain(&self.client)?;
            if self.changes.any() || self.whole {
                let cursor = self.look()?;
                if !self.damage.is_empty() {
                    break;
                }
                // Another monitor may be so busy that it never lets this one sleep.
                if cursor || deadline.is_some_and(|deadline| !self.whole && deadline <= now()) {
                    return Ok(None);
                }
            } else if !events::wait(&self.client, deadline)? {
                return Ok(None);
            }
        }
        let size = self.grab.size();
        let pixels = Pixels::Bgrx { data: self.grab.data(), stride: size.width as usize * 4 };
        Ok(Some(Frame { size, damage: &self.damage, at: self.opened.elapsed(), pixels }))
    }

    fn cursor(&mut self) -> Option<Cursor> {
        self.pointer.take()
    }
}
