//! From pixels to the counts of a scroll event.

/// Turns pixels into whole ones, and remembers what is left of each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scroll {
    x: f32,
    y: f32,
}

impl Scroll {
    /// Scrolls by pixels to the right and down; gives `wheel1` and `wheel2` of
    /// `CGEventCreateScrollWheelEvent2` in the unit `kCGScrollEventUnitPixel`.
    ///
    /// Both count against us: `wheel1` up and `wheel2` to the left. The helper's own machine has
    /// applied its direction ("natural" or not) already; the sharer's setting turns what comes from
    /// a device, not what is posted. So the page moves here as it would have moved there.
    pub fn turn(&mut self, dx: f32, dy: f32) -> (i32, i32) {
        (-whole(&mut self.y, dy), -whole(&mut self.x, dx))
    }
}

fn whole(rest: &mut f32, by: f32) -> i32 {
    if !by.is_finite() {
        return 0;
    }
    let pixels = *rest + by;
    let whole = pixels.trunc();
    *rest = pixels - whole;
    // A session scrolls by 10000 pixels at most; more than an i32 holds becomes its bound.
    (whole as i32).max(-i32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn down_and_right_are_negative() {
        assert_eq!(Scroll::default().turn(0.0, 120.0), (-120, 0));
        assert_eq!(Scroll::default().turn(0.0, -53.0), (53, 0));
        assert_eq!(Scroll::default().turn(7.0, 0.0), (0, -7));
        assert_eq!(Scroll::default().turn(-7.0, 3.0), (-3, 7));
    }

    #[test]
    fn what_is_left_of_a_pixel_counts_for_the_next() {
        let mut scroll = Scroll::default();
        let turns: Vec<_> = (0..4).map(|_| scroll.turn(-0.5, 0.25)).collect();
        assert_eq!(turns, [(0, 0), (0, 1), (0, 0), (-1, 1)]);
    }

    #[test]
    fn what_is_no_number_scrolls_nothing() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.turn(f32::NAN, f32::INFINITY), (0, 0));
        assert_eq!(scroll.turn(f32::MAX, f32::MIN), (i32::MAX, -i32::MAX));
        assert_eq!(scroll.turn(1.0, 1.0), (-1, -1));
    }

    proptest! {
        /// However it is cut into steps, a scroll goes as far, to less than two pixels.
        #[test]
        fn nothing_is_lost_between_steps(steps in prop::collection::vec(-300.0f32..300.0, 1..60)) {
            let mut scroll = Scroll::default();
            let far: f64 = steps.iter().map(|&step| f64::from(step)).sum();
            let gone: i64 = steps.iter().map(|&step| i64::from(-scroll.turn(0.0, step).0)).sum();
            prop_assert!((far - gone as f64).abs() < 1.01, "{far} became {gone}");
        }
    }
}
