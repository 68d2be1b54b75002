//! What the video may take of a network. Pure: time is an argument.

use std::time::Duration;

/// Part of the network's capacity that the video may take, in percent: on any, and on one that carries
/// less than [`SLOW`] bits per second, where tiles need the rest to be seen in time.
const PART: (u64, u64) = (85, 50);
const SLOW: u32 = 1_000_000;
/// Bits per second that the video takes at most for each pixel, and for a picture that is small or
/// unknown. More only costs both sides time, since what rests is made exact by tiles.
const MOST: (u64, u64) = (6, 12_000_000);
/// After this long without video, what congestion control believes is of another time.
const STALE: Duration = Duration::from_secs(2);
/// How long until twice as much is tried as the tiles had measured.
const DOUBLING: f64 = 1.0;

/// One video's share.
///
/// Congestion control learns from the video alone. Where none was sent for a while and tiles found the
/// path slow meanwhile, it would begin with a flood: so it begins with what the tiles measured.
#[derive(Debug, Default)]
pub(super) struct Share {
    /// When the video was looked at last.
    shown: Option<Duration>,
    /// When it began, and the bits per second that tiles had measured by then.
    begun: Option<(Duration, u32)>,
}

impl Share {
    /// Takes note that at `at` the video is looked at, or not, and of the least bits per second by which
    /// tiles arrive at those who do.
    pub(super) fn look(&mut self, at: Duration, shown: bool, measured: Option<u32>) {
        if !shown {
            return;
        }
        if self.shown.is_none_or(|last| at >= last + STALE) {
            self.begun = measured.map(|bits| (at, bits));
        }
        self.shown = Some(at);
    }

    /// Bits per second for a picture of so many pixels, if congestion control `believes` in so many.
    pub(super) fn of(&self, at: Duration, believes: u32, pixels: u64) -> u32 {
        let bits = self.cautious(at).map_or(believes, |most| believes.min(most));
        let part = if bits < SLOW { PART.1 } else { PART.0 };
        (u64::from(bits) * part / 100).min((pixels * MOST.0).max(MOST.1)) as u32
    }

    /// What is tried at most.
    fn cautious(&self, at: Duration) -> Option<u32> {
        let (begun, bits) = self.begun?;
        let age = at.saturating_sub(begun).as_secs_f64() / DOUBLING;
        Some((f64::from(bits) * age.exp2()) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const FAST: u32 = 8_000_000;

    #[test]
    fn tiles_keep_their_part_of_the_network() {
        let share = Share::default();
        assert_eq!(share.of(SECOND, FAST, 1 << 20), 6_800_000);
        assert_eq!(share.of(SECOND, 300_000, 1 << 20), 150_000);
        assert_eq!(share.of(SECOND, u32::MAX, 0), 12_000_000, "more serves nobody");
        assert_eq!(share.of(SECOND, u32::MAX, 4 << 20), 25_165_824);
    }

    /// B-14: a film on a path that became slow while only tiles were sent.
    #[test]
    fn after_a_rest_the_video_begins_with_what_tiles_measured() {
        let mut share = Share::default();
        share.look(Duration::ZERO, true, None);
        assert_eq!(share.of(Duration::ZERO, FAST, 0), 6_800_000);
        share.look(SECOND, false, Some(300_000));
        share.look(SECOND * 9, true, Some(300_000));
        assert_eq!(share.of(SECOND * 9, FAST, 0), 150_000);
        assert_eq!(share.of(SECOND * 9, 200_000, 0), 100_000, "less is less");
        assert_eq!(share.of(SECOND * 10, FAST, 0), 300_000);
        assert_eq!(share.of(SECOND * 60, FAST, 0), 6_800_000, "it was not slow after all");
    }

    #[test]
    fn a_video_that_goes_on_is_not_slowed_down_by_its_own_tiles() {
        let mut share = Share::default();
        for half in 0..40 {
            let at = SECOND * half / 2;
            share.look(at, half % 2 == 0, Some(100_000));
            assert_eq!(share.of(at, FAST, 0) < 1_000_000, half < 8, "{at:?}");
        }
    }
}
