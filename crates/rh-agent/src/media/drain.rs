//! How fast a helper's tiles arrive. Pure: time is an argument.
//!
//! Congestion control knows what the network carries from the video's packets. Where none are sent,
//! what has arrived of a backlog tells.

use std::time::Duration;

/// Time's worth of tiles that may be on their way: more is delay.
const AHEAD: f64 = 0.1;
/// Bytes that may be on their way at least, and at most.
const LEAST: f64 = 8_192.0;
const MOST: f64 = 131_072.0;
/// Bytes on their way from which on the network is what holds them up.
const FLOOD: usize = 4 * 1024;
/// How exactly time is known.
const GLANCE: Duration = Duration::from_millis(5);
/// How long is measured at least: shorter measures tell of bursts.
const SPAN: Duration = Duration::from_millis(60);
/// Part that a new measure has in the estimate.
const SHARE: f64 = 0.3;

/// Measures one helper's channel.
#[derive(Debug, Default)]
pub(super) struct Drain {
    /// Bytes per second.
    rate: Option<f64>,
    span: Option<Span>,
    /// Bytes sent in all, and those that had arrived at the last look.
    sent: usize,
    arrived: usize,
}

/// A time throughout which the channel was full.
#[derive(Clone, Copy, Debug)]
struct Span {
    begin: Duration,
    /// Bytes that had arrived by then.
    arrived: usize,
}

impl Drain {
    /// Takes note that at `at`, just looked at, so many bytes were put into the channel.
    pub(super) fn sent(&mut self, at: Duration, bytes: usize) {
        let arrived = self.arrived;
        self.sent += bytes;
        if self.span.is_none() && self.sent - arrived >= FLOOD {
            self.span = Some(Span { begin: at, arrived });
        }
    }

    /// Takes note that at `at`, `backlog` bytes have not arrived.
    pub(super) fn look(&mut self, at: Duration, backlog: usize) {
        let arrived = self.sent.saturating_sub(backlog);
        self.arrived = arrived;
        let fresh = (backlog >= FLOOD).then_some(Span { begin: at, arrived });
        let Some(span) = self.span else {
            self.span = fresh;
            return;
        };
        let time = at.saturating_sub(span.begin);
        let rate = arrived.saturating_sub(span.arrived) as f64 / time.max(GLANCE).as_secs_f64();
        if backlog < FLOOD {
            // It waited for us, or for an acknowledgement that may come 0.2 s late (RFC 9260,
            // section 6.2), and carries that much at least.
            self.rate = Some(self.rate.map_or(rate, |it| it.max(rate)));
            self.span = None;
        } else if time >= SPAN {
            self.rate = Some(self.rate.map_or(rate, |old| old + (rate - old) * SHARE));
            self.span = fresh;
        }
    }

    /// Bytes that may be put into the channel now: few until it is known how fast they arrive.
    pub(super) fn room(&self, backlog: usize) -> usize {
        let most = self.rate.map_or(LEAST, |rate| (rate * AHEAD).clamp(LEAST, MOST));
        (most as usize).saturating_sub(backlog)
    }

    /// Bits per second that the network carries: what was measured here, with some room to grow up
    /// to what congestion control `believes`, which knows of no more than it has tried.
    pub(super) fn capacity(&self, believes: Option<u32>) -> Option<u32> {
        let Some(rate) = self.rate else { return believes };
        let most = (rate * 8.0 * 1.5) as u32;
        Some(believes.map_or(most, |it| most.min(it)).max((rate * 8.0) as u32))
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

    #[test]
    fn what_has_arrived_counts_more_than_a_belief() {
        let (drain, _) = flood(100_000);
        let within = |believes, bits: std::ops::Range<u32>| {
            let it = drain.capacity(believes).expect("measured");
            assert!(bits.contains(&it), "{it}");
        };
        within(Some(50_000), 600_000..1_000_000);
        within(Some(1_000_000), 900_000..1_000_001);
        within(Some(u32::MAX), 900_000..1_500_000);
        within(None, 900_000..1_500_000);
    }
}
