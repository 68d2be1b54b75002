//! How fast a helper's tiles arrive. Pure: time is an argument.
//!
//! Congestion control knows what the network carries from the video's packets. Where none are sent,
//! what has arrived of a backlog tells: of each parcel, how much arrived between its leaving and its
//! own arrival (as in draft-ietf-ccwg-bbr, section 4.5.2). That takes a round trip at least, so that
//! neither acknowledgements in a bunch nor the end of a wait for what was lost look like speed.
//!
//! What was there at the next look shows that the network carries at least so much, and nothing more:
//! it may have waited for that look. Only what was still on its way at a look was held up by the
//! network (in the terms of that draft, everything else is limited by the application).

use std::collections::VecDeque;
use std::time::Duration;

/// Time's worth of tiles that may be on their way beyond a round trip: more is delay.
const AHEAD: f64 = 0.1;
/// Bytes that may be on their way at least: what rests leaves half of it to what changes next, and the
/// other half has to be enough to measure. And at most: as much as the link can send once more by itself,
/// should a path become narrow and lose all of it.
const LEAST: f64 = 8_192.0;
const MOST: f64 = 60_000.0;
/// Bytes on their way from which on the network is what holds them up.
const FLOOD: usize = 4 * 1024;
/// Bytes whose acknowledgement may be late though they have arrived: it is sent for every second
/// packet at least (RFC 9260, section 6.2).
const UNSAID: usize = 2_400;
/// How exactly time is known.
const GLANCE: Duration = Duration::from_millis(5);
/// Part that a new measure has in the estimate, if it is more.
const SHARE: f64 = 0.3;
/// By how much more than was measured is taken to be possible, at least and at most; and where nothing
/// was held up: how much is possible is found by trying.
const GROWTH: [f64; 3] = [1.25, 1.5, 2.0];
/// By how much the shortest round trip is doubted with each new one: the way may have changed.
const DOUBT: u32 = 64;

/// Measures one helper's channel.
#[derive(Debug, Default)]
pub(super) struct Drain {
    /// Bytes per second.
    rate: Option<f64>,
    /// Whether what was sent last was held up by the network, so that it carries little more.
    held_up: bool,
    /// The shortest time in which a parcel arrived that had nothing before it.
    trip: Option<Duration>,
    on_their_way: VecDeque<Sent>,
    looked: Duration,
    /// Bytes sent in all, and those that had arrived at the last look.
    sent: usize,
    arrived: usize,
}

/// A parcel on its way.
#[derive(Clone, Copy, Debug)]
struct Sent {
    at: Duration,
    /// Bytes sent in all, with it.
    end: usize,
    /// Bytes that had arrived when it was sent.
    arrived: usize,
    /// The last look at which it had certainly not arrived.
    missed: Option<Duration>,
}

impl Sent {
    /// Bytes per second by which it arrived if it is there at `at`, together with all `there`: at
    /// least; and at most, if that is known.
    fn rates(&self, at: Duration, there: usize) -> (f64, Option<f64>) {
        let rate = |until: Duration| {
            let took = until.saturating_sub(self.at).max(GLANCE);
            (there - self.arrived) as f64 / took.as_secs_f64()
        };
        (rate(at), self.missed.map(rate))
    }
}

impl Drain {
    /// Takes note that at `at`, just looked at, so many bytes were put into the channel.
    pub(super) fn sent(&mut self, at: Duration, bytes: usize) {
        if bytes > 0 {
            self.sent += bytes;
            let (end, arrived) = (self.sent, self.arrived);
            self.on_their_way.push_back(Sent { at, end, arrived, missed: None });
        }
    }

    /// Takes note that at `at`, `backlog` bytes have not arrived.
    pub(super) fn look(&mut self, at: Duration, backlog: usize) {
        self.arrived = self.sent.saturating_sub(backlog);
        self.looked = at;
        while let Some(parcel) = self.on_their_way.pop_front_if(|it| it.end <= self.arrived) {
            let (least, most) = parcel.rates(at, self.arrived);
            if parcel.end - parcel.arrived < FLOOD {
                // It waited for us, or for an acknowledgement that may come 0.2 s late (RFC 9260,
                // section 6.2), and carries that much at least.
                self.rate = self.rate.map(|old| old.max(least));
                let took = at.saturating_sub(parcel.at).max(GLANCE);
                self.trip = Some(self.trip.map_or(took, |trip| took.min(trip + trip / DOUBT)));
                continue;
            }
            self.held_up = most.is_some();
            self.rate = Some(self.rate.map_or(least, |old| follow(old, least, most)));
        }
        let missing = |it: &&mut Sent| it.end >= self.arrived + UNSAID;
        self.on_their_way.iter_mut().filter(missing).for_each(|it| it.missed = Some(at));
    }

    /// When to look at the latest: a fast network shows what it carries only to who looks soon.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let trip = self.trip.map_or(GLANCE, |trip| trip.max(GLANCE));
        let due = |it: &Sent| (it.end - it.arrived >= FLOOD).then_some(it.at + trip);
        self.on_their_way.iter().filter_map(due).find(|due| *due > self.looked)
    }

    /// Bytes that may be put into the channel now: few until it is known how fast they arrive.
    pub(super) fn room(&self, backlog: usize) -> usize {
        let ahead = AHEAD + self.trip.unwrap_or_default().as_secs_f64();
        let most = self.rate.map_or(LEAST, |rate| (rate * ahead).clamp(LEAST, MOST));
        (most as usize).saturating_sub(backlog)
    }

    /// Bits per second that the network carries: what was measured here, with room to grow. Where the
    /// network held nothing up, up to what congestion control `believes`; and with some even beyond:
    /// it knows of no more than it has tried.
    pub(super) fn capacity(&self, believes: Option<u32>) -> Option<u32> {
        let Some(rate) = self.rate else { return believes };
        let [least, most, free] = GROWTH.map(|growth| (rate * 8.0 * growth) as u32);
        Some(match believes {
            Some(it) if self.held_up => it.clamp(least, most),
            Some(it) => it.max(free),
            None => most,
        })
    }

    /// Bits per second that are all that the network carries, with room to grow; if it held anything up.
    pub(super) fn limit(&self) -> Option<u32> {
        self.capacity(None).filter(|_| self.held_up)
    }
}

/// What to believe after a measure of `least` to `most`. Down in fewer steps than up: networks differ
/// by powers of ten, and too much on its way holds up everything.
fn follow(old: f64, least: f64, most: Option<f64>) -> f64 {
    match most {
        Some(most) if most < old => (old * most.max(1.0)).sqrt(),
        _ => old + (least - old).max(0.0) * SHARE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// Puts in whatever there is room for, into a channel that carries `rate` bytes per second.
    fn flood(rate: usize) -> (Drain, usize) {
        let (mut drain, mut backlog, mut longest) = (Drain::default(), 0_usize, 0);
        for now in (0..10_000).step_by(10) {
            backlog = backlog.saturating_sub(rate / 100);
            drain.look(ms(now), backlog);
            let room = drain.room(backlog);
            drain.sent(ms(now), room);
            backlog += room;
            if now > 5_000 {
                longest = longest.max(backlog);
            }
        }
        (drain, longest)
    }

    /// B-14: where the way is long, as much is on its way as it takes to use what it carries, and
    /// losses that hold up all that follows do not look like speed when they are mended.
    #[test]
    fn a_long_way_is_filled_and_a_burst_of_acknowledgements_is_no_speed() {
        let (rate, trip) = (200_000, 200);
        let mut drain = Drain::default();
        drain.sent(ms(0), 500);
        drain.look(ms(trip), 0);
        let (mut sent, mut left, mut arrived) = (0, 0, 0);
        let mut on_the_way: VecDeque<usize> = (0..trip / 10).map(|_| 0).collect();
        for now in (trip..20_000).step_by(10) {
            left = sent.min(left + rate / 100);
            on_the_way.push_back(left);
            let there = on_the_way.pop_front().expect("never empty");
            // Later, what is lost holds up the rest for the half of each two seconds.
            if now < 10_000 || now % 2_000 > 1_000 {
                arrived = there;
            }
            drain.look(ms(now), sent - arrived);
            let room = drain.room(sent - arrived);
            sent += room;
            drain.sent(ms(now), room);
            if now == 9_990 {
                let bits = drain.capacity(None).expect("measured") as usize;
                assert!(bits > rate * 7, "{bits} of what is carried");
            }
        }
        let bits = drain.capacity(None).expect("measured") as usize;
        assert!(bits < rate * 16, "{bits}");
    }

    /// B-14: what is on its way is a tenth of a second's worth, or a few packets.
    #[test]
    fn a_slow_network_is_measured_and_not_filled() {
        for rate in [30_000, 250_000, 2_000_000] {
            let (drain, longest) = flood(rate);
            let bits = drain.capacity(None).expect("measured") as usize;
            assert!((rate * 6..rate * 16).contains(&bits), "{rate}: {bits}");
            assert!(longest <= (rate / 8).max(LEAST as usize), "{rate}: {longest}");
        }
    }

    #[test]
    fn a_channel_that_is_mostly_empty_is_not_taken_for_a_slow_one() {
        let mut drain = Drain::default();
        for now in (0..5_000).step_by(100) {
            drain.sent(ms(now), 300);
            drain.look(ms(now), 300);
            drain.look(ms(now + 5), 0);
        }
        assert_eq!(drain.capacity(None), None);
        assert_eq!(drain.capacity(Some(7)), Some(7));
    }

    /// A letter now and then, each acknowledged late.
    #[test]
    fn a_late_acknowledgement_is_not_taken_for_a_slow_network() {
        let mut drain = Drain::default();
        for now in (0..5_000).step_by(300) {
            drain.sent(ms(now), 300);
            (now..now + 200).step_by(10).for_each(|now| drain.look(ms(now), 300));
            drain.look(ms(now + 200), 0);
        }
        assert_eq!(drain.capacity(None), None);
    }

    /// B-14: a window is dragged, and what it uncovers is painted beside the film.
    #[test]
    fn who_sends_less_than_is_carried_does_not_take_it_for_slow() {
        const BELIEVES: u32 = 8_000_000;
        let mut drain = Drain::default();
        for now in (0..10_000).step_by(18) {
            drain.look(ms(now), 0);
            let half = drain.capacity(Some(BELIEVES)).unwrap_or(BELIEVES) as usize / 16;
            drain.sent(ms(now), drain.room(0).min(half * 18 / 1000));
        }
        assert_eq!(drain.capacity(Some(BELIEVES)), Some(BELIEVES));
        assert_eq!(drain.limit(), None);
    }

    #[test]
    fn a_network_that_was_slow_and_is_not_any_more_is_noticed() {
        let (mut drain, _) = flood(30_000);
        for now in (10_000..11_000).step_by(10) {
            drain.look(ms(now), 0);
            let room = drain.room(0);
            drain.sent(ms(now), room);
            drain.look(ms(now), room);
        }
        let bits = drain.capacity(None).expect("measured");
        assert!(bits > 10_000_000, "{bits}");
    }

    /// Tiles are sent as fast as is known to be possible, on a network that has each there in a moment.
    #[test]
    fn a_fast_network_is_found_fast_by_who_looks_soon() {
        const BELIEVES: u32 = 13_000_000;
        let (mut drain, mut now, mut next, mut bytes) = (Drain::default(), ms(0), ms(0), 0);
        while bytes < 4_000_000 {
            drain.look(now, 0);
            if now >= next {
                let part = drain.room(0);
                drain.sent(now, part);
                bytes += part;
                let rate = f64::from(drain.capacity(Some(BELIEVES)).unwrap_or(BELIEVES)) / 8.0;
                next = now + Duration::from_secs_f64(part as f64 / rate);
            }
            now = drain.deadline().map_or(next, |at| at.min(next)).max(now + ms(1));
        }
        assert!(now < ms(600), "{now:?}");
    }

    #[test]
    fn what_has_arrived_counts_more_than_a_belief() {
        let (drain, _) = flood(100_000);
        let within = |believes, bits: std::ops::Range<u32>| {
            let it = drain.capacity(believes).expect("measured");
            assert!(bits.contains(&it), "{it}");
        };
        within(Some(50_000), 900_000..1_100_000);
        within(Some(1_000_000), 900_000..1_100_000);
        within(Some(u32::MAX), 900_000..1_500_000);
        within(None, 900_000..1_500_000);
    }
}
