//! What the network can carry.

use std::sync::Arc;
use std::time::Instant;

use rtc::interceptor::{BandwidthEstimator, EstimatorStats, Gcc, PacketReport};

use super::super::LinkEvent;
use super::config::Config;
use super::narrowing::Narrowing;
use super::shared::Shared;
use super::standing::{self, Standing};

/// What the network is believed to carry at least, in bits per second.
const LEAST: f64 = 100_000.0;
/// How much faster packets leave than the estimate at most, so that a key frame is not spread over
/// a second (libwebrtc paces by the same factor).
const PACE: f64 = 2.5;
/// The same at least, where so little is carried that a burst delays everything else.
const SLOW_PACE: f64 = 1.2;
/// The least change that is reported, as a share.
const STEP: f64 = 0.1;

/// Google congestion control (draft-ietf-rmcat-gcc) that reports its estimate.
pub(super) struct Estimate {
    gcc: Gcc,
    most: f64,
    narrowing: Narrowing,
    standing: Standing,
    shared: Arc<Shared>,
    changes: Changes,
}

impl Estimate {
    pub(super) fn new(config: &Config, shared: Arc<Shared>) -> Self {
        let most = f64::from(config.max_bitrate).max(LEAST);
        let gcc = Gcc::new(f64::from(config.start_bitrate), LEAST, most);
        let (narrowing, standing) = (Narrowing::default(), Standing::default());
        Self { gcc, most, narrowing, standing, shared, changes: Changes::default() }
    }

    /// Begins anew with what the path `carries`.
    fn begin_with(&mut self, carries: f64) {
        self.gcc = Gcc::new(carries.clamp(LEAST, self.most), LEAST, self.most);
        self.standing.start_over();
    }
}

impl BandwidthEstimator for Estimate {
    fn on_reports(&mut self, now: Instant, reports: &[PacketReport]) {
        if let Some(carries) = self.narrowing.look(now, reports) {
            // It knows nothing then of the losses that were on their way already.
            self.begin_with(carries);
        } else {
            let counts: Vec<PacketReport> =
                reports.iter().filter(|it| self.narrowing.counts(it)).cloned().collect();
            self.gcc.on_reports(now, &counts);
            if let Some(arrived) = self.standing.look(&counts) {
                self.narrowing.start_over(now);
                self.begin_with(standing::less(self.gcc.target_bitrate(), arrived));
            }
        }
        // Without reports the estimate is a guess.
        if !reports.is_empty()
            && let Some(bitrate) = self.changes.next(self.gcc.target_bitrate())
        {
            self.shared.departures.path_carries(bitrate);
            self.shared.events.report(LinkEvent::Capacity(bitrate));
        }
    }

    fn target_bitrate(&self) -> f64 {
        let carries = self.gcc.target_bitrate();
        carries * (carries / 1e6).clamp(SLOW_PACE, PACE)
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.gcc.handle_timeout(now);
    }

    fn poll_timeout(&self) -> Option<Instant> {
        self.gcc.poll_timeout()
    }

    fn stats(&self) -> EstimatorStats {
        self.gcc.stats()
    }
}

/// Lets changes of at least [`STEP`] through.
#[derive(Debug, Default)]
struct Changes {
    last: f64,
}

impl Changes {
    fn next(&mut self, bitrate: f64) -> Option<u32> {
        if (bitrate - self.last).abs() < self.last * STEP || bitrate <= 0.0 {
            return None;
        }
        self.last = bitrate;
        // Saturates; the estimate is within the limits it was given.
        Some(bitrate as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_changes_are_kept_back_until_they_add_up() {
        let mut changes = Changes::default();
        assert_eq!(changes.next(1_000_000.0), Some(1_000_000));
        assert_eq!(changes.next(1_050_000.0), None);
        assert_eq!(changes.next(1_100_000.0), Some(1_100_000));
        assert_eq!(changes.next(995_000.0), None);
        assert_eq!(changes.next(980_000.0), Some(980_000));
    }
}
