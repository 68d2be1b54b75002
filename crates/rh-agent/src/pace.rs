//! When the next picture is due. Pure: time is an argument, counted from the start of sharing.

use std::time::Duration;

/// Shortest time between two pictures: 60 a second.
const GAP: Duration = Duration::from_micros(16_667);
/// Time between two refreshes of a picture that changed no more.
const TOP_UP: Duration = Duration::from_millis(33);
/// How many refreshes make a picture sharp.
const TOP_UPS: u8 = 4;
/// A browser asks for key frames on a stream that is silent for longer.
const KEEP_ALIVE: Duration = Duration::from_secs(1);
/// Shortest time between two key frames on request; a burst of requests means one loss.
const KEY_GAP: Duration = Duration::from_millis(300);
/// Longest wait for a change, so that orders are heard soon; each wait that ends costs something, even
/// on an idle screen.
const PATIENCE: Duration = Duration::from_millis(100);

/// Paces one stream: change first, then refreshes until the picture is sharp, then signs of life.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// When something was sent or painted.
    last: Option<Duration>,
    sent: Option<Duration>,
    key_sent: Option<Duration>,
    top_ups: u8,
    key_wanted: bool,
}

impl Pace {
    /// Somebody needs a key frame.
    pub(crate) fn want_key(&mut self) {
        self.key_wanted = true;
    }

    /// How long to leave the screen alone before the next picture may be taken.
    pub(crate) fn hold(&self, now: Duration) -> Duration {
        self.last.map_or(Duration::ZERO, |last| (last + GAP).saturating_sub(now))
    }

    /// How long to wait for a change.
    pub(crate) fn patience(&self, now: Duration, shown: bool, alone: bool) -> Duration {
        if shown && self.key_due(now) {
            return Duration::ZERO;
        }
        let refresh = self.refresh_at().filter(|_| shown && alone);
        refresh.map_or(PATIENCE, |at| at.saturating_sub(now).min(PATIENCE))
    }

    /// Whether the next picture is to be a key frame.
    pub(crate) fn key_due(&self, now: Duration) -> bool {
        self.key_wanted && self.key_sent.is_none_or(|at| now >= at + KEY_GAP)
    }

    /// Whether the last picture is to be sent again although nothing changed: to somebody who needs
    /// a key frame, or to one who sees the video `alone`.
    pub(crate) fn refresh_due(&self, now: Duration, alone: bool) -> bool {
        self.key_due(now) || alone && self.refresh_at().is_some_and(|at| now >= at)
    }

    /// Takes note that something was painted beside the video.
    pub(crate) fn painted(&mut self, now: Duration) {
        self.last = Some(now);
    }

    /// Takes note that a picture was sent.
    pub(crate) fn sent(&mut self, now: Duration, changed: bool, key: bool) {
        self.sent = Some(now);
        self.last = Some(now);
        self.top_ups = if changed { TOP_UPS } else { self.top_ups.saturating_sub(1) };
        if key {
            self.key_sent = Some(now);
            self.key_wanted = false;
        }
    }

    fn refresh_at(&self) -> Option<Duration> {
        let wait = if self.top_ups > 0 { TOP_UP } else { KEEP_ALIVE };
        self.sent.map(|sent| sent + wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_change_is_followed_by_four_refreshes_and_then_one_a_second() {
        let mut pace = Pace::default();
        pace.sent(ms(0), true, true);
        let mut sent = Vec::new();
        for now in (0..3_000).map(ms) {
            if pace.refresh_due(now, true) {
                pace.sent(now, false, false);
                sent.push(now.as_millis());
            }
        }
        assert_eq!(sent, [33, 66, 99, 132, 1132, 2132]);
    }

    /// B-14: a burst of requests makes one key frame, and none is forgotten.
    #[test]
    fn key_frames_on_request_are_rate_limited() {
        let mut pace = Pace::default();
        pace.want_key();
        assert!(pace.key_due(ms(0)), "the first is due at once");
        pace.sent(ms(0), true, true);
        pace.want_key();
        assert!(!pace.key_due(ms(299)));
        assert!(pace.key_due(ms(300)));
        pace.sent(ms(300), false, true);
        assert!(!pace.key_due(ms(900)));
    }

    /// B-15: whoever takes tiles needs no refreshes of the video.
    #[test]
    fn beside_tiles_the_video_is_silent_unless_asked_for() {
        let mut pace = Pace::default();
        pace.sent(ms(0), true, true);
        assert!(!pace.refresh_due(ms(5_000), false));
        assert_eq!(pace.patience(ms(5_000), true, false), PATIENCE);
        pace.want_key();
        assert!(pace.refresh_due(ms(5_000), false));
        pace.painted(ms(5_000));
        assert_eq!(pace.hold(ms(5_000)), GAP);
    }

    #[test]
    fn no_more_than_sixty_pictures_a_second() {
        let mut pace = Pace::default();
        assert_eq!(pace.hold(ms(5)), Duration::ZERO);
        pace.sent(ms(5), true, false);
        assert_eq!(pace.hold(ms(10)), Duration::from_micros(11_667));
        assert_eq!(pace.hold(ms(30)), Duration::ZERO);
    }

    #[test]
    fn orders_are_heard_soon_even_when_nothing_changes() {
        let mut pace = Pace::default();
        assert!(pace.patience(ms(0), true, true) <= PATIENCE);
        pace.sent(ms(0), true, false);
        assert_eq!(pace.patience(ms(0), true, true), TOP_UP);
        pace.want_key();
        assert_eq!(pace.patience(ms(400), true, true), Duration::ZERO);
    }
}
