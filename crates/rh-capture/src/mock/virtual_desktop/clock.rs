//! The time of day in the top bar.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::SIZE;
use super::canvas::{ADVANCE, Canvas, PAPER};
use crate::Rect;

const BAR: [u8; 3] = [0x3A, 0x2A, 0x1E];
const DAY: u64 = 24 * 60 * 60;

pub(super) const AREA: Rect =
    Rect { x: SIZE.width - 16 - 8 * ADVANCE, y: 0, width: 8 * ADVANCE, height: 32 };

/// Where the time comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Clock {
    /// The machine's clock.
    #[default]
    Running,
    /// Stands still until it is advanced.
    Held(Duration),
}

impl Clock {
    /// Time since some midnight, UTC.
    pub(super) fn now(self) -> Duration {
        match self {
            Self::Running => system_time(),
            Self::Held(at) => at,
        }
    }

    /// How long until it shows something else; `None` if it stands still.
    pub(super) fn until_next_second(self) -> Option<Duration> {
        match self {
            Self::Running => {
                let part = Duration::from_nanos(system_time().subsec_nanos().into());
                Some(Duration::from_secs(1) - part)
            }
            Self::Held(_) => None,
        }
    }
}

/// Draws the bar around the clock.
pub(super) fn draw_bar(canvas: &mut Canvas) {
    canvas.fill(Rect { x: 0, y: 0, width: SIZE.width, height: 32 }, BAR);
    canvas.bold(16, 8, "Virtual desktop", PAPER);
}

/// Draws the time of day.
pub(super) fn draw(canvas: &mut Canvas, second: u64) {
    let second = second % DAY;
    let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    canvas.fill(AREA, BAR);
    canvas.text(AREA.x, 8, &time, PAPER);
}

#[expect(clippy::disallowed_methods, reason = "a desktop's clock shows the machine's time")]
fn system_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
