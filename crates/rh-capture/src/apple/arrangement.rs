//! Where displays are, and which pixel of one a point is.
//!
//! Core Graphics counts in points from the top left of the main display; displays left of or above
//! it begin at negative numbers. Bounds and pictures are upright, however the display is mounted; a
//! mode may be given as mounted or upright, so that only the ratio of its two extents is used.

use rh_protocol::{Display, DisplayId, Size};

/// What Core Graphics says of a display.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Facts {
    pub(crate) id: u32,
    /// `CGDisplayBounds`: left, top, width and height, in points.
    pub(crate) bounds: [f64; 4],
    /// Points across the current mode, and pixels for them; `None` while it changes.
    pub(crate) mode: Option<(usize, usize)>,
    /// Clockwise, in degrees.
    pub(crate) rotation: f64,
    pub(crate) main: bool,
    pub(crate) built_in: bool,
}

impl Facts {
    /// Pixels a point.
    pub(crate) fn scale(&self) -> f64 {
        match self.mode {
            Some((points, pixels)) if points > 0 && pixels > 0 => pixels as f64 / points as f64,
            _ => 1.0,
        }
    }

    /// The extent of its picture.
    pub(crate) fn pixels(&self) -> Size {
        let [_, _, width, height] = self.bounds;
        let pixels = |points: f64| (points.round() * self.scale()).round() as u32;
        Size { width: pixels(width), height: pixels(height) }
    }

    /// As everyone else knows it; `number` counts displays from 1 for those without a name.
    pub(crate) fn display(&self, name: Option<String>, number: usize) -> Display {
        let [x, y, width, height] = self.bounds.map(f64::round);
        Display {
            id: DisplayId(self.id),
            name: name.unwrap_or_else(|| self.plain_name(number)),
            x: x as i32,
            y: y as i32,
            width: width as u32,
            height: height as u32,
            scale: self.scale(),
            primary: self.main,
        }
    }

    fn plain_name(&self, number: usize) -> String {
        let name =
            if self.built_in { "Built-in display".to_owned() } else { format!("Display {number}") };
        match self.rotation.rem_euclid(360.0).round() as u32 {
            0 | 360 => name,
            degrees => format!("{name} ({degrees}°)"),
        }
    }

    /// The pixel at a point of the desktop; `None` if it is on another display.
    pub(crate) fn pixel(&self, x: f64, y: f64) -> Option<(u32, u32)> {
        let [left, top, width, height] = self.bounds;
        let here = x >= left && y >= top && x < left + width && y < top + height;
        let size = self.pixels();
        let at = |offset: f64, extent: u32| {
            ((offset * self.scale()) as u32).min(extent.saturating_sub(1))
        };
        here.then(|| (at(x - left, size.width), at(y - top, size.height)))
    }
}

/// Displays that have extent, exactly one of them the main one: during a change of the arrangement
/// there may be none that says so, and then the first is.
pub(crate) fn settled(mut facts: Vec<Facts>) -> Vec<Facts> {
    facts.retain(|facts| facts.bounds.iter().all(|n| n.is_finite()) && has_extent(facts));
    let main = facts.iter().position(|facts| facts.main).unwrap_or(0);
    for (index, facts) in facts.iter_mut().enumerate() {
        facts.main = index == main;
    }
    facts
}

/// The display that `area` (left, top, width and height, in points) covers most of.
pub(crate) fn covered(displays: &[Facts], area: [f64; 4]) -> Option<DisplayId> {
    let overlap = |facts: &Facts| {
        let [width, height] = [0, 1].map(|side| {
            let (begin, end) = (facts.bounds[side], facts.bounds[side] + facts.bounds[side + 2]);
            (end.min(area[side] + area[side + 2]) - begin.max(area[side])).max(0.0)
        });
        width * height
    };
    let most = displays.iter().max_by(|a, b| overlap(a).total_cmp(&overlap(b)));
    most.filter(|facts| overlap(facts) > 0.0).map(|facts| DisplayId(facts.id))
}

fn has_extent(facts: &Facts) -> bool {
    let size = facts.pixels();
    facts.bounds[2] >= 1.0 && facts.bounds[3] >= 1.0 && size.width > 0 && size.height > 0
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn facts() -> impl Strategy<Value = Facts> {
        let scale = prop::sample::select(vec![1, 2, 3]);
        let quarter = prop::sample::select(vec![0.0, 90.0, 180.0, 270.0]);
        (1_u32..9, scale, quarter, any::<bool>(), 320_u32..3000, 200_u32..2000).prop_map(
            |(id, scale, rotation, as_mounted, width, height)| {
                let turned = rotation == 90.0 || rotation == 270.0;
                let across = if turned && as_mounted { height } else { width } as usize;
                let bounds = [0.0, 0.0, f64::from(width), f64::from(height)];
                let mode = Some((across, across * scale));
                Facts { id, bounds, mode, rotation, main: id == 1, built_in: false }
            },
        )
    }

    /// Displays side by side, whose tops differ, the second of them the origin.
    fn row() -> impl Strategy<Value = Vec<Facts>> {
        vec((facts(), -900_i32..900), 2..5).prop_map(|mut row| {
            let mut left = -row[0].0.bounds[2];
            for (facts, top) in &mut row {
                (facts.bounds[0], facts.bounds[1]) = (left, f64::from(*top));
                left += facts.bounds[2];
            }
            row.into_iter().map(|(facts, _)| facts).collect()
        })
    }

    proptest! {
        /// B-08: with mixed scales, rotation and negative origins, a point is a pixel of the one
        /// display that shows it, and of no other.
        #[test]
        fn a_point_is_on_one_display(row in row(), which in 0_usize..4, fx in 0.0..1.0, fy in 0.0..1.0) {
            let [left, top, width, height] = row[which % row.len()].bounds;
            let (x, y) = (left + fx * width, top + fy * height);
            let shown: Vec<_> = row.iter().filter_map(|facts| Some((facts, facts.pixel(x, y)?))).collect();
            prop_assert_eq!(shown.len(), 1);
            let (facts, (px, py)) = shown[0];
            let size = facts.pixels();
            prop_assert!(px < size.width && py < size.height);
            let back = |pixel: u32, origin: f64| f64::from(pixel) / facts.scale() + origin;
            let near = 1.0 / facts.scale() + 1e-6;
            prop_assert!((back(px, facts.bounds[0]) - x).abs() <= near);
            prop_assert!((back(py, facts.bounds[1]) - y).abs() <= near);
        }

        /// The wire's extent and scale give the picture's extent, whichever way the mode is told.
        #[test]
        fn extent_and_scale_give_the_pixels(facts in facts()) {
            let (display, size) = (facts.display(None, 1), facts.pixels());
            let pixels = |extent: u32| (f64::from(extent) * display.scale).round() as u32;
            prop_assert_eq!((pixels(display.width), pixels(display.height)), (size.width, size.height));
        }

        #[test]
        fn one_display_is_the_main_one(row in row()) {
            let settled = settled(row.clone());
            prop_assert_eq!(settled.len(), row.len());
            prop_assert_eq!(settled.iter().filter(|facts| facts.main).count(), 1);
        }
    }

    const RETINA: Facts = Facts {
        id: 7,
        bounds: [-1512.0, -200.0, 1512.0, 982.0],
        mode: Some((1512, 3024)),
        rotation: 0.0,
        main: true,
        built_in: true,
    };

    #[test]
    fn a_retina_display_left_of_the_origin() {
        assert_eq!(RETINA.pixels(), Size { width: 3024, height: 1964 });
        assert_eq!(RETINA.pixel(-1512.0, -200.0), Some((0, 0)));
        assert_eq!(RETINA.pixel(-0.5, 781.5), Some((3023, 1963)));
        assert_eq!(RETINA.pixel(0.0, 0.0), None);
        let display = RETINA.display(Some("Colour LCD".to_owned()), 1);
        assert_eq!((display.x, display.y, display.scale), (-1512, -200, 2.0));
        assert_eq!(display.name, "Colour LCD");
    }

    #[test]
    fn a_display_without_a_name_gets_one() {
        assert_eq!(RETINA.display(None, 1).name, "Built-in display");
        let turned = Facts { built_in: false, rotation: 90.0, ..RETINA };
        assert_eq!(turned.display(None, 2).name, "Display 2 (90°)");
    }

    #[test]
    fn an_area_is_of_the_display_that_it_covers_most_of() {
        let main = Facts { id: 1, bounds: [0.0, 0.0, 1920.0, 1080.0], ..RETINA };
        let both = [RETINA, main];
        assert_eq!(covered(&both, RETINA.bounds), Some(DisplayId(7)));
        assert_eq!(covered(&both, [-10.0, 0.0, 100.0, 100.0]), Some(DisplayId(1)));
        assert_eq!(covered(&both, [5000.0, 0.0, 100.0, 100.0]), None);
        assert_eq!(covered(&[], RETINA.bounds), None);
    }

    #[test]
    fn what_has_no_extent_is_no_display() {
        let gone = Facts { bounds: [0.0; 4], ..RETINA };
        let wild = Facts { bounds: [f64::INFINITY, 0.0, 5.0, 5.0], ..RETINA };
        assert_eq!(settled(vec![gone, wild, RETINA]), [RETINA]);
        assert_eq!(Facts { mode: None, ..RETINA }.scale(), 1.0);
    }
}
