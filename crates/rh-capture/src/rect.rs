//! Rectangles of pixels.

use rh_protocol::Size;

/// A rectangle of pixels within a picture; never empty, never outside.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Rect {
    /// From the left edge.
    pub x: u32,
    /// From the top edge.
    pub y: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Rect {
    /// The whole of a picture of `size`.
    pub const fn whole(size: Size) -> Self {
        Self { x: 0, y: 0, width: size.width, height: size.height }
    }

    /// The part within a picture of `size` of a rectangle that may begin left of or above it, and
    /// reach beyond it; `None` if there is no such part.
    pub fn clipped(x: i64, y: i64, width: u32, height: u32, size: Size) -> Option<Self> {
        let (left, width) = clip(x, width, size.width)?;
        let (top, height) = clip(y, height, size.height)?;
        Some(Self { x: left, y: top, width, height })
    }

    /// The number of its pixels.
    pub const fn area(self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.width).max(other.x + other.width);
        let bottom = (self.y + self.height).max(other.y + other.height);
        Self { x, y, width: right - x, height: bottom - y }
    }

    /// What both have; `None` if that is nothing.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let right = (self.x + self.width).min(other.x + other.width);
        let bottom = (self.y + self.height).min(other.y + other.height);
        (x < right && y < bottom).then(|| Self { x, y, width: right - x, height: bottom - y })
    }

    /// Whether the pixel `(x, y)` is in it.
    pub const fn contains(self, x: u32, y: u32) -> bool {
        x >= self.x && y >= self.y && x - self.x < self.width && y - self.y < self.height
    }

    /// Whether it has pixels and all of them are in a picture of `size`.
    pub fn is_within(self, size: Size) -> bool {
        let fits = |at: u32, extent: u32, whole: u32| {
            extent > 0 && at.checked_add(extent).is_some_and(|end| end <= whole)
        };
        fits(self.x, self.width, size.width) && fits(self.y, self.height, size.height)
    }
}

/// Clips `extent` units from `at` to `0..whole`, as a new start and extent.
fn clip(at: i64, extent: u32, whole: u32) -> Option<(u32, u32)> {
    let whole = i64::from(whole);
    let start = at.clamp(0, whole);
    let end = at.saturating_add(i64::from(extent)).clamp(0, whole);
    (end > start).then_some((start as u32, (end - start) as u32))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// B-08: what is clipped is exactly the pixels that are in both.
        #[test]
        fn clipping_keeps_exactly_the_pixels_inside(
            x in -20_i64..20, y in -20_i64..20, w in 0_u32..20, h in 0_u32..20,
            width in 1_u32..16, height in 1_u32..16,
        ) {
            let clipped = Rect::clipped(x, y, w, h, Size { width, height });
            for (px, py) in (0..height).flat_map(|py| (0..width).map(move |px| (px, py))) {
                let (gx, gy) = (i64::from(px), i64::from(py));
                let inside = (x..x + i64::from(w)).contains(&gx) && (y..y + i64::from(h)).contains(&gy);
                prop_assert_eq!(clipped.is_some_and(|rect| rect.contains(px, py)), inside);
            }
            let size = Size { width, height };
            prop_assert!(clipped.is_none_or(|rect| rect.is_within(size)));
        }

        #[test]
        fn clipping_never_overflows(x: i64, y: i64, w: u32, h: u32, width in 1_u32.., height in 1_u32..) {
            let size = Size { width, height };
            prop_assert!(Rect::clipped(x, y, w, h, size).is_none_or(|rect| rect.is_within(size)));
        }
    }
}
