//! How lively a block is.

use std::time::Duration;

/// Seconds in which the memory of changes fades.
const FADE: f32 = 0.5;

/// How often and when a block changed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block {
    heat: f32,
    pub(super) at: Duration,
}

impl Block {
    /// Takes note that it changed.
    pub(super) fn changes(&mut self, at: Duration) {
        let passed = at.saturating_sub(self.at).as_secs_f32();
        self.heat = self.heat * (-passed / FADE).exp() + 1.0;
        self.at = at;
    }

    /// Changes per second that would keep it as hot as it is; none after a single change.
    pub(super) fn rate(self) -> f32 {
        if self.heat < 2.0 { 0.0 } else { 1.0 / (FADE * (self.heat / (self.heat - 1.0)).ln()) }
    }
}
