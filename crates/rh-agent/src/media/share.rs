//! What the video may take of a network. Pure: time is an argument.

use std::collections::BTreeMap;
use std::time::Duration;

use rh_capture::Rect;
use rh_protocol::{PeerId, Size};

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
    /// What congestion control believes of each viewer's network, in bits per second.
    believed: BTreeMap<PeerId, u32>,
    /// When the video was looked at last.
    shown: Option<Duration>,
    /// When it began, and the bits per second that tiles had measured by then.
    begun: Option<(Duration, u32)>,
}

impl Share {
    /// Takes note of what congestion control believes.
    pub(super) fn believe(&mut self, believed: &BTreeMap<PeerId, u32>) {
        self.believed.clone_from(believed);
    }

    /// What congestion control believes.
    pub(super) const fn believed(&self) -> &BTreeMap<PeerId, u32> {
        &self.believed
    }

    /// Takes note that at `at` the video is looked at, or not. `viewers` are those who can see it, each
    /// with the bits per second that are all that its network carries, if tiles found that.
    ///
    /// Gives the bits per second for a picture of `size`, if anything is known of the network.
    pub(super) fn look(
        &mut self,
        at: Duration,
        shown: bool,
        viewers: &[(PeerId, Option<u32>)],
        size: Option<Size>,
    ) -> Option<u32> {
        if shown {
            if self.shown.is_none_or(|last| at >= last + STALE) {
                let measured = viewers.iter().filter_map(|(_, measured)| *measured).min();
                self.begun = measured.map(|bits| (at, bits));
            }
            self.shown = Some(at);
        }
        let believed = viewers.iter().filter_map(|(id, _)| self.believed.get(id)).min();
        let bits = [believed.copied(), self.cautious(at)].into_iter().flatten().min()?;
        let pixels = size.map_or(0, |size| Rect::whole(size).area());
        let part = if bits < SLOW { PART.1 } else { PART.0 };
        Some((u64::from(bits) * part / 100).min((pixels * MOST.0).max(MOST.1)) as u32)
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
    const ANN: PeerId = PeerId(1);
    const HD: Option<Size> = Some(Size { width: 1280, height: 720 });
    const UHD: Option<Size> = Some(Size { width: 3840, height: 2160 });

    fn share(believed: u32) -> Share {
        Share { believed: BTreeMap::from([(ANN, believed)]), ..Share::default() }
    }

    #[test]
    fn tiles_keep_their_part_of_the_network() {
        let of = |believed, size| share(believed).look(SECOND, true, &[(ANN, None)], size);
        assert_eq!(of(FAST, HD), Some(6_800_000));
        assert_eq!(of(300_000, HD), Some(150_000));
        assert_eq!(of(u32::MAX, None), Some(12_000_000), "more serves nobody");
        assert_eq!(of(u32::MAX, UHD), Some(49_766_400));
    }

    #[test]
    fn the_slowest_of_those_who_see_it_counts() {
        let (bob, carl) = (PeerId(2), PeerId(3));
        let believed = BTreeMap::from([(ANN, FAST), (bob, 2_000_000), (carl, 9000)]);
        let mut share = Share { believed, ..Share::default() };
        let mut of = |viewers: &[_]| share.look(SECOND, true, viewers, None);
        assert_eq!(of(&[]), None, "nobody does");
        assert_eq!(of(&[(PeerId(4), None)]), None, "nothing is known");
        assert_eq!(of(&[(ANN, None), (bob, None)]), Some(1_700_000));
    }

    /// B-14: a film on a path that became slow while only tiles were sent.
    #[test]
    fn after_a_rest_the_video_begins_with_what_tiles_measured() {
        let mut share = share(FAST);
        assert_eq!(share.look(Duration::ZERO, true, &[(ANN, None)], None), Some(6_800_000));
        let slow = [(ANN, Some(300_000))];
        share.look(SECOND, false, &slow, None);
        assert_eq!(share.look(SECOND * 9, true, &slow, None), Some(150_000), "its first frame");
        share.believe(&BTreeMap::from([(ANN, 200_000)]));
        assert_eq!(share.look(SECOND * 9, true, &slow, None), Some(100_000), "less is less");
        share.believe(&BTreeMap::from([(ANN, FAST)]));
        assert_eq!(share.look(SECOND * 10, true, &slow, None), Some(300_000));
        let much_later =
            (11..60).filter_map(|at| share.look(SECOND * at, true, &slow, None)).last();
        assert_eq!(much_later, Some(6_800_000), "it was not slow after all");
    }

    #[test]
    fn a_video_that_goes_on_is_not_slowed_down_by_its_own_tiles() {
        let mut share = share(FAST);
        for half in 0..40 {
            let at = SECOND * half / 2;
            let bits = share.look(at, half % 2 == 0, &[(ANN, Some(100_000))], None);
            assert_eq!(bits < Some(1_000_000), half < 8, "{at:?}");
        }
    }
}
