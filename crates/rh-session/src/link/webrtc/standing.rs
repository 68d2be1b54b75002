//! Notices a queue that stands on the path. Pure: times come with the reports.
//!
//! Google congestion control looks at how delay grows, and its threshold follows what it sees
//! (draft-ietf-rmcat-gcc, section 5.4): a queue that fills over seconds goes unseen until it is full,
//! and what is lost then are keys and tiles as well. So delay is looked at as such too: what even the
//! fastest packets of half a second have to wait beyond the shortest way (as in LEDBAT, RFC 6817).

use std::time::{Duration, Instant};

use rtc::interceptor::PacketReport;

/// Seconds that a packet may wait: as long as tiles may fill the queue.
const MOST: f64 = 0.12;
/// How long is looked before anything is said, and how many packets have to have arrived.
const WINDOW: Duration = Duration::from_millis(500);
const ARRIVED: usize = 5;
/// Part of what the path seems to carry that is sent from then on, so that the queue empties
/// (draft-ietf-rmcat-gcc, section 5.5).
const SHARE: f64 = 0.85;
/// The shortest way is that of so long at least, and of twice as long at most: clocks drift.
const MEMORY: Duration = Duration::from_secs(30);
/// After so many times that sending less did not shorten the queue, the way itself is longer.
const IN_VAIN: u32 = 4;

/// Looks at the latest reports.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// Departures and arrivals are counted from here.
    epoch: Option<Instant>,
    /// The shortest ways of this time and of the one before, in seconds of two clocks, and when this
    /// time began.
    shortest: Option<(f64, f64, Instant)>,
    window: Option<Window>,
    /// What stood at the last change, and how often less was of no use.
    stood: f64,
    in_vain: u32,
}

/// Packets of half a second.
#[derive(Clone, Copy, Debug)]
struct Window {
    begun: Instant,
    shortest: f64,
    arrived: usize,
    bytes: usize,
}

impl Standing {
    /// Takes note of `reports`; says if a queue stands: the bits per second that arrived meanwhile.
    pub(super) fn look<'a>(
        &mut self,
        reports: impl IntoIterator<Item = &'a PacketReport>,
    ) -> Option<f64> {
        let mut found = None;
        for report in reports {
            let Some(arrival) = report.arrival.filter(|_| report.arrived) else { continue };
            let epoch = *self.epoch.get_or_insert(report.departure);
            let departed = report.departure.saturating_duration_since(epoch);
            let way = arrival.as_secs_f64() - departed.as_secs_f64();
            self.remember(way, report.departure);
            found = self.count(way, report).or(found);
        }
        found
    }

    /// What departs from now on departs in another way, so what is known of the queue is of no use.
    pub(super) fn start_over(&mut self) {
        self.window = None;
    }

    fn remember(&mut self, way: f64, at: Instant) {
        self.shortest = Some(match self.shortest {
            Some((now, _, since)) if at >= since + MEMORY => (way, now, at),
            Some((now, before, since)) => (now.min(way), before, since),
            None => (way, f64::INFINITY, at),
        });
    }

    fn count(&mut self, way: f64, report: &PacketReport) -> Option<f64> {
        let at = report.departure;
        let Some(window) = self.window.as_mut().filter(|window| at < window.begun + WINDOW * 3)
        else {
            self.window = Some(Window { begun: at, shortest: way, arrived: 1, bytes: 0 });
            return None;
        };
        window.shortest = window.shortest.min(way);
        window.arrived += 1;
        window.bytes += report.size;
        if at < window.begun + WINDOW || window.arrived < ARRIVED {
            return None;
        }
        let window = self.window.take()?;
        let seconds = at.saturating_duration_since(window.begun).as_secs_f64();
        self.judge(window.shortest).then(|| window.bytes as f64 * 8.0 / seconds)
    }

    /// Whether to send less where no packet came faster than by `way`.
    fn judge(&mut self, way: f64) -> bool {
        let Some((now, before, since)) = self.shortest else { return false };
        let stands = way - now.min(before);
        if stands <= MOST {
            (self.stood, self.in_vain) = (0.0, 0);
            return false;
        }
        self.in_vain = if self.stood > 0.0 && stands >= self.stood { self.in_vain + 1 } else { 0 };
        self.stood = stands;
        if self.in_vain < IN_VAIN {
            return true;
        }
        self.shortest = Some((way, f64::INFINITY, since));
        (self.stood, self.in_vain) = (0.0, 0);
        false
    }
}

/// Bits per second to send where a queue stands: `believed` was too much, and so was twice what
/// `arrived` of the video, which may take half of a slow path.
pub(super) fn less(believed: f64, arrived: f64) -> f64 {
    believed.min(2.0 * arrived) * SHARE
}

#[cfg(test)]
mod tests {
    use super::super::now;
    use super::*;

    const PACKET: usize = 1200;

    /// One packet every 40 ms from `from` on for `seconds`, whose ways take `way(second)` ms.
    fn reports(
        begin: Instant,
        from: f64,
        seconds: f64,
        way: impl Fn(f64) -> f64,
    ) -> Vec<PacketReport> {
        let packet = |number: u32| {
            let at = from + f64::from(number) * 0.04;
            PacketReport {
                ssrc: 1,
                id: u64::from(number),
                rtp_sequence_number: number as u16,
                is_twcc: true,
                twcc_sequence_number: number as u16,
                size: PACKET,
                arrived: true,
                departure: begin + Duration::from_secs_f64(at),
                arrival: Some(Duration::from_secs_f64(1000.0 + at + way(at) / 1000.0)),
                ecn: Default::default(),
            }
        };
        (0..(seconds / 0.04) as u32).map(packet).collect()
    }

    /// B-14: a queue that grows by 25 ms each second, as was seen at 300 kbit/s.
    #[test]
    fn a_queue_that_fills_slowly_is_noticed_before_it_is_full() {
        let mut standing = Standing::default();
        let begin = now();
        let growing = reports(begin, 0.0, 12.0, |at| 75.0 + at * 25.0);
        let found = growing.chunks(3).enumerate().find_map(|(at, chunk)| {
            standing.look(chunk).map(|arrived| (at as f64 * 0.12, arrived))
        });
        let (at, arrived) = found.expect("it stands");
        assert!((4.8..6.5).contains(&at), "{at}");
        assert!((arrived / (PACKET as f64 * 8.0 / 0.04) - 1.0).abs() < 0.1, "{arrived}");
    }

    #[test]
    fn frames_that_wait_for_one_another_are_no_queue_that_stands() {
        let mut standing = Standing::default();
        let bursts = |at: f64| 75.0 + (at % 0.4) * 1000.0;
        assert_eq!(standing.look(&reports(now(), 0.0, 30.0, bursts)), None);
    }

    #[test]
    fn a_clock_that_drifts_is_no_queue() {
        let mut standing = Standing::default();
        // 100 ppm for an hour: 360 ms.
        assert_eq!(standing.look(&reports(now(), 0.0, 3600.0, |at| 75.0 + at * 0.1)), None);
    }

    /// Another path: nothing that is sent less makes it shorter.
    #[test]
    fn a_longer_way_is_believed_after_a_few_tries() {
        let mut standing = Standing::default();
        let begin = now();
        assert_eq!(standing.look(&reports(begin, 0.0, 5.0, |_| 20.0)), None);
        let long = reports(begin, 5.0, 20.0, |_| 320.0);
        let found = long.chunks(3).filter(|chunk| standing.look(*chunk).is_some()).count();
        assert_eq!(found, IN_VAIN as usize);
    }

    #[test]
    fn what_was_lost_or_is_too_little_says_nothing() {
        let mut standing = Standing::default();
        let begin = now();
        let mut lost = reports(begin, 0.0, 10.0, |at| 75.0 + at * 50.0);
        lost.iter_mut().for_each(|report| (report.arrived, report.arrival) = (false, None));
        assert_eq!(standing.look(&lost), None);
        let few = reports(begin, 0.0, 60.0, |at| 75.0 + at * 50.0);
        assert_eq!(standing.look(few.iter().step_by(40)), None);
    }

    #[test]
    fn what_is_sent_then_is_less_than_was_believed() {
        assert_eq!(less(300_000.0, 200_000.0), 300_000.0 * SHARE);
        assert_eq!(less(8_000_000.0, 200_000.0), 400_000.0 * SHARE);
    }
}
