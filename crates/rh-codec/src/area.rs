//! The part of the picture that the video has to show.

use std::time::Duration;

use rh_capture::{Rect, Size};

/// For how long a key frame still shows what is not the video's any more: it may overtake the tile
/// that covers it, and would be seen black.
const LEAVING: Duration = Duration::from_secs(1);

/// How many earlier areas are remembered, the latest.
const MOST: usize = 32;

/// What is looked at, of a picture that is kept from one frame to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Area {
    /// `None` for the whole.
    rects: Option<Vec<Rect>>,
    changed: bool,
    /// What was looked at before, the latest first, and until when; not known before the next frame.
    left: Vec<(Option<Duration>, Vec<Rect>)>,
}

/// What to take in for the next frame.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Due {
    /// Whether to begin with black.
    pub(crate) clear: bool,
    /// What may differ from what was taken in, or was not taken in before.
    pub(crate) damage: Vec<Rect>,
}

impl Area {
    /// From the next frame on, only this is looked at.
    pub(crate) fn set(&mut self, rects: Option<Vec<Rect>>) {
        if self.rects != rects {
            self.changed = true;
            self.left.truncate(MOST - 1);
            self.left.splice(..0, self.rects.take().map(|rects| (None, rects)));
        }
        self.rects = rects;
    }

    /// Pixels of a picture of `size` that are looked at, if none is counted twice.
    pub(crate) fn pixels(&self, size: Size) -> u64 {
        let whole = Rect::whole(size).area();
        self.rects.as_ref().map_or(whole, |it| it.iter().map(|rect| rect.area()).sum())
    }

    /// What to take in of a picture of the time `at` that has changed within `damage`; a frame that
    /// `begins` builds on no other.
    pub(crate) fn due(&mut self, at: Duration, damage: &[Rect], size: Size, begins: bool) -> Due {
        let changed = std::mem::take(&mut self.changed);
        self.left.retain_mut(|(until, _)| at < *until.get_or_insert(at) + LEAVING);
        match &self.rects {
            None if changed => Due { clear: false, damage: vec![Rect::whole(size)] },
            None => Due { clear: false, damage: damage.to_vec() },
            Some(rects) if begins => {
                let left = self.left.iter().flat_map(|(_, rects)| rects);
                Due { clear: true, damage: rects.iter().chain(left).copied().collect() }
            }
            Some(rects) if changed => Due { clear: false, damage: rects.clone() },
            Some(rects) => {
                let pairs = damage.iter().flat_map(|it| rects.iter().map(move |rect| (it, rect)));
                let within = pairs.filter_map(|(it, rect)| it.intersection(*rect));
                Due { clear: false, damage: within.collect() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Duration = Duration::ZERO;
    const SIZE: Size = Size { width: 100, height: 100 };

    fn rect(x: u32, y: u32, width: u32, height: u32) -> Rect {
        Rect { x, y, width, height }
    }

    #[test]
    fn only_what_is_looked_at_is_taken_in() {
        let mut area = Area::default();
        let damage = [rect(0, 0, 50, 10)];
        assert_eq!(area.due(T0, &damage, SIZE, true).damage, damage);
        area.set(Some(vec![rect(40, 0, 20, 20)]));
        let new = area.due(T0, &damage, SIZE, false);
        assert_eq!(new, Due { clear: false, damage: vec![rect(40, 0, 20, 20)] });
        assert_eq!(area.due(T0, &damage, SIZE, false).damage, [rect(40, 0, 10, 10)]);
        assert_eq!(area.due(T0, &[rect(0, 50, 9, 9)], SIZE, false).damage, []);
        assert_eq!(area.pixels(SIZE), 400);
    }

    /// What is not looked at any more would only make a key frame larger.
    #[test]
    fn a_key_frame_begins_with_black() {
        let mut area = Area::default();
        area.set(Some(vec![rect(0, 0, 8, 8)]));
        let key = area.due(T0, &[], SIZE, true);
        assert_eq!(key, Due { clear: true, damage: vec![rect(0, 0, 8, 8)] });
        area.set(None);
        assert_eq!(area.due(T0, &[], SIZE, true).damage, [Rect::whole(SIZE)], "it was left out");
        assert_eq!(area.due(T0, &[], SIZE, true).damage, []);
        assert_eq!(area.pixels(SIZE), 10_000);
    }
    /// A key frame that overtakes the tile for a part shows that part, and not black.
    #[test]
    fn what_has_just_left_is_still_in_a_key_frame() {
        let (mut area, old, new) = (Area::default(), rect(0, 0, 8, 8), rect(50, 50, 8, 8));
        let ms = Duration::from_millis;
        area.set(Some(vec![old]));
        area.due(T0, &[], SIZE, true);
        area.set(Some(vec![new]));
        assert_eq!(area.due(ms(100), &[], SIZE, false).damage, [new]);
        assert_eq!(area.due(ms(1_000), &[], SIZE, true).damage, [new, old]);
        assert_eq!(area.due(ms(1_100), &[], SIZE, true).damage, [new]);
    }
}
