//! The picture of the desktop, by the port.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::desk::{AREAS, Desk};
use super::{SIZE, VirtualDesktop, pointer};
use crate::{CaptureError, Cursor, Frame, Pixels, Rect, Screen};

/// A screen of a [`VirtualDesktop`].
#[derive(Debug)]
pub struct VirtualScreen {
    desktop: VirtualDesktop,
    opened: Instant,
    data: Vec<u8>,
    damage: Vec<Rect>,
    /// The versions of the parts in `data`; `None` before the first picture.
    seen: Option<[u64; AREAS.len()]>,
    /// The pointer the last wait knew of.
    noticed: (u32, u32),
    /// The pointer last given out.
    given: Option<(u32, u32)>,
}

impl VirtualScreen {
    pub(super) fn new(desktop: VirtualDesktop) -> Self {
        let noticed = desktop.pointer();
        let (data, damage) = (Vec::new(), Vec::new());
        Self { desktop, opened: now(), data, damage, seen: None, noticed, given: None }
    }

    /// Waits for a change until `deadline`; whether the picture is among what changed.
    fn wait(&mut self, patience: Duration) -> bool {
        let start = now();
        let desktop = self.desktop.clone();
        let mut desk = desktop.desk();
        loop {
            desk.tick();
            if self.update(&desk) {
                return true;
            }
            let left = patience.saturating_sub(start.elapsed());
            let moved = std::mem::replace(&mut self.noticed, desk.pointer()) != desk.pointer();
            if moved || left.is_zero() {
                return false;
            }
            let nap = desk.clock.until_next_second().map_or(left, |next| left.min(next));
            let woken = desktop.shared.changed.wait_timeout(desk, nap);
            desk = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Takes over the parts that were drawn since; whether there are any.
    fn update(&mut self, desk: &Desk) -> bool {
        self.damage.clear();
        match self.seen.replace(desk.versions) {
            None => {
                self.data.clone_from(&desk.canvas.data);
                self.damage.push(Rect::whole(SIZE));
            }
            Some(seen) => {
                let stale = (0..AREAS.len()).filter(|&part| seen[part] != desk.versions[part]);
                self.damage.extend(stale.map(|part| AREAS[part]));
                self.damage.iter().for_each(|rect| copy(*rect, &desk.canvas.data, &mut self.data));
            }
        }
        !self.damage.is_empty()
    }
}

fn copy(rect: Rect, from: &[u8], to: &mut [u8]) {
    for y in rect.y..rect.y + rect.height {
        let start = (y * SIZE.width + rect.x) as usize * 4;
        let row = start..start + rect.width as usize * 4;
        to[row.clone()].copy_from_slice(&from[row]);
    }
}

impl Screen for VirtualScreen {
    fn next(&mut self, patience: Duration) -> Result<Option<Frame<'_>>, CaptureError> {
        if !self.wait(patience) {
            return Ok(None);
        }
        let pixels = Pixels::Bgrx { data: &self.data, stride: SIZE.width as usize * 4 };
        let at = self.opened.elapsed();
        Ok(Some(Frame { size: SIZE, damage: &self.damage, at, pixels }))
    }

    fn cursor(&mut self) -> Option<Cursor> {
        let at = self.desktop.pointer();
        let image = Some(pointer::image(at.0, at.1));
        (self.given.replace(at) != Some(at)).then_some(Cursor { image, at: Some(at) })
    }
}

#[expect(clippy::disallowed_methods, reason = "the wait for a change is real")]
fn now() -> Instant {
    Instant::now()
}
