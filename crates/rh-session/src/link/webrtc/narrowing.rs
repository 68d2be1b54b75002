//! Notices that a path carries far less than is sent. Pure: times come with the reports.
//!
//! Google congestion control backs off from what arrives when delay grows (draft-ietf-rmcat-gcc,
//! section 5.5). A short queue is full before growth is noticed; what is left are losses, from
//! which it backs off by half at most in each step, and meanwhile everything else is lost too. But
//! how fast packets arrive while most are lost is just what the path carries.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rtc::interceptor::PacketReport;

/// How far back is looked.
const WINDOW: Duration = Duration::from_millis(400);
/// Packets that have to have arrived for a rate, and the least time between the first and the last.
const ARRIVED: usize = 6;
const SPAN: Duration = Duration::from_millis(40);
/// Part of what arrives that is sent from then on, so that the queue empties (draft-ietf-rmcat-gcc,
/// section 5.5).
const SHARE: f64 = 0.85;

/// Looks at the latest reports.
#[derive(Debug, Default)]
pub(super) struct Narrowing {
    packets: VecDeque<Sent>,
    /// What departed before is of the time before the last change.
    since: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    departure: Instant,
    bytes: usize,
    arrival: Option<Duration>,
}

impl Narrowing {
    /// Whether a report tells of the path as it is used now.
    pub(super) fn counts(&self, report: &PacketReport) -> bool {
        self.since.is_none_or(|since| report.departure >= since)
    }

    /// Bits per second to send from `now` on, if of what was reported lately most was lost.
    pub(super) fn look(&mut self, now: Instant, reports: &[PacketReport]) -> Option<f64> {
        let sent = reports.iter().filter(|it| self.counts(it)).map(|it| Sent {
            departure: it.departure,
            bytes: it.size,
            arrival: it.arrival.filter(|_| it.arrived),
        });
        let sent: Vec<Sent> = sent.collect();
        self.packets.extend(sent);
        let last = self.packets.back()?.departure;
        while self.packets.front().is_some_and(|first| first.departure + WINDOW < last) {
            self.packets.pop_front();
        }
        let rate = rate(&self.packets)?;
        self.start_over(now);
        Some(rate * SHARE)
    }

    /// What departed before `now` departed in another way.
    pub(super) fn start_over(&mut self, now: Instant) {
        (self.packets, self.since) = (VecDeque::new(), Some(now));
    }
}

/// Bits per second that arrived, if most was lost and enough arrived to tell.
fn rate(packets: &VecDeque<Sent>) -> Option<f64> {
    let arrived: Vec<(Duration, usize)> =
        packets.iter().filter_map(|it| Some((it.arrival?, it.bytes))).collect();
    if arrived.len() < ARRIVED || arrived.len() * 2 > packets.len() {
        return None;
    }
    let first = arrived.iter().map(|(at, _)| *at).min()?;
    let last = arrived.iter().map(|(at, _)| *at).max()?;
    let span = last.saturating_sub(first);
    // The first one's own bytes took their time before it arrived.
    let bytes: usize = arrived.iter().skip(1).map(|(_, bytes)| bytes).sum();
    (span >= SPAN).then(|| bytes as f64 * 8.0 / span.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::super::now;
    use super::*;

    /// Packets of 1200 bytes, one each millisecond, of which every `nth` arrives.
    fn reports(begin: Instant, count: u32, nth: u32) -> Vec<PacketReport> {
        let report = |number: u32| {
            let at = Duration::from_millis(u64::from(number));
            let arrived = number.is_multiple_of(nth);
            PacketReport {
                ssrc: 1,
                id: u64::from(number),
                rtp_sequence_number: number as u16,
                is_twcc: true,
                twcc_sequence_number: number as u16,
                size: 1200,
                arrived,
                departure: begin + at,
                arrival: arrived.then_some(at),
                ecn: Default::default(),
            }
        };
        (0..count).map(report).collect()
    }

    /// B-14: what arrives of a flood is what the path carries.
    #[test]
    fn a_path_that_loses_most_carries_what_arrives() {
        let (mut narrowing, begin) = (Narrowing::default(), now());
        let rate = narrowing.look(begin, &reports(begin, 300, 32)).expect("most is lost");
        let carried = 1200.0 * 8.0 * 1000.0 / 32.0;
        assert!((rate / (carried * SHARE) - 1.0).abs() < 0.05, "{rate} of {carried}");
    }

    #[test]
    fn a_lossy_path_is_not_a_narrow_one() {
        let (mut narrowing, begin) = (Narrowing::default(), now());
        let mut third = reports(begin, 300, 3);
        third.iter_mut().for_each(|it| it.arrived = !it.arrived);
        third.iter_mut().for_each(|it| it.arrival = Some(it.departure - begin));
        assert_eq!(narrowing.look(begin, &third), None);
        assert_eq!(Narrowing::default().look(begin, &reports(begin, 3000, 1)), None);
    }

    #[test]
    fn an_outage_says_nothing_of_what_a_path_carries() {
        let (mut narrowing, begin) = (Narrowing::default(), now());
        assert_eq!(narrowing.look(begin, &reports(begin, 5000, 10_000)), None);
        let after = begin + Duration::from_secs(5);
        assert_eq!(narrowing.look(after, &reports(after, 300, 1)), None);
    }

    #[test]
    fn what_was_sent_before_a_change_is_no_reason_for_the_next() {
        let (mut narrowing, begin) = (Narrowing::default(), now());
        let flood = reports(begin, 600, 32);
        let (first, rest) = flood.split_at(300);
        assert!(narrowing.look(begin + Duration::from_millis(450), first).is_some());
        assert!(rest.iter().filter(|it| narrowing.counts(it)).count() == 150);
        assert_eq!(narrowing.look(begin + Duration::from_millis(700), &rest[..150]), None);
    }
}
