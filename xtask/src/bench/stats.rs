//! Figures of many measurements.

/// The value below which `share` of `values` are, by nearest rank; a miss is later than everything.
///
/// None if there are no values, or if the rank falls on a miss.
pub(crate) fn percentile(values: &[Option<f64>], share: f64) -> Option<f64> {
    let mut sorted: Vec<_> = values.iter().map(|it| it.unwrap_or(f64::INFINITY)).collect();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied().filter(|value| value.is_finite())
}

/// How many were missed.
pub(crate) fn missed(values: &[Option<f64>]) -> usize {
    values.iter().filter(|value| value.is_none()).count()
}

/// The one in the middle, or the mean of the two there.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<_> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted[(sorted.len() - 1) / 2];
    Some(f64::midpoint(lower, *upper))
}

/// The smallest.
pub(crate) fn least(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    values.into_iter().min_by(f64::total_cmp)
}

/// The largest.
pub(crate) fn most(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    values.into_iter().max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(values: impl IntoIterator<Item = u32>) -> Vec<Option<f64>> {
        values.into_iter().map(|value| Some(value.into())).collect()
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let values = seen((1..=100).rev());
        for (share, expected) in [(0.5, 50.0), (0.95, 95.0), (0.99, 99.0), (1.0, 100.0)] {
            assert_eq!(percentile(&values, share), Some(expected), "{share}");
        }
        assert_eq!(percentile(&seen([7]), 0.5), Some(7.0));
        assert_eq!(percentile(&[], 0.5), None);
    }

    #[test]
    fn a_miss_is_later_than_everything() {
        let mut values = seen(1..=18);
        values.splice(3..3, [None, None]);
        assert_eq!(percentile(&values, 0.9), Some(18.0));
        assert_eq!(percentile(&values, 0.95), None);
        assert_eq!(missed(&values), 2);
    }

    #[test]
    fn the_middle_of_few() {
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0]), Some(2.5));
        assert_eq!(median([]), None);
        assert_eq!((least([2.0, 1.0]), most([2.0, 1.0])), (Some(1.0), Some(2.0)));
    }
}
