//! How lively a block is.

use std::time::Duration;

/// Seconds in which the memory of changes fades.
const FADE: f32 = 0.5;

/// How long the video's blocks rest before they are made exact, at most: three pictures of a film that
/// stutters; and at least, and after how many pictures of what changes faster than that tells.
const REST: Duration = Duration::from_millis(150);
const SHORT: Duration = Duration::from_millis(80);
const PICTURES: f32 = 4.0;

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

    /// When it rests, if it does not change again.
    pub(super) fn rests(self) -> Duration {
        self.at + Duration::from_secs_f32(PICTURES / self.rate().max(1.0)).clamp(SHORT, REST)
    }

    /// Changes per second that would keep it as hot as it is; none after a single change.
    pub(super) fn rate(self) -> f32 {
        if self.heat < 2.0 { 0.0 } else { 1.0 / (FADE * (self.heat / (self.heat - 1.0)).ln()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A film of 60 pictures a second is over sooner than one of 10.
    #[test]
    fn what_changes_often_rests_soon() {
        let rest = |every: u64| {
            let mut block = Block::default();
            let at =
                (0..100).map(|n| Duration::from_millis(n * every)).inspect(|at| block.changes(*at));
            let last = at.last().unwrap_or_default();
            (block.rests() - last).as_millis()
        };
        assert_eq!([16, 33, 100, 400].map(rest), [80, 132, 150, 150]);
    }
}
