//! What SCTP sent last and nobody acknowledges. Pure: time is an argument.
//!
//! SCTP learns of a loss from what arrives after it. Of the last it sends it learns by a time-out
//! alone, of 1 s in the library and twice as long each time (RFC 9260, section 6.3), so that the
//! end of an outage would not be noticed for as long as the outage was. As a tail loss probe does
//! (RFC 8985, section 7), but beneath SCTP, as a link layer may (RFC 3366): datagrams are kept as
//! they went out, and some of them sent once more. Whoever has one already drops it unread (RFC
//! 6347, section 4.1.2.6).

use std::collections::VecDeque;
use std::ops::Range;
use std::time::{Duration, Instant};

use bytes::Bytes;

/// Datagrams that are kept: an older one would be dropped unread even by who lacks it, since
/// receivers remember the last 64 (RFC 6347, section 4.1.2.6).
const KEPT: usize = 60;
/// How late an acknowledgement may be: 200 ms (RFC 9260, section 6.2), and a little more where a
/// browser is busy; at rest each one comes late, and a try for it would be in vain.
const LATE: Duration = Duration::from_millis(280);
/// Time between two tries: at first, at most, and by how much it grows.
const PAUSE: Duration = Duration::from_millis(200);
const MOST: Duration = Duration::from_millis(300);
const GROWTH: Duration = Duration::from_millis(20);
/// After this long without a word from the other side, nothing passes at all: it says something twice
/// a second. Before that a late acknowledgement is likelier than a loss, and what is sent once more
/// would make a full path fuller.
const SILENCE: Duration = Duration::from_secs(1);
/// How often it is looked for acknowledgements while there is no haste, and after a try.
const GLANCE: Duration = Duration::from_millis(60);
const HASTE: Duration = Duration::from_millis(20);
/// Bytes of a datagram that are no data: DTLS's record with its cipher (RFC 5288), SCTP's headers.
const HEADERS: usize = 13 + 8 + 16 + 12 + 16;
/// Bytes by which a mere acknowledgement is longer than headers, if it tells of a few gaps; whatever a
/// link says is longer.
const GAPS: usize = 16;
/// Bytes of data in a full datagram.
const FULL: usize = 1_100;
/// Datagrams under way that use what a slow path of ordinary length carries, and not its queue.
const FEW: u64 = 8;
/// Datagrams that are sent in vain at most, where headers were fewer or more than that.
const SLACK: usize = 2;

/// The last datagrams, while anything is not acknowledged; `P` is a way by which they go out.
#[derive(Debug)]
pub(super) struct Tail<P> {
    datagrams: VecDeque<Bytes>,
    /// The way of the newest. What an older one lost is sent by it too: that one may be gone.
    path: Option<P>,
    /// The number of the first of them.
    first: u64,
    trip: Trip,
    /// Bytes that were not acknowledged at the last look.
    outstanding: usize,
    /// Bytes that SCTP was given in all, and how many of them were acknowledged, as far as known.
    handed: i64,
    acknowledged: Option<i64>,
    /// When there was nothing to wait for, something was acknowledged, or the last try.
    since: Option<Instant>,
    /// Whether it was looked what arrived, since there was nothing to wait for.
    looked: bool,
    /// When anything came in last.
    heard: Option<Instant>,
    /// Something came in after a silence: what passes one way is likely to pass the other way again.
    back: bool,
    /// Tries since something was acknowledged.
    tries: u32,
    /// What else may be lost if a try is answered, and how much of it follows then.
    suspects: Range<u64>,
    burst: u64,
    /// Nothing at all came in when it was tried: what is answered now is an outage that is over.
    outage: bool,
}

impl<P> Default for Tail<P> {
    fn default() -> Self {
        Self {
            datagrams: VecDeque::new(),
            path: None,
            first: 0,
            trip: Trip::default(),
            outstanding: 0,
            handed: 0,
            acknowledged: None,
            since: None,
            looked: false,
            heard: None,
            back: false,
            tries: 0,
            suspects: 0..0,
            burst: 0,
            outage: false,
        }
    }
}

impl<P: Clone> Tail<P> {
    /// Takes note of a datagram that goes out; says whether it is the first one to look after.
    pub(super) fn sent(&mut self, bytes: &[u8], path: P, now: Instant) -> bool {
        self.trip.sent(bytes, now);
        let first = self.datagrams.is_empty();
        // An acknowledgement is kept only since it has a number too.
        if !is_data(bytes) || (first && !is_worth_it(bytes)) {
            return false;
        }
        if first {
            self.since = Some(now);
        }
        if self.datagrams.len() == KEPT {
            self.datagrams.pop_front();
            self.first += 1;
        }
        self.datagrams.push_back(Bytes::copy_from_slice(bytes));
        self.path = Some(path);
        first
    }

    /// By which way to send.
    pub(super) fn path(&self) -> Option<P> {
        self.path.clone()
    }

    /// Takes note of a datagram that came in.
    pub(super) fn received(&mut self, bytes: &[u8], now: Instant) {
        self.trip.received(bytes, now);
        if is_data(bytes) {
            self.back |= self.silent(now);
            self.heard = Some(now);
        }
    }

    /// How long to wait for the next look; `None` while there is nothing to look after.
    pub(super) fn wait(&self) -> Option<Duration> {
        let wait = if !self.looked {
            // Nothing is taken to be lost earlier, and each look wakes an idle machine.
            LATE
        } else if self.suspects.is_empty() {
            GLANCE
        } else {
            HASTE
        };
        (!self.datagrams.is_empty()).then_some(wait)
    }

    /// SCTP was given so many bytes in all, or more.
    pub(super) const fn handed(&mut self, bytes: i64) {
        self.handed = bytes;
    }

    /// What to send once more, if so many bytes are not acknowledged.
    pub(super) fn look(&mut self, outstanding: usize, now: Instant) -> Vec<Bytes> {
        self.outstanding = outstanding;
        self.looked = true;
        let arrived = self.arrived();
        if outstanding == 0 {
            self.clear();
            return Vec::new();
        }
        if arrived > 0 {
            (self.since, self.tries) = (Some(now), 0);
            return self.follow(arrived);
        }
        let back = std::mem::take(&mut self.back);
        let silent = back || self.silent(now);
        if !back && self.since.is_some_and(|since| now < since + self.patience(silent)) {
            return Vec::new();
        }
        if back {
            self.tries = 0;
        }
        let missing = self.missing();
        let known = |number: &u64| self.get(*number).is_some();
        let Some(last) = missing.clone().rfind(known) else { return Vec::new() };
        // The last each time, and those before it one after the other: SCTP repeats all that is on
        // its way at once, so what is missing comes last.
        let before = (missing.start..last).rev().filter(known).cycle().nth(self.tries as usize);
        (self.since, self.tries) = (Some(now), self.tries + 1);
        (self.suspects, self.burst, self.outage) = (missing.start..last, 1, silent);
        before.into_iter().chain([last]).filter_map(|number| self.get(number)).collect()
    }

    /// Bytes that were acknowledged since the last look, also while more is sent.
    fn arrived(&mut self) -> usize {
        let acknowledged = self.handed - self.outstanding as i64;
        let before = self.acknowledged.unwrap_or(acknowledged);
        self.acknowledged = Some(before.max(acknowledged));
        usize::try_from(acknowledged - before).unwrap_or(0)
    }

    /// What follows an answered try: what is next to last first, and twice as much each time after an
    /// outage. Where words came in all the while, the path is full rather than back, and gets as much as
    /// it delivers once a few are under way: SCTP would send one datagram a round trip, since the
    /// library's window does not grow before all that was sent at once is there.
    fn follow(&mut self, acknowledged: usize) -> Vec<Bytes> {
        let Range { start, end } = self.suspects.clone();
        let arrived = acknowledged.div_ceil(FULL) as u64;
        let count = match self.outage {
            true => (self.burst * 2).min(KEPT as u64),
            false if self.burst < FEW => arrived * 2,
            false => arrived,
        };
        self.burst = if self.outage { count } else { self.burst + arrived };
        let from = start.max(end.saturating_sub(count));
        self.suspects.end = from.min(end);
        (from..end).filter_map(|number| self.get(number)).collect()
    }

    fn get(&self, number: u64) -> Option<Bytes> {
        let at = number.checked_sub(self.first)?;
        let datagram = self.datagrams.get(usize::try_from(at).ok()?);
        datagram.filter(|it| is_worth_it(it)).cloned()
    }

    /// Forgets everything but how the other side is, and what it has.
    pub(super) fn clear(&mut self) {
        let trip = std::mem::take(&mut self.trip);
        let Self { heard, handed, acknowledged, .. } = *self;
        *self = Self { trip, heard, handed, acknowledged, ..Self::default() };
    }

    fn silent(&self, now: Instant) -> bool {
        self.heard.is_none_or(|heard| now >= heard + SILENCE)
    }

    /// How long to wait for an answer before the next try.
    fn patience(&self, silent: bool) -> Duration {
        let trip = self.trip.smooth.unwrap_or(PAUSE);
        let first = trip + trip / 2 + LATE;
        match self.tries {
            0 => first,
            tries if silent => (PAUSE + GROWTH * tries).clamp(trip, MOST.max(trip)),
            tries => (first * 2_u32.saturating_pow(tries.min(8))).min(SILENCE.max(first)),
        }
    }

    /// The newest datagrams that together hold what is not acknowledged.
    fn missing(&self) -> Range<u64> {
        let mut held = 0;
        let newest = self.datagrams.iter().rev().take_while(|datagram| {
            let needed = held < self.outstanding;
            held += if is_worth_it(datagram) { datagram.len() - HEADERS } else { 0 };
            needed
        });
        let count = (newest.count() + SLACK).min(self.datagrams.len()) as u64;
        let end = self.first + self.datagrams.len() as u64;
        end - count..end
    }
}

/// Whether a datagram is a DTLS record of data, which is SCTP's (RFC 7983; RFC 6347).
fn is_data(bytes: &[u8]) -> bool {
    bytes.first() == Some(&23)
}

/// Whether a datagram carries more than an acknowledgement, which is out of date a moment later.
fn is_worth_it(bytes: &[u8]) -> bool {
    bytes.len() > HEADERS + GAPS
}

/// How long to the other side and back, by ICE's own checks (RFC 8489, section 5).
#[derive(Debug, Default)]
struct Trip {
    asked: Option<([u8; 12], Instant)>,
    smooth: Option<Duration>,
}

impl Trip {
    const REQUEST: [u8; 2] = [0x00, 0x01];
    const SUCCESS: [u8; 2] = [0x01, 0x01];

    fn sent(&mut self, bytes: &[u8], now: Instant) {
        if let Some(transaction) = transaction(bytes, Self::REQUEST) {
            self.asked = Some((transaction, now));
        }
    }

    fn received(&mut self, bytes: &[u8], now: Instant) {
        let Some(transaction) = transaction(bytes, Self::SUCCESS) else { return };
        let Some((_, asked)) = self.asked.take_if(|(asked, _)| *asked == transaction) else {
            return;
        };
        let trip = now.saturating_duration_since(asked);
        self.smooth = Some(self.smooth.map_or(trip, |smooth| (smooth * 3 + trip) / 4));
    }
}

/// The transaction of a STUN message of that kind.
fn transaction(bytes: &[u8], kind: [u8; 2]) -> Option<[u8; 12]> {
    bytes.strip_prefix(&kind)?.get(6..18)?.try_into().ok()
}

#[cfg(test)]
mod tests;
