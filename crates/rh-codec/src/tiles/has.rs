//! What a viewer shows of a block.

use rh_capture::Rect;

use super::grid::around;

/// What a viewer shows of a block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Has {
    /// What the last picture has.
    Exact,
    /// What the last picture has but for this part, which is older and to be replaced.
    Old(Rect),
    /// The video.
    Video,
}

impl Has {
    /// What it is once the last picture has something new in `part` that the viewer has not.
    pub(super) fn behind(self, part: Rect) -> Self {
        match self {
            Self::Exact => Self::Old(part),
            Self::Old(old) => Self::Old(old.union(part)),
            Self::Video => Self::Video,
        }
    }

    /// What it is of the block `whole` once something has moved to `target`, a part of it, of which
    /// the viewer has copied the part `copied`.
    pub(super) fn moved(self, whole: Rect, target: Rect, copied: Option<Rect>) -> Self {
        let old = match (self, copied) {
            (Self::Video, None) => return Self::Video,
            (Self::Video, Some(_)) => whole,
            (Self::Exact, _) => target,
            (Self::Old(old), _) => old.union(target),
        };
        let Some(copied) = copied else { return Self::Old(old) };
        around(old, copied).reduce(Rect::union).map_or(Self::Exact, Self::Old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: Rect = Rect { x: 32, y: 32, width: 32, height: 32 };

    const fn rows(from: u32, to: u32) -> Rect {
        Rect { y: 32 + from, height: to - from, ..BLOCK }
    }

    #[test]
    fn what_is_copied_is_exact_and_the_rest_is_old() {
        let (all, upper, lower) = (rows(0, 32), rows(0, 20), rows(20, 32));
        assert_eq!(Has::Exact.moved(BLOCK, all, Some(all)), Has::Exact);
        assert_eq!(Has::Exact.moved(BLOCK, all, Some(upper)), Has::Old(lower));
        assert_eq!(Has::Exact.moved(BLOCK, upper, Some(upper)), Has::Exact);
        assert_eq!(Has::Exact.moved(BLOCK, upper, None), Has::Old(upper));
        assert_eq!(Has::Old(lower).moved(BLOCK, upper, Some(upper)), Has::Old(lower));
        assert_eq!(Has::Old(upper).moved(BLOCK, all, Some(all)), Has::Exact);
        assert_eq!(Has::Old(rows(9, 12)).moved(BLOCK, upper, None), Has::Old(upper));
        assert_eq!(Has::Video.moved(BLOCK, upper, Some(upper)), Has::Old(lower));
        assert_eq!(Has::Video.moved(BLOCK, all, Some(all)), Has::Exact);
        assert_eq!(Has::Video.moved(BLOCK, all, None), Has::Video);
    }

    #[test]
    fn what_was_missed_adds_up() {
        assert_eq!(Has::Exact.behind(rows(3, 4)), Has::Old(rows(3, 4)));
        assert_eq!(Has::Old(rows(3, 4)).behind(rows(9, 10)), Has::Old(rows(3, 10)));
        assert_eq!(Has::Video.behind(rows(3, 4)), Has::Video);
    }
}
