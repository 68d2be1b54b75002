//! A picture whose colour is already apart: luma is taken as it is, blue and red are separated.

use rh_capture::{Rect, Size};

use super::shrink::Shrink;
use super::{Picture, failed};
use crate::EncodeError;

/// The planes of `Pixels::Nv12`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nv12<'a> {
    pub(super) luma: &'a [u8],
    pub(super) luma_stride: usize,
    pub(super) chroma: &'a [u8],
    pub(super) chroma_stride: usize,
}

impl Nv12<'_> {
    fn covers(&self, Size { width, height }: Size) -> bool {
        let rows = |plane: &[u8], stride: usize, length: u32, rows: u32| {
            stride >= length as usize && plane.len().checked_div(stride) >= Some(rows as usize)
        };
        let (wide, high) = (width.div_ceil(2).saturating_mul(2), height.div_ceil(2));
        rows(self.luma, self.luma_stride, width, height)
            && rows(self.chroma, self.chroma_stride, wide, high)
    }
}

impl Picture {
    /// Takes in what of `damage` lies within.
    pub(super) fn update_nv12(
        &mut self,
        planes: Nv12<'_>,
        damage: &[Rect],
    ) -> Result<(), EncodeError> {
        if !planes.covers(self.source) {
            return Err(failed("a frame shorter than its size"));
        }
        for rect in damage {
            let Some(area) = self.area(*rect) else { continue };
            if let Some(shrink) = self.shrink {
                self.average_planes(shrink, planes, area);
            } else {
                self.copy_luma(planes, area);
                self.repeat_edges(area);
                self.part_chroma(planes, area);
            }
        }
        Ok(())
    }

    /// Takes in `area` of the smaller picture, whose sides are even.
    fn average_planes(&mut self, shrink: Shrink, planes: Nv12<'_>, area: Rect) {
        let wide = self.coded.width as usize;
        let (columns, rows) = (area.x..area.x + area.width, area.y..area.y + area.height);
        for (x, y) in rows.clone().flat_map(|y| columns.clone().map(move |x| (x, y))) {
            self.y[y as usize * wide + x as usize] = shrink.luma(planes, x, y);
        }
        let (columns, rows) = (columns.start / 2..columns.end / 2, rows.start / 2..rows.end / 2);
        for (x, y) in rows.flat_map(|y| columns.clone().map(move |x| (x, y))) {
            let at = y as usize * (wide / 2) + x as usize;
            [self.u[at], self.v[at]] = shrink.chroma(planes, x, y);
        }
    }

    fn copy_luma(&mut self, planes: Nv12<'_>, area: Rect) {
        let wide = self.coded.width as usize;
        let columns = area.x as usize..(area.x + area.width) as usize;
        for row in area.y as usize..(area.y + area.height) as usize {
            let from = &planes.luma[row * planes.luma_stride..][columns.clone()];
            self.y[row * wide..][columns.clone()].copy_from_slice(from);
        }
    }

    fn part_chroma(&mut self, planes: Nv12<'_>, area: Rect) {
        let wide = self.coded.width as usize / 2;
        let columns = area.x as usize / 2..((area.x + area.width) as usize).div_ceil(2);
        for row in area.y as usize / 2..((area.y + area.height) as usize).div_ceil(2) {
            let from = &planes.chroma[row * planes.chroma_stride..];
            let pairs = from[columns.start * 2..columns.end * 2].as_chunks::<2>().0;
            let u = &mut self.u[row * wide..][columns.clone()];
            let v = &mut self.v[row * wide..][columns.clone()];
            for ((u, v), [blue, red]) in u.iter_mut().zip(v).zip(pairs) {
                (*u, *v) = (*blue, *red);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use rh_capture::{Frame, Pixels};

    use super::*;

    fn whole(size: Size) -> [Rect; 1] {
        [Rect { x: 0, y: 0, width: size.width, height: size.height }]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Each plane shows its own place, and on odd sides the last column and row twice.
        #[test]
        fn planes_are_taken_apart(
            (width, height) in (1..150_u32, 1..9_u32),
            (gap, chroma_gap) in (0..5_usize, 0..5_usize),
        ) {
            let size = Size { width, height };
            let luma_stride = width as usize + gap;
            let chroma_stride = 2 * width.div_ceil(2) as usize + chroma_gap;
            let luma: Vec<u8> = (0..luma_stride * height as usize).map(|at| (at % 199) as u8).collect();
            let chroma: Vec<u8> =
                (0..chroma_stride * height.div_ceil(2) as usize).map(|at| (at % 97) as u8).collect();
            let pixels =
                Pixels::Nv12 { luma: &luma, luma_stride, chroma: &chroma, chroma_stride };
            let mut picture = Picture::new(size);
            let frame = Frame { size, damage: &whole(size), at: Duration::ZERO, pixels };
            picture.update(&frame).expect("whole");
            let wide = picture.coded().width as usize;
            for (at, y) in picture.y().iter().enumerate() {
                let (column, row) = (at % wide, at / wide);
                let (column, row) = (column.min(width as usize - 1), row.min(height as usize - 1));
                prop_assert_eq!(*y, luma[row * luma_stride + column]);
            }
            for (at, (u, v)) in picture.u().iter().zip(picture.v()).enumerate() {
                let from = at / (wide / 2) * chroma_stride + at % (wide / 2) * 2;
                prop_assert_eq!([*u, *v], [chroma[from], chroma[from + 1]]);
            }
        }
    }

    #[test]
    fn what_did_not_change_is_left_alone() {
        let size = Size { width: 200, height: 4 };
        let (luma, chroma) = (vec![200; 800], vec![90; 400]);
        let pixels =
            Pixels::Nv12 { luma: &luma, luma_stride: 200, chroma: &chroma, chroma_stride: 200 };
        let damage = [Rect { x: 130, y: 2, width: 1, height: 1 }];
        let mut picture = Picture::new(size);
        let frame = Frame { size, damage: &damage, at: Duration::ZERO, pixels };
        picture.update(&frame).expect("whole");
        assert_eq!([picture.y()[2 * 200 + 130], picture.y()[130]], [200, 16]);
        assert_eq!([picture.u()[100 + 65], picture.v()[65]], [90, 128]);
        assert_eq!([picture.y()[2 * 200 + 10], picture.v()[100 + 5]], [16, 128]);
    }

    #[test]
    fn planes_shorter_than_they_claim_are_refused() {
        let size = Size { width: 5, height: 3 };
        let refused = |luma: usize, luma_stride: usize, chroma: usize, chroma_stride: usize| {
            let (luma, chroma) = (vec![1; luma], vec![2; chroma]);
            let pixels = Pixels::Nv12 { luma: &luma, luma_stride, chroma: &chroma, chroma_stride };
            let frame = Frame { size, damage: &whole(size), at: Duration::ZERO, pixels };
            Picture::new(size).update(&frame).is_err()
        };
        assert!(!refused(15, 5, 12, 6));
        assert!(refused(14, 5, 12, 6));
        assert!(refused(15, 4, 12, 6));
        assert!(refused(15, 5, 11, 6));
        assert!(refused(15, 5, 12, 5));
        assert!(refused(0, 0, 0, 0));
    }
}
