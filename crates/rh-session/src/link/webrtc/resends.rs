//! How often packets are sent again (RFC 4585, section 6.2.1).
//!
//! A browser asks anew for what is missing at every round trip, for all of it, and the library
//! answers each time. Where a large frame was lost on a slow path, the answers alone would fill
//! the path for seconds, so only a few wait to leave at any time, and none twice at once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc::interceptor::{Attribute, Packet, TaggedPacket};

use super::departures::Departures;
use super::passing::Inspect;

/// No packet is sent again twice within this time: what was just sent is still on its way.
const PAUSE: Duration = Duration::from_millis(100);

/// Lets requests for what is missing be answered as far as that helps.
pub(super) struct LimitResends {
    departures: Arc<Departures>,
    recent: Recent,
}

impl LimitResends {
    pub(super) fn new(departures: Arc<Departures>) -> Self {
        Self { departures, recent: Recent::default() }
    }
}

impl Inspect for LimitResends {
    fn outbound(&mut self, packet: &TaggedPacket) -> bool {
        let again = packet.message.get(&Attribute::Retransmission).is_some();
        let (Packet::Rtp(rtp), true) = (&packet.message.packet, again) else { return true };
        let number = rtp.header.sequence_number;
        let helps = !self.recent.has(number, packet.now) && self.departures.write_again();
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
