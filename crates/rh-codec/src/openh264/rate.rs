//! How coarsely to quantise: the rate control, since openh264's own either skips pictures or does
//! not hold its rate at all.
//!
//! A leaky bucket: what was sent adds to a debt that the link pays off with time. Below a threshold
//! text is coded sharp; beyond it the quantiser rises with the debt. Nothing here is openh264's.

use std::time::Duration;

/// At this quantiser no pixel of antialiased text is off by more than a fifth of the range, and
/// coding the same picture again costs next to nothing. At 24 openh264 drops single dots: it takes a
/// lone coefficient of one for noise, and that is then worth up to 55 levels of brightness.
pub(super) const SHARP: u8 = 20;
/// Worst for pictures that only sharpen the last one.
const SHARP_ENOUGH: u8 = 28;
/// Beyond this text is no longer legible.
const COARSEST: u8 = 42;
/// Seconds of debt that a desktop at work may have before it shows.
const PATIENCE: f64 = 0.25;
/// Seconds of debt at which the quantiser is at its coarsest.
const LIMIT: f64 = 1.0;
/// Bits per pixel of a key frame full of text at [`SHARP`] (measured: 458 kB at 1920x1080).
const KEY_BITS: f64 = 1.77;

/// What has been sent against what may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    bits_per_second: f64,
    debt: f64,
    paid: Duration,
    top_ups: u8,
}

impl Rate {
    pub(super) fn new(bits_per_second: u32) -> Self {
        let mut rate = Self { bits_per_second: 1.0, debt: 0.0, paid: Duration::ZERO, top_ups: 0 };
        rate.aim(bits_per_second);
        rate
    }

    /// Aims at `bits_per_second`; zero counts as one.
    pub(super) fn aim(&mut self, bits_per_second: u32) {
        self.bits_per_second = f64::from(bits_per_second.max(1));
    }

    /// The quantiser for a picture with something new on it.
    pub(super) fn fresh(&mut self, at: Duration) -> u8 {
        self.pay(at);
        self.top_ups = 0;
        self.by_debt()
    }

    /// The quantiser for showing the last picture once more: never so coarse that text stays
    /// wrong, and finer each time, because openh264 leaves alone what looks as bad as its
    /// surroundings did the last time.
    pub(super) fn top_up(&mut self, at: Duration) -> u8 {
        self.pay(at);
        let ceiling = SHARP_ENOUGH.saturating_sub(4 * self.top_ups).max(SHARP);
        self.top_ups = self.top_ups.saturating_add(1);
        self.by_debt().min(ceiling)
    }

    /// The quantiser for a key frame of so many `pixels`: on a slow link rather soon than sharp. A coarser
    /// quantiser saves little on text: 16 steps halve it.
    pub(super) fn key(&mut self, at: Duration, pixels: u64) -> u8 {
        let fresh = self.fresh(at);
        let seconds = pixels as f64 * KEY_BITS / self.bits_per_second;
        let coarser = 6.0 * (seconds / PATIENCE / 1.5).log2();
        fresh.max((f64::from(SHARP) + coarser).clamp(0.0, f64::from(COARSEST)) as u8)
    }

    /// Counts an access unit of `bytes`.
    pub(super) fn sent(&mut self, bytes: usize) {
        self.debt += bytes as f64 * 8.0;
    }

    fn pay(&mut self, at: Duration) {
        let elapsed = at.saturating_sub(self.paid).as_secs_f64();
        self.paid = self.paid.max(at);
        self.debt = (self.debt - elapsed * self.bits_per_second).max(0.0);
    }

    fn by_debt(&self) -> u8 {
        let seconds = self.debt / self.bits_per_second;
        let share = ((seconds - PATIENCE) / (LIMIT - PATIENCE)).clamp(0.0, 1.0);
        SHARP + (share * f64::from(COARSEST - SHARP)).round() as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL_HD: u64 = 1920 * 1080;

    fn at(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_desktop_within_its_rate_is_sharp() {
        let mut rate = Rate::new(12_000_000);
        assert_eq!(rate.key(at(0), FULL_HD), SHARP);
        rate.sent(460_000);
        for frame in 10..100 {
            assert_eq!(rate.fresh(at(frame * 33)), SHARP);
            rate.sent(13_000);
        }
    }

    #[test]
    fn debt_makes_pictures_coarse_and_time_makes_them_sharp_again() {
        let mut rate = Rate::new(1_000_000);
        rate.sent(1_000_000);
        assert_eq!(rate.fresh(at(0)), COARSEST);
        let coarse = rate.fresh(at(7_500));
        assert!(coarse > SHARP && coarse < COARSEST, "{coarse}");
        assert_eq!(rate.fresh(at(8_000)), SHARP);
    }

    #[test]
    fn top_ups_sharpen_whatever_the_debt() {
        let mut rate = Rate::new(1_000_000);
        rate.sent(10_000_000);
        assert_eq!([0; 4].map(|_| rate.top_up(at(0))), [28, 24, 20, 20]);
        assert_eq!(rate.fresh(at(0)), COARSEST);
        assert_eq!(rate.top_up(at(0)), 28);
    }

    #[test]
    fn key_frames_are_coarse_on_a_slow_link() {
        let quantiser = |bits| Rate::new(bits).key(at(0), FULL_HD);
        assert!(quantiser(4_000_000) > SHARP);
        assert!(quantiser(1_000_000) > quantiser(4_000_000));
        assert_eq!(quantiser(0), COARSEST);
    }

    #[test]
    fn a_clock_that_runs_backwards_pays_nothing() {
        let mut rate = Rate::new(1_000_000);
        rate.fresh(at(10_000));
        rate.sent(1_000_000);
        assert_eq!(rate.fresh(at(1)), COARSEST);
        assert_eq!(rate.fresh(at(10_000)), COARSEST);
    }
}
