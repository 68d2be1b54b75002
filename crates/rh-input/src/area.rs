//! From shares of a display to global positions.

use rh_protocol::{Display, DisplayId, Fraction, Point};

/// The part of the desktop that one display shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Area {
    display: DisplayId,
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

/// Makes up for shares being `f32`: the share of a pixel's left edge may have been rounded down by
/// half of 2^-24, which at 8192 pixels is 1/4096 of a pixel.
const NUDGE: f64 = 1.0 / 2048.0;

impl Area {
    /// The part that `display` shows.
    pub fn new(display: &Display) -> Self {
        let Display { id, x, y, width, height, .. } = *display;
        Self { display: id, x, y, width, height }
    }

    /// The global position of the pixel under `point`; `None` if it is on another display.
    ///
    /// A share of 0 is the first pixel, a share of 1 the last; the position is never outside.
    pub fn locate(&self, point: Point) -> Option<(i32, i32)> {
        (point.display == self.display)
            .then(|| (along(self.x, self.width, point.x), along(self.y, self.height, point.y)))
    }
}

/// The pixel at `share` of an extent that begins at `start`.
fn along(start: i32, extent: u32, share: Fraction) -> i32 {
    let last = extent.saturating_sub(1);
    let pixel = (f64::from(f32::from(share)) * f64::from(extent) + NUDGE).floor();
    start.saturating_add_unsigned((pixel as u32).min(last))
}
