//! How often packets are sent again (RFC 4585, section 6.2.1).
//!
//! A browser asks anew for what is missing at every round trip, for all of it, and the library
//! answers each time. Where a large frame was lost on a slow path, the answers alone would fill
//! the path for seconds, so only a few wait to leave at any time, none twice at once, and none that is
//! so old that a key frame would serve better; of a video that nobody looks at, nothing would.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc::interceptor::{Attribute, Packet, TaggedPacket};

use super::departures::Departures;
use super::passing::Inspect;

/// No packet is sent again twice within this time: what was just sent is still on its way.
const PAUSE: Duration = Duration::from_millis(100);
/// After this long a packet is not sent again: on a path of 150 ms with a full queue it was by then
/// asked for twice (libwebrtc gives up after a second, or three round trips).
const WORTH: Duration = Duration::from_secs(2);
/// How exactly it is known when a packet was sent.
const GLANCE: Duration = Duration::from_millis(100);

/// Lets requests for what is missing be answered as far as that helps.
pub(super) struct LimitResends {
    departures: Arc<Departures>,
    recent: Recent,
    ages: Ages,
}

impl LimitResends {
    pub(super) fn new(departures: Arc<Departures>) -> Self {
        Self { departures, recent: Recent::default(), ages: Ages::default() }
    }
}

impl Inspect for LimitResends {
    fn outbound(&mut self, packet: &TaggedPacket) -> bool {
        let again = packet.message.get(&Attribute::Retransmission).is_some();
        let Packet::Rtp(rtp) = &packet.message.packet else { return true };
        let number = rtp.header.sequence_number;
        if !again {
            self.ages.add(number, packet.now);
            return true;
        }
        let helps = !self.ages.is_old(number, packet.now)
            && !self.recent.has(number, packet.now)
            && self.departures.write_again();
        if helps {
            self.recent.add(number, packet.now);
        }
        helps
    }
}

/// Numbers of the packets that were sent again within the last [`PAUSE`].
#[derive(Debug, Default)]
struct Recent(VecDeque<(Instant, u16)>);

impl Recent {
    fn has(&mut self, number: u16, now: Instant) -> bool {
        while self.0.front().is_some_and(|(at, _)| now >= *at + PAUSE) {
            self.0.pop_front();
        }
        self.0.iter().any(|(_, it)| *it == number)
    }

    fn add(&mut self, number: u16, now: Instant) {
        self.0.push_back((now, number));
    }
}

/// The last packet of each [`GLANCE`] and when that began; the oldest that is kept is [`WORTH`] ago.
#[derive(Debug, Default)]
struct Ages(VecDeque<(Instant, u16)>);

impl Ages {
    fn add(&mut self, number: u16, now: Instant) {
        match self.0.back_mut() {
            Some((at, last)) if now < *at + GLANCE => *last = number,
            _ => self.0.push_back((now, number)),
        }
        while self.0.get(1).is_some_and(|(at, _)| now >= *at + WORTH) {
            self.0.pop_front();
        }
    }

    /// Whether a packet was sent longer than [`WORTH`] ago.
    fn is_old(&self, number: u16, now: Instant) -> bool {
        let old = self.0.iter().take_while(|(at, _)| now >= *at + WORTH).last();
        // Numbers wrap; half of them lie before any (RFC 1982).
        old.is_some_and(|(_, old)| old.wrapping_sub(number) < 1 << 15)
    }
}

#[cfg(test)]
mod tests {
    use rtc::interceptor::AttributedPacket;
    use rtc::sansio::Protocol as _;
    use rtc::shared::TransportContext;

    use super::super::now;
    use super::super::passing::Passing;
    use super::*;

    fn packet(number: u16, at: Instant, again: bool) -> TaggedPacket {
        let mut rtp = rtc::rtp::Packet::default();
        rtp.header.sequence_number = number;
        let mut message = AttributedPacket::new(Packet::Rtp(rtp));
        if again {
            message.add(Attribute::Retransmission);
        }
        TaggedPacket { now: at, transport: TransportContext::default(), message }
    }

    /// B-14: a slow path is left to what is new.
    #[test]
    fn what_is_asked_for_again_and_again_is_sent_now_and_then() {
        let departures = Arc::new(Departures::default());
        let mut limit = Passing::new(LimitResends::new(Arc::clone(&departures)));
        let begin = now();
        let mut passed = 0;
        for round in 0..10 {
            for number in 0..300 {
                let at = begin + PAUSE / 2 * round;
                limit.handle_write(packet(number, at, true)).unwrap();
            }
            while limit.poll_write().is_some() {
                passed += 1;
            }
        }
        assert!((1..=32).contains(&passed), "nothing has left yet: {passed}");
        departures.reset();
        limit.handle_write(packet(0, begin + PAUSE * 20, true)).unwrap();
        assert!(limit.poll_write().is_some());
        limit.handle_write(packet(0, begin + PAUSE * 20, true)).unwrap();
        assert!(limit.poll_write().is_none(), "it is on its way");
    }

    /// B-14: what a slow path lost long ago does not keep new tiles from it.
    #[test]
    fn what_is_old_is_not_sent_again() {
        let (mut ages, begin) = (Ages::default(), now());
        let at = |ms: u64| begin + Duration::from_millis(ms);
        assert!(!ages.is_old(7, at(9_000)), "nothing is known");
        for sent in 0..100_u16 {
            ages.add(65_500_u16.wrapping_add(sent), at(u64::from(sent) * 20));
        }
        assert!(!ages.is_old(65_500, at(1_999)));
        assert!(ages.is_old(65_500, at(2_001)));
        assert!(!ages.is_old(3, at(2_001)), "sent after 0.8 s, past the wrap");
        assert!(ages.is_old(3, at(2_801)));
        assert!(ages.is_old(63, at(9_000)), "though nothing was sent since");
        ages.add(200, at(60_000));
        ages.add(201, at(63_000));
        assert_eq!(ages.0.len(), 2, "what is kept is bounded");
    }

    #[test]
    fn what_is_new_always_passes() {
        let mut limit = Passing::new(LimitResends::new(Arc::default()));
        let at = now();
        for number in 0..1_000 {
            limit.handle_write(packet(number, at, false)).unwrap();
            assert!(limit.poll_write().is_some());
        }
    }
}
