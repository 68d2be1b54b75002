//! How many packets of the picture have not left yet.
//!
//! The pacer holds packets back so that a large frame does not drown the path. What waits there
//! is delay, so nothing new is encoded until most of it has left.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rtc::interceptor::{Attribute, Packet, TaggedPacket};

use super::passing::Inspect;

/// Packets that may wait while a further frame is encoded: about one ordinary frame.
const FEW: u64 = 64;
/// The same at least, and as a share of what leaves in a second: on a slow path more is delay.
const LEAST_FEW: u64 = 4;
const FEW_SHARE: f64 = 0.1;
/// Bits of a full packet.
const PACKET: f64 = 1200.0 * 8.0;
/// Packets that may wait to be sent again.
const FEW_AGAIN: u64 = 16;
/// Packets that may wait at most before a frame is written: what is shown to several at their
/// fastest one's pace must not pile up for the slowest.
const MANY: u64 = 4 * FEW;

/// Counts packets of the picture in and out.
#[derive(Debug)]
pub(super) struct Departures {
    new: Count,
    /// Those that are sent again.
    again: Count,
    few: AtomicU64,
}

impl Default for Departures {
    fn default() -> Self {
        Self { new: Count::default(), again: Count::default(), few: AtomicU64::new(FEW) }
    }
}

#[derive(Debug, Default)]
struct Count {
    written: AtomicU64,
    departed: AtomicU64,
}

impl Departures {
    /// Notes that a packet is about to be written.
    pub(super) fn write(&self) {
        self.new.write();
    }

    /// Notes that a packet is about to be written again, unless many of those wait; whether it may.
    pub(super) fn write_again(&self) -> bool {
        let few = self.again.waiting() < FEW_AGAIN;
        if few {
            self.again.write();
        }
        few
    }

    /// Forgets what waits: a new negotiation may have dropped it.
    pub(super) fn reset(&self) {
        self.new.reset();
        self.again.reset();
    }

    /// Takes note of the bits per second that the path carries.
    pub(super) fn path_carries(&self, bitrate: u32) {
        let few = (f64::from(bitrate) * FEW_SHARE / PACKET) as u64;
        self.few.store(few.clamp(LEAST_FEW, FEW), Ordering::Relaxed);
    }

    /// Whether so little waits that a further frame would leave soon.
    pub(super) fn few_wait(&self) -> bool {
        self.new.waiting() <= self.few.load(Ordering::Relaxed)
    }

    /// Whether so much waits that a further frame would only pile up.
    pub(super) fn many_wait(&self) -> bool {
        self.new.waiting() > MANY
    }
}

impl Count {
    fn write(&self) {
        self.written.fetch_add(1, Ordering::Relaxed);
    }

    fn depart(&self) {
        self.departed.fetch_add(1, Ordering::Relaxed);
    }

    fn reset(&self) {
        self.departed.store(self.written.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    fn waiting(&self) -> u64 {
        let departed = self.departed.load(Ordering::Relaxed);
        self.written.load(Ordering::Relaxed).saturating_sub(departed)
    }
}

/// Counts packets as they leave, next to the wire.
pub(super) struct CountDepartures(pub(super) Arc<Departures>);

impl Inspect for CountDepartures {
    fn outbound(&mut self, packet: &TaggedPacket) -> bool {
        if matches!(packet.message.packet, Packet::Rtp(_)) {
            let again = packet.message.get(&Attribute::Retransmission).is_some();
            if again { self.0.again.depart() } else { self.0.new.depart() }
        }
        true
    }
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

    /// B-14: on a slow path, a frame that waits would be late.
    #[test]
    fn on_a_slow_path_less_may_wait() {
        let departures = Departures::default();
        departures.path_carries(300_000);
        (0..=LEAST_FEW).for_each(|_| departures.write());
        assert!(!departures.few_wait());
        departures.path_carries(8_000_000);
        assert!(departures.few_wait());
    }
}
