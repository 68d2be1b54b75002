//! What ScreenCaptureKit attaches to a frame.
//!
//! The status tells whether there is a picture at all, the dirty rectangles what changed in it.
//! Apple does not say whether these are pixels or points; see [`DirtyRects`].

use crate::{Rect, Size};

/// A rectangle as Core Graphics has it: left, top, width and height.
pub(crate) type FloatRect = [f64; 4];

/// What a frame says of itself (`SCFrameStatus`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Status {
    /// There is a new picture.
    Complete,
    /// There is none: nothing changed, or the display sleeps, or the stream begins or ends.
    Nothing,
}

impl Status {
    /// The meaning of the attached number; of a missing or unknown one, nothing.
    pub(crate) const fn of(raw: Option<isize>) -> Self {
        match raw {
            Some(0) => Self::Complete,
            _ => Self::Nothing,
        }
    }
}

/// Makes pixels of dirty rectangles.
///
/// Until one of them reaches beyond the display's extent in points, which proves that they are
/// pixels (the first frame's usually does), each is read both ways and both readings are damage:
/// encoding a little in vain beats a part of the picture that stays stale.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DirtyRects {
    pixels: bool,
}

impl DirtyRects {
    /// The damage in a picture of `size` that has `scale` pixels a point. Rectangles that are
    /// missing (`None`) or not numbers make it the whole; an empty list means that nothing changed.
    pub(crate) fn damage(
        &mut self,
        dirty: Option<&[Option<FloatRect>]>,
        scale: f64,
        size: Size,
    ) -> Vec<Rect> {
        let known: Option<Vec<FloatRect>> = dirty.and_then(|dirty| dirty.iter().copied().collect());
        let Some(known) = known.filter(|rects| rects.iter().flatten().all(|n| n.is_finite()))
        else {
            return vec![Rect::whole(size)];
        };
        let (width, height) = (f64::from(size.width) / scale, f64::from(size.height) / scale);
        let beyond = |[x, y, w, h]: &FloatRect| x + w > width + 0.5 || y + h > height + 0.5;
        self.pixels |= scale > 1.0 && known.iter().any(beyond);
        let both = scale != 1.0 && !self.pixels;
        let readings = known.iter().flat_map(|rect| {
            let as_points = both.then(|| outward(rect.map(|n| n * scale), size));
            [outward(*rect, size), as_points.flatten()]
        });
        readings.flatten().collect()
    }
}

/// The smallest rectangle of whole pixels within the picture that holds all of `rect` there.
fn outward([x, y, width, height]: FloatRect, size: Size) -> Option<Rect> {
    let (left, top) = (x.floor(), y.floor());
    // A conversion of a float saturates.
    let extent = |from: f64, to: f64| (to.ceil() - from) as u32;
    let (width, height) = (extent(left, x + width), extent(top, y + height));
    Rect::clipped(left as i64, top as i64, width, height, size)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: Size = Size { width: 400, height: 300 };

    fn holds(damage: &[Rect], x: u32, y: u32) -> bool {
        damage.iter().any(|rect| rect.contains(x, y))
    }

    /// Whether pixel `(x, y)` has a part in the open rectangle.
    fn touches([left, top, width, height]: FloatRect, x: u32, y: u32) -> bool {
        let (x, y) = (f64::from(x), f64::from(y));
        x + 1.0 > left && x < left + width && y + 1.0 > top && y < top + height
    }

    proptest! {
        /// B-08: on displays of any scale, what changed is damage by whichever unit it is told in.
        #[test]
        fn damage_covers_either_reading(
            x in -20.0..220.0, y in -20.0..170.0, w in 0.1..90.0, h in 0.1..90.0,
            scale in prop::sample::select(vec![1.0, 1.5, 2.0, 3.0]),
            px in 0_u32..400, py in 0_u32..300,
        ) {
            let rect: FloatRect = [x, y, w, h];
            let mut fresh = DirtyRects::default();
            let damage = fresh.damage(Some(&[Some(rect)]), scale, SIZE);
            prop_assert!(damage.iter().all(|rect| rect.is_within(SIZE)));
            prop_assert!(!touches(rect, px, py) || holds(&damage, px, py));
            if !fresh.pixels {
                let scaled = rect.map(|n| n * scale);
                prop_assert!(!touches(scaled, px, py) || holds(&damage, px, py));
            }
        }

        #[test]
        fn nothing_that_is_attached_breaks_it(x: f64, y: f64, w: f64, h: f64, scale in 0.5..4.0) {
            let damage = DirtyRects::default().damage(Some(&[Some([x, y, w, h])]), scale, SIZE);
            prop_assert!(damage.iter().all(|rect| rect.is_within(SIZE)));
        }
    }

    #[test]
    fn a_rectangle_beyond_the_points_proves_pixels() {
        let mut dirty = DirtyRects::default();
        let speck = [Some([10.0, 20.0, 4.0, 4.0])];
        let as_pixels = Rect { x: 10, y: 20, width: 4, height: 4 };
        let as_points = Rect { x: 20, y: 40, width: 8, height: 8 };
        assert_eq!(dirty.damage(Some(&speck), 2.0, SIZE), [as_pixels, as_points]);
        let all = [Some([0.0, 0.0, 400.0, 300.0])];
        assert_eq!(dirty.damage(Some(&all), 2.0, SIZE), [Rect::whole(SIZE)]);
        assert_eq!(dirty.damage(Some(&speck), 2.0, SIZE), [as_pixels]);
    }

    #[test]
    fn what_cannot_be_read_is_the_whole_and_an_empty_list_is_nothing() {
        let mut dirty = DirtyRects::default();
        let whole = [Rect::whole(SIZE)];
        assert_eq!(dirty.damage(None, 2.0, SIZE), whole);
        assert_eq!(dirty.damage(Some(&[None, Some([0.0; 4])]), 2.0, SIZE), whole);
        assert_eq!(dirty.damage(Some(&[Some([f64::NAN, 0.0, 1.0, 1.0])]), 2.0, SIZE), whole);
        assert_eq!(dirty.damage(Some(&[]), 2.0, SIZE), []);
    }

    /// Only a complete frame has a picture: idle, blank, suspended, started and stopped have none.
    #[test]
    fn only_complete_frames_count() {
        assert_eq!(Status::of(Some(0)), Status::Complete);
        for other in [None, Some(-1), Some(1), Some(2), Some(3), Some(4), Some(5), Some(isize::MAX)]
        {
            assert_eq!(Status::of(other), Status::Nothing);
        }
    }
}
