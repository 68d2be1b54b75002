//! How many packets of the picture have not left yet.
//!
//! The pacer holds packets back so that a large frame does not drown the path. What waits there
//! is delay, so nothing new is encoded until most of it has left.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rtc::interceptor::{Attribute, Interceptor, Packet, StreamInfo, TaggedPacket};
use rtc::sansio::Protocol;
use rtc::shared::error::Error;

/// Packets that may wait while a further frame is encoded: about one ordinary frame.
const FEW: u64 = 64;
/// Packets that may wait to be sent again.
const FEW_AGAIN: u64 = 16;

/// Packets that may wait at most before a frame is written: what is shown to several at their
/// fastest one's pace must not pile up for the slowest.
const MANY: u64 = 4 * FEW;

/// Counts packets of the picture in and out.
#[derive(Debug, Default)]
pub(super) struct Departures {
    written: AtomicU64,
    departed: AtomicU64,
    written_again: AtomicU64,
    departed_again: AtomicU64,
}

impl Departures {
    /// Notes that a packet is about to be written.
    pub(super) fn write(&self) {
        self.written.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that a packet is about to be written again, unless many of those wait; whether it may.
    pub(super) fn write_again(&self) -> bool {
        let departed = self.departed_again.load(Ordering::Relaxed);
        let few = self.written_again.load(Ordering::Relaxed).saturating_sub(departed) < FEW_AGAIN;
        if few {
            self.written_again.fetch_add(1, Ordering::Relaxed);
        }
        few
    }

    /// Forgets what waits: a new negotiation may have dropped it.
    pub(super) fn reset(&self) {
        self.departed.store(self.written.load(Ordering::Relaxed), Ordering::Relaxed);
        let again = self.written_again.load(Ordering::Relaxed);
        self.departed_again.store(again, Ordering::Relaxed);
    }

    /// Whether so little waits that a further frame would leave soon.
    pub(super) fn few_wait(&self) -> bool {
        self.waiting() <= FEW
    }

    /// Whether so much waits that a further frame would only pile up.
    pub(super) fn many_wait(&self) -> bool {
        self.waiting() > MANY
    }

    fn waiting(&self) -> u64 {
        let departed = self.departed.load(Ordering::Relaxed);
        self.written.load(Ordering::Relaxed).saturating_sub(departed)
    }
}

/// Counts packets as they leave, next to the wire.
#[derive(Default)]
pub(super) struct CountDepartures {
    departures: Arc<Departures>,
    inbound: VecDeque<TaggedPacket>,
    outbound: VecDeque<TaggedPacket>,
}

impl CountDepartures {
    pub(super) fn new(departures: Arc<Departures>) -> Self {
        Self { departures, ..Self::default() }
    }
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for CountDepartures {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, packet: TaggedPacket) -> Result<(), Error> {
        self.inbound.push_back(packet);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.inbound.pop_front()
    }

    fn handle_write(&mut self, packet: TaggedPacket) -> Result<(), Error> {
        let again = packet.message.get(&Attribute::Retransmission).is_some();
        if matches!(packet.message.packet, Packet::Rtp(_)) {
            let Departures { departed, departed_again, .. } = &*self.departures;
            let count = if again { departed_again } else { departed };
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.outbound.push_back(packet);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.outbound.pop_front()
    }
}

impl Interceptor for CountDepartures {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _: &StreamInfo) {}
    fn bind_remote_stream(&mut self, _: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _: &StreamInfo) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_waits_holds_the_next_one_back() {
        let departures = Departures::default();
        for _ in 0..=FEW {
            assert!(departures.few_wait());
            departures.write();
        }
        assert!(!departures.few_wait());
        for _ in FEW..MANY {
            assert!(!departures.many_wait());
            departures.write();
        }
        assert!(departures.many_wait());
        departures.reset();
        assert!(departures.few_wait());
    }
}
