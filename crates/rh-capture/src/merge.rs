//! Fewer rectangles for the same damage.
//!
//! Every rectangle costs a request to the platform and a pass through the encoder's conversion, so
//! a few boxes that are slightly too large beat many that are exact.

use crate::Rect;

/// Most rectangles that are left.
pub(crate) const MOST: usize = 16;

/// Pixels that a box may hold in vain: fetching them costs about what one more request does.
const SLACK: u64 = 4096;

/// Merges `rects` to at most [`MOST`] that cover all they did and stay within their bounding box,
/// and whose areas together are at most its area.
pub(crate) fn merge(rects: &mut Vec<Rect>) {
    gather_neighbours(rects);
    while let Some((a, b)) = cheapest_pair(rects) {
        rects[a] = rects[a].union(rects[b]);
        rects.swap_remove(b);
    }
    if let Some(bounds) = rects.iter().copied().reduce(Rect::union)
        && rects.iter().map(|rect| rect.area()).sum::<u64>() >= bounds.area()
    {
        *rects = vec![bounds];
    }
}

/// Bounds the work of looking at pairs: regions list their rectangles in bands from the top, so
/// that runs of them are close together.
fn gather_neighbours(rects: &mut Vec<Rect>) {
    let run = rects.len().div_ceil(MOST * 2);
    if run > 1 {
        *rects =
            rects.chunks(run).filter_map(|run| run.iter().copied().reduce(Rect::union)).collect();
    }
}

/// The pair whose box wastes least, if that is little or there are too many; the first index is
/// the smaller.
fn cheapest_pair(rects: &[Rect]) -> Option<(usize, usize)> {
    let pairs = (0..rects.len()).flat_map(|a| (a + 1..rects.len()).map(move |b| (a, b)));
    let waste = |&(a, b): &(usize, usize)| {
        let (a, b) = (rects[a], rects[b]);
        a.union(b).area().saturating_sub(a.area() + b.area())
    };
    let best = pairs.min_by_key(waste)?;
    (rects.len() > MOST || waste(&best) <= SLACK).then_some(best)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn rects() -> impl Strategy<Value = Vec<Rect>> {
        let rect = (0_u32..1900, 0_u32..1000, 1_u32..400, 1_u32..400);
        vec(rect.prop_map(|(x, y, width, height)| Rect { x, y, width, height }), 0..80)
    }

    fn holds(outer: Rect, inner: Rect) -> bool {
        outer.union(inner) == outer
    }

    proptest! {
        #[test]
        fn what_is_left_covers_what_was_and_is_bounded(before in rects()) {
            let mut after = before.clone();
            merge(&mut after);

            prop_assert!(after.len() <= MOST);
            prop_assert!(before.iter().all(|&inner| after.iter().any(|&outer| holds(outer, inner))));
            if let Some(bounds) = before.iter().copied().reduce(Rect::union) {
                prop_assert!(after.iter().all(|&rect| holds(bounds, rect)));
                prop_assert!(after.iter().map(|rect| rect.area()).sum::<u64>() <= bounds.area());
            }
        }
    }

    #[test]
    fn far_apart_stays_apart_and_close_together_becomes_one() {
        let far = vec![
            Rect { x: 0, y: 0, width: 10, height: 10 },
            Rect { x: 1800, y: 900, width: 10, height: 10 },
        ];
        let mut left = far.clone();
        merge(&mut left);
        assert_eq!(left, far);

        let mut close = vec![
            Rect { x: 100, y: 100, width: 8, height: 16 },
            Rect { x: 110, y: 100, width: 8, height: 16 },
        ];
        merge(&mut close);
        assert_eq!(close, [Rect { x: 100, y: 100, width: 18, height: 16 }]);
    }
}
