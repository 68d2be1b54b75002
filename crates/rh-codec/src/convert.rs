//! The picture as the encoder wants it: planar, 4:2:0, BT.709 limited range.
//!
//! A [`Picture`] is kept from one frame to the next, and only what changed is converted. Its sides
//! are even, because H.264 in 4:2:0 can express no other (ITU-T H.264, 7.4.2.1.1: cropping counts in
//! units of two pixels): on a display with an odd side the last column or row is shown twice.
//! A display beyond what codecs take is shown smaller. Rotation is absent.

use rh_capture::{Frame, Pixels, Rect, Size};
use yuv::{BufferStoreMut, YuvConversionMode, YuvPlanarImageMut, YuvRange, YuvStandardMatrix};

use self::nv12::Nv12;
use self::shrink::Shrink;
use crate::EncodeError;

mod nv12;
mod shrink;

/// Columns are converted in whole groups of this many pixels: the vector code rounds in another way
/// than the scalar code that finishes a row, so where a group starts must not depend on the damage.
const GROUP: u32 = 64;
/// Rows of a smaller picture that are made at a time: so few stay in a processor's cache.
const ROWS: u32 = 16;

/// One picture in memory: brightness in full, colour at half resolution both ways.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Picture {
    source: Size,
    shrink: Option<Shrink>,
    /// What is converted; all of the planes but what repeats an edge.
    filled: Size,
    coded: Size,
    y: Vec<u8>,
    u: Vec<u8>,
    v: Vec<u8>,
}

impl Picture {
    /// Makes a black picture for a display of `source` pixels.
    #[must_use]
    pub fn new(source: Size) -> Self {
        Self::shrunk(source, 0)
    }

    /// Makes a black picture for a display of `source` pixels that shows it with both sides halved so
    /// often (at most 12 times): each pixel is the average of those it stands for.
    #[must_use]
    pub fn shrunk(source: Size, halvings: u32) -> Self {
        let shrink = (halvings > 0).then(|| Shrink::new(source, halvings));
        let filled = shrink.map_or(source, |it| it.to());
        let coded = Size {
            width: filled.width.next_multiple_of(2),
            height: filled.height.next_multiple_of(2),
        };
        let pixels = coded.width as usize * coded.height as usize;
        Self {
            source,
            shrink,
            filled,
            coded,
            y: vec![16; pixels],
            u: vec![128; pixels / 4],
            v: vec![128; pixels / 4],
        }
    }

    /// Size of the display it was made for.
    #[must_use]
    pub fn source(&self) -> Size {
        self.source
    }

    /// How often both sides of the display were halved.
    #[must_use]
    pub fn halvings(&self) -> u32 {
        self.shrink.map_or(0, |it| it.halvings())
    }

    /// Size of the planes: [`source`](Self::source), halved if it is, with both sides rounded up to
    /// even.
    #[must_use]
    pub fn coded(&self) -> Size {
        self.coded
    }

    /// Brightness, 16 to 235; `width * height` of [`coded`](Self::coded), rows without gaps.
    #[must_use]
    pub fn y(&self) -> &[u8] {
        &self.y
    }

    /// Blue difference, 16 to 240; half as wide and half as high, rows without gaps.
    #[must_use]
    pub fn u(&self) -> &[u8] {
        &self.u
    }

    /// Red difference, as [`u`](Self::u).
    #[must_use]
    pub fn v(&self) -> &[u8] {
        &self.v
    }

    /// Makes it black again.
    pub fn clear(&mut self) {
        self.y.fill(16);
        self.u.fill(128);
        self.v.fill(128);
    }

    /// Takes in what `frame` says has changed.
    ///
    /// # Errors
    ///
    /// [`EncodeError::Codec`] if the frame is of another size than the picture, or shorter than it
    /// claims to be.
    pub fn update(&mut self, frame: &Frame<'_>) -> Result<(), EncodeError> {
        if frame.size != self.source {
            return Err(failed("a frame of another size"));
        }
        let taken = frame.pixels.in_memory(|pixels| match pixels {
            Pixels::Bgrx { data, stride } => self.update_bgrx(data, stride, frame.damage),
            Pixels::Nv12 { luma, luma_stride, chroma, chroma_stride } => {
                let planes = Nv12 { luma, luma_stride, chroma, chroma_stride };
                self.update_nv12(planes, frame.damage)
            }
            Pixels::Surface(_) | _ => Err(failed("pixels of an unknown kind")),
        });
        taken.map_err(|error| failed(error.to_string()))?
    }

    fn update_bgrx(
        &mut self,
        data: &[u8],
        stride: usize,
        damage: &[Rect],
    ) -> Result<(), EncodeError> {
        if stride < self.source.width as usize * 4
            || data.len() / stride < self.source.height as usize
        {
            return Err(failed("a frame shorter than its size"));
        }
        for rect in damage {
            if let Some(area) = self.area(*rect) {
                self.convert(data, stride, area)?;
            }
        }
        Ok(())
    }

    /// Where `rect` is shown, grown to whole groups and to whole pixels of colour; `None` if nothing
    /// of it is inside.
    fn area(&self, rect: Rect) -> Option<Rect> {
        let rect = self.shrink.map_or(rect, |shrink| shrink.touching(rect));
        let right = rect.x.saturating_add(rect.width).min(self.filled.width);
        let bottom = rect.y.saturating_add(rect.height).min(self.filled.height);
        if rect.x >= right || rect.y >= bottom {
            return None;
        }
        let (x, y) = (rect.x / GROUP * GROUP, rect.y & !1);
        let width = right.next_multiple_of(GROUP).min(self.filled.width) - x;
        let height = bottom.next_multiple_of(2).min(self.filled.height) - y;
        Some(Rect { x, y, width, height })
    }

    /// Converts `area`, and the last pair of rows over its whole width if `area` reaches it: the
    /// converter works on whole strides, of which the last row has none to spare behind an offset.
    fn convert(&mut self, data: &[u8], stride: usize, area: Rect) -> Result<(), EncodeError> {
        let Size { width, height } = self.filled;
        let last = (height - 1) & !1;
        let bottom = area.y + area.height;
        if area.y < last {
            let above = Rect { height: bottom.min(last) - area.y, ..area };
            self.convert_part(data, stride, above)?;
        }
        if bottom > last {
            let rows = Rect { x: 0, y: last, width, height: height - last };
            self.convert_part(data, stride, rows)?;
        }
        Ok(())
    }

    fn convert_part(&mut self, data: &[u8], stride: usize, area: Rect) -> Result<(), EncodeError> {
        let Some(shrink) = self.shrink else {
            let start = area.y as usize * stride + area.x as usize * 4;
            return self.convert_rows(&data[start..], stride, area);
        };
        let mut small = Vec::new();
        for y in (area.y..area.y + area.height).step_by(ROWS as usize) {
            let part = Rect { y, height: ROWS.min(area.y + area.height - y), ..area };
            shrink.bgrx(data, stride, part, &mut small);
            self.convert_rows(&small, area.width as usize * 4, part)?;
        }
        Ok(())
    }

    /// Converts `data`, which begins with the first pixel of `area`.
    fn convert_rows(&mut self, data: &[u8], stride: usize, area: Rect) -> Result<(), EncodeError> {
        let (x, y, rows) = (area.x as usize, area.y as usize, area.height as usize);
        let wide = self.coded.width as usize;
        let half = wide / 2;
        let colour = y / 2 * half + x / 2;
        let colours = rows.div_ceil(2) * half;
        let mut planes = YuvPlanarImageMut {
            y_plane: BufferStoreMut::Borrowed(&mut self.y[y * wide + x..][..rows * wide]),
            y_stride: wide as u32,
            u_plane: BufferStoreMut::Borrowed(&mut self.u[colour..][..colours]),
            u_stride: half as u32,
            v_plane: BufferStoreMut::Borrowed(&mut self.v[colour..][..colours]),
            v_stride: half as u32,
            width: area.width,
            height: area.height,
        };
        yuv::bgra_to_yuv420(
            &mut planes,
            &data[..rows * stride],
            stride as u32,
            YuvRange::Limited,
            YuvStandardMatrix::Bt709,
            YuvConversionMode::Balanced,
        )
        .map_err(|error| failed(error.to_string()))?;
        self.repeat_edges(area);
        Ok(())
    }

    /// Fills the column and the row that a display with odd sides lacks.
    fn repeat_edges(&mut self, area: Rect) {
        let wide = self.coded.width as usize;
        let (right, bottom) = (area.x + area.width, area.y + area.height);
        if right == self.filled.width && right < self.coded.width {
            for row in area.y as usize..bottom as usize {
                self.y[row * wide + wide - 1] = self.y[row * wide + wide - 2];
            }
        }
        if bottom == self.filled.height && bottom < self.coded.height {
            let from = (bottom as usize - 1) * wide;
            let columns = area.x as usize..right.next_multiple_of(2) as usize;
            self.y
                .copy_within(from + columns.start..from + columns.end, from + wide + columns.start);
        }
    }
}

fn failed(detail: impl Into<String>) -> EncodeError {
    EncodeError::Codec { context: "converting the picture", detail: detail.into() }
}

#[cfg(test)]
#[path = "convert_tests.rs"]
mod tests;
