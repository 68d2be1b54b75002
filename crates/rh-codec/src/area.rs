//! The part of the picture that the video has to show.

use rh_capture::{Rect, Size};

/// What is looked at, of a picture that is kept from one frame to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Area {
    /// `None` for the whole.
    rects: Option<Vec<Rect>>,
    changed: bool,
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
        self.changed |= self.rects != rects;
        self.rects = rects;
    }

    /// Pixels of a picture of `size` that are looked at, if none is counted twice.
    pub(crate) fn pixels(&self, size: Size) -> u64 {
        let whole = Rect::whole(size).area();
        self.rects.as_ref().map_or(whole, |it| it.iter().map(|rect| rect.area()).sum())
    }

    /// What to take in of a picture that has changed within `damage`; a frame that `begins` builds
    /// on no other.
    pub(crate) fn due(&mut self, damage: &[Rect], size: Size, begins: bool) -> Due {
        let changed = std::mem::take(&mut self.changed);
        match &self.rects {
            None if changed => Due { clear: false, damage: vec![Rect::whole(size)] },
            None => Due { clear: false, damage: damage.to_vec() },
            Some(rects) if changed || begins => Due { clear: begins, damage: rects.clone() },
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

    const SIZE: Size = Size { width: 100, height: 100 };

    fn rect(x: u32, y: u32, width: u32, height: u32) -> Rect {
        Rect { x, y, width, height }
    }

    #[test]
    fn only_what_is_looked_at_is_taken_in() {
        let mut area = Area::default();
        let damage = [rect(0, 0, 50, 10)];
        assert_eq!(area.due(&damage, SIZE, true).damage, damage);
        area.set(Some(vec![rect(40, 0, 20, 20)]));
        let new = area.due(&damage, SIZE, false);
        assert_eq!(new, Due { clear: false, damage: vec![rect(40, 0, 20, 20)] });
        assert_eq!(area.due(&damage, SIZE, false).damage, [rect(40, 0, 10, 10)]);
        assert_eq!(area.due(&[rect(0, 50, 9, 9)], SIZE, false).damage, []);
        assert_eq!(area.pixels(SIZE), 400);
    }

    /// What is not looked at any more would only make a key frame larger.
    #[test]
    fn a_key_frame_begins_with_black() {
        let mut area = Area::default();
        area.set(Some(vec![rect(0, 0, 8, 8)]));
        let key = area.due(&[], SIZE, true);
        assert_eq!(key, Due { clear: true, damage: vec![rect(0, 0, 8, 8)] });
        area.set(None);
        assert_eq!(area.due(&[], SIZE, true).damage, [Rect::whole(SIZE)], "it was left out");
        assert_eq!(area.due(&[], SIZE, true).damage, []);
        assert_eq!(area.pixels(SIZE), 10_000);
    }
}
