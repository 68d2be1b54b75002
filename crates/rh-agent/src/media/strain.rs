//! Whether the video is more than network or processor can carry, so that it has to be smaller.
//!
//! The last resort: before it pictures become coarse and few. Pure: it learns of each frame that shows
//! a change, and time is an argument.

use std::time::Duration;

/// Pictures per second that a network is to carry.
const FEWEST: f64 = 6.0;
/// How long a picture may take to encode.
const SLOW: Duration = Duration::from_millis(66);
/// What is no strain at half the size is none at full size: it costs up to four times as much, and must
/// not come back at once.
const MARGIN: f64 = 8.0;
/// How long it takes until it is made smaller, and larger again.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(6));
/// After so long without a frame, what was before says nothing.
const PAUSE: Duration = Duration::from_secs(3);
/// Weight of the newest frame in the averages.
const NEWEST: f64 = 0.2;

/// What frames cost next to what they may.
#[derive(Debug, Default)]
pub(super) struct Strain {
    halved: bool,
    /// Bits and seconds of a frame, on average.
    average: Option<(f64, f64)>,
    last: Duration,
    /// Since when the size should be another.
    since: Option<Duration>,
}

impl Strain {
    /// Whether both sides of the video are to be halved.
    pub(super) const fn is_halved(&self) -> bool {
        self.halved
    }

    /// Forgets everything: nobody looks.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Learns that the frame at `at`, which shows a change, was of so many `bytes` and `took` so long
    /// to encode; the network carries so many `bits` per second, if known.
    pub(super) fn learn(&mut self, at: Duration, bytes: usize, took: Duration, bits: Option<u32>) {
        if at >= self.last + PAUSE {
            (self.average, self.since) = (None, None);
        }
        self.last = at;
        let new = (bytes as f64 * 8.0, took.as_secs_f64());
        let old = self.average.unwrap_or(new);
        let mean = |old: f64, new: f64| old + (new - old) * NEWEST;
        let (cost, time) = (mean(old.0, new.0), mean(old.1, new.1));
        self.average = Some((cost, time));
        // More than one of either is too much.
        let network = bits.map_or(0.0, |bits| cost * FEWEST / f64::from(bits.max(1)));
        let load = network.max(time / SLOW.as_secs_f64());
        let other = if self.halved { load * MARGIN < 1.0 } else { load > 1.0 };
        let since = *self.since.get_or_insert(at);
        let patience = if self.halved { PATIENCE.1 } else { PATIENCE.0 };
        if !other {
            self.since = None;
        } else if at >= since + patience {
            *self = Self { halved: !self.halved, last: at, ..Self::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_millis(8);
    const KBIT_300: Option<u32> = Some(255_000);

    /// Feeds frames for so many seconds; the times at which the size changed.
    fn feed(
        strain: &mut Strain,
        seconds: std::ops::Range<u64>,
        rate: u64,
        frame: impl Fn(bool) -> (usize, Duration),
        bits: Option<u32>,
    ) -> Vec<u64> {
        let mut changes = Vec::new();
        for n in seconds.start * rate..seconds.end * rate {
            let (before, at) = (strain.is_halved(), Duration::from_millis(n * 1000 / rate));
            let (bytes, took) = frame(before);
            strain.learn(at, bytes, took, bits);
            changes.extend((strain.is_halved() != before).then_some(at.as_secs()));
        }
        changes
    }

    /// A frame whose cost follows its size.
    fn costs(bytes: usize) -> impl Fn(bool) -> (usize, Duration) {
        move |halved| if halved { (bytes / 3, QUICK / 3) } else { (bytes, QUICK) }
    }

    /// B-14: scale is the last resort on a network that carries too few pictures.
    #[test]
    fn a_film_that_a_slow_network_cannot_carry_becomes_smaller_and_stays_so() {
        let mut strain = Strain::default();
        assert_eq!(feed(&mut strain, 0..60, 3, costs(9_000), KBIT_300), [2]);
        assert!(strain.is_halved());
    }

    #[test]
    fn it_returns_when_there_is_room_and_does_not_swing() {
        let mut strain = Strain::default();
        feed(&mut strain, 0..10, 3, costs(9_000), KBIT_300);
        assert_eq!(feed(&mut strain, 10..60, 20, costs(9_000), Some(8_000_000)), [16]);
        for bits in (100_000..8_000_000).step_by(50_000) {
            let mut strain = Strain::default();
            let changes = feed(&mut strain, 0..60, 5, costs(9_000), Some(bits));
            assert!(changes.len() <= 1, "{bits}: {changes:?}");
        }
    }

    /// B-15: a processor that is too slow for the picture gets a smaller one.
    #[test]
    fn an_encoder_that_takes_too_long_is_given_less() {
        let mut strain = Strain::default();
        let slow = |halved| (20_000, Duration::from_millis(if halved { 30 } else { 100 }));
        assert_eq!(feed(&mut strain, 0..30, 9, slow, Some(20_000_000)), [2]);
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let mut strain = Strain::default();
        assert_eq!(feed(&mut strain, 0..60, 30, costs(30_000), Some(12_000_000)), [0; 0]);
        assert_eq!(feed(&mut strain, 60..90, 30, costs(300_000), None), [0; 0]);
    }

    /// A single large change now and then is no film.
    #[test]
    fn single_pictures_are_no_strain() {
        let mut strain = Strain::default();
        for second in (0..60).step_by(4) {
            strain.learn(Duration::from_secs(second), 200_000, QUICK, KBIT_300);
        }
        assert!(!strain.is_halved());
    }
}
