//! One direction of a cable: what becomes of each packet, and when.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What a direction does to packets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    /// Bits a second.
    pub(super) rate: u64,
    /// How long a packet is under way after its last bit was sent.
    pub(super) delay: Duration,
    /// Per cent of the packets that are lost.
    pub(super) loss: f64,
}

/// How much may wait to be sent, as time at the line's rate.
const QUEUE: Duration = Duration::from_millis(300);

/// Bytes that may wait however slow the line is: ten full packets.
const LEAST_QUEUE: u64 = 15_000;

/// Packets under way in one direction.
#[derive(Debug)]
pub(super) struct Line {
    shape: Option<Shape>,
    cut: bool,
    /// When the last bit of all that was accepted will have been sent.
    free: Option<Instant>,
    waiting: VecDeque<(Instant, Vec<u8>)>,
    random: u32,
}

impl Line {
    /// A line that passes everything at once.
    pub(super) const fn new(seed: u32) -> Self {
        Self { shape: None, cut: false, free: None, waiting: VecDeque::new(), random: seed | 1 }
    }

    pub(super) const fn shape(&mut self, shape: Option<Shape>) {
        self.shape = shape;
    }

    /// Cuts or joins it; what is under way is lost with a cut.
    pub(super) fn cut(&mut self, cut: bool) {
        self.cut = cut;
        self.free = None;
        self.waiting.clear();
    }

    /// Takes a packet, or loses it.
    pub(super) fn offer(&mut self, packet: Vec<u8>, now: Instant) {
        if self.cut {
            return;
        }
        let Some(Shape { rate, delay, loss }) = self.shape else {
            return self.waiting.push_back((now, packet));
        };
        let free = self.free.map_or(now, |free| free.max(now));
        let bits = |bytes: u64| Duration::from_nanos(bytes * 8 * 1_000_000_000 / rate.max(1));
        let full = free - now > QUEUE.max(bits(LEAST_QUEUE));
        if full || self.share() < loss / 100.0 {
            return;
        }
        let sent = free + bits(packet.len() as u64);
        self.free = Some(sent);
        self.waiting.push_back((sent + delay, packet));
    }

    /// When the next packet arrives.
    pub(super) fn due(&self) -> Option<Instant> {
        self.waiting.front().map(|(due, _)| *due)
    }

    /// The next packet, if it has arrived by `now`.
    pub(super) fn take(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.due().filter(|due| *due <= now)?;
        self.waiting.pop_front().map(|(_, packet)| packet)
    }

    /// A number from zero to one.
    fn share(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        f64::from(self.random) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Shape = Shape { rate: 800_000, delay: Duration::from_millis(50), loss: 0.0 };

    fn line(shape: Option<Shape>) -> (Line, Instant) {
        let mut line = Line::new(1);
        line.shape(shape);
        (line, crate::clock::now())
    }

    #[test]
    fn without_a_shape_everything_passes_at_once_and_in_order() {
        let (mut line, now) = line(None);
        line.offer(vec![1], now);
        line.offer(vec![2], now);
        assert_eq!(
            [line.take(now), line.take(now), line.take(now)],
            [Some(vec![1]), Some(vec![2]), None]
        );
    }

    #[test]
    fn packets_take_their_turn_and_then_the_delay() {
        let (mut line, now) = line(Some(SLOW));
        // 1000 bytes at 100 kB/s: 10 ms each.
        line.offer(vec![0; 1000], now);
        line.offer(vec![0; 1000], now);
        let at = |ms| now + Duration::from_millis(ms);
        assert_eq!(line.due(), Some(at(60)));
        assert!(line.take(at(59)).is_none() && line.take(at(60)).is_some());
        assert!(line.take(at(69)).is_none() && line.take(at(70)).is_some());
    }

    #[test]
    fn a_full_queue_takes_no_more() {
        let (mut line, now) = line(Some(SLOW));
        for _ in 0..100 {
            line.offer(vec![0; 1000], now);
        }
        // 300 ms at 10 ms each, and the one that is being sent.
        assert_eq!(line.waiting.len(), 31);
    }

    #[test]
    fn the_share_that_should_be_lost_is_lost() {
        let (mut line, now) = line(Some(Shape { loss: 10.0, rate: 1 << 40, ..SLOW }));
        for _ in 0..10_000 {
            line.offer(vec![0], now);
        }
        assert!((8800..9200).contains(&line.waiting.len()), "{}", line.waiting.len());
    }

    #[test]
    fn nothing_passes_a_cut() {
        let (mut line, now) = line(Some(SLOW));
        line.offer(vec![1], now);
        line.cut(true);
        line.offer(vec![2], now);
        line.cut(false);
        assert_eq!(line.due(), None);
        line.offer(vec![3], now);
        assert!(line.due().is_some());
    }
}
