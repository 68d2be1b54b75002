//! Which path each viewer was told of. Pure: time is an argument.

use std::collections::BTreeMap;
use std::time::Duration;

use rh_codec::tiles::Parcel;
use rh_protocol::{PathReason, PeerId};

/// Least time between two tellings: who reads it can read no faster.
const PAUSE: Duration = Duration::from_millis(500);

/// What every viewer was told last, and when.
#[derive(Debug, Default)]
pub(super) struct Paths(BTreeMap<PeerId, (PathReason, Duration)>);

impl Paths {
    /// Forgets what was told, for somebody who heard nothing yet.
    pub(super) fn start_over(&mut self) {
        self.0.clear();
    }

    /// Whom of those who get `parcels` is to be told of what at `at`; notes that they are.
    pub(super) fn news(
        &mut self,
        parcels: &[Parcel],
        at: Duration,
    ) -> impl Iterator<Item = (PeerId, PathReason)> {
        let reasons = parcels.iter().map(|parcel| (parcel.to, parcel.reason));
        reasons.filter(move |(to, reason)| self.tell(*to, *reason, at))
    }

    /// Whether `viewer` is to be told of `reason` at `at`; notes that they are.
    fn tell(&mut self, viewer: PeerId, reason: PathReason, at: Duration) -> bool {
        let told = self.0.get(&viewer);
        let due = told.is_none_or(|(known, then)| *known != reason && at >= *then + PAUSE);
        if due {
            self.0.insert(viewer, (reason, at));
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: PeerId = PeerId(1);

    /// B-14: why the picture is as it is, without a flood of messages.
    #[test]
    fn a_new_reason_is_told_but_not_more_than_twice_a_second() {
        let mut paths = Paths::default();
        let reasons = [PathReason::Exact, PathReason::Moved];
        let told = (0..2_000_u64).filter(|now| {
            paths.tell(ANN, reasons[(*now / 10) as usize % 2], Duration::from_millis(*now))
        });
        assert!((3..=4).contains(&told.count()));
        let at = Duration::from_secs(10);
        assert!(paths.tell(ANN, PathReason::Still, at));
        assert!(!paths.tell(ANN, PathReason::Still, at * 2), "it is known");
        paths.start_over();
        assert!(paths.tell(ANN, PathReason::Still, at * 2));
    }
}
