//! Numbered frames.

use std::time::Duration;

use rh_protocol::{Display, DisplayId, Size};

use crate::{CaptureError, Cursor, Frame, Pixels, Rect, Screen};

/// Cells across and down; together they hold 32 bits.
const CELLS: (u32, u32) = (8, 4);

/// Bits of a number; the other eight check it.
const NUMBER: u32 = (1 << 24) - 1;

const SIZE: Size = Size { width: 640, height: 360 };

/// A screen whose every picture carries its number, starting at 0, in black and white cells that
/// survive lossy compression and scaling.
///
/// The upper half holds 8 by 4 cells, a bit each, most significant first, white for 1; the lower
/// half is a still colour gradient. Time is counted in frames, 30 a second, so that a run is the
/// same every time; [`next`](Screen::next) never waits.
#[derive(Debug)]
pub struct Pattern {
    size: Size,
    frames: u32,
    shown: u32,
    data: Vec<u8>,
    damage: Vec<Rect>,
}

impl Pattern {
    /// Time from one frame to the next.
    pub const PERIOD: Duration = Duration::from_nanos(1_000_000_000 / 30);

    /// The one display there is.
    pub fn display() -> Display {
        Display {
            id: DisplayId(0),
            name: "Pattern".to_owned(),
            x: 0,
            y: 0,
            width: SIZE.width,
            height: SIZE.height,
            scale: 1.0,
            primary: true,
        }
    }

    /// Opens the display with endless frames of 640x360.
    ///
    /// # Errors
    ///
    /// [`CaptureError::NoDisplay`] for any but [`display`](Self::display).
    pub fn open(display: DisplayId) -> Result<Self, CaptureError> {
        if display != Self::display().id {
            return Err(CaptureError::NoDisplay(display));
        }
        Ok(Self::new(SIZE))
    }

    /// Endless frames of `size`, which must be at least 8x8.
    pub fn new(size: Size) -> Self {
        let mut data = vec![0; size.width as usize * size.height as usize * 4];
        for (i, bgrx) in data.chunks_exact_mut(4).enumerate() {
            let (x, y) = (i as u32 % size.width, i as u32 / size.width);
            let share = |at: u32, whole: u32| (at * 255 / whole) as u8;
            bgrx.copy_from_slice(&[share(x, size.width), share(y, size.height), 128, 255]);
        }
        Self { size, frames: NUMBER, shown: 0, data, damage: Vec::new() }
    }

    /// Comes to rest after `frames` frames, at most 2^24 - 1.
    #[must_use]
    pub fn frames(self, frames: u32) -> Self {
        Self { frames: frames.min(NUMBER), ..self }
    }

    /// Reads the number off the luma plane of a picture of `size`, also after compression; `None`
    /// if it is no picture of this pattern.
    pub fn read_number(luma: &[u8], stride: usize, size: Size) -> Option<u32> {
        read(size, |x, y| luma.get(y as usize * stride + x as usize).copied())
    }

    /// Reads the number off a picture in [`Pixels::Bgrx`]; `None` if it is none of this pattern.
    pub fn read_number_bgrx(data: &[u8], stride: usize, size: Size) -> Option<u32> {
        // Cells have no hue, so the green of a pixel is its luma.
        read(size, |x, y| data.get(y as usize * stride + x as usize * 4 + 1).copied())
    }

    fn draw(&mut self) {
        let bits = with_check(self.shown);
        let flipped = if self.shown == 0 { u32::MAX } else { bits ^ with_check(self.shown - 1) };
        self.damage.clear();
        for cell in (0..32).filter(|cell| flipped & mask(*cell) != 0) {
            let rect = area(cell, self.size);
            let shade = if bits & mask(cell) == 0 { 0 } else { 255 };
            for y in rect.y..rect.y + rect.height {
                let start = (y * self.size.width + rect.x) as usize * 4;
                self.data[start..start + rect.width as usize * 4].fill(shade);
            }
            self.damage.push(rect);
        }
        if self.shown == 0 {
            self.damage = vec![Rect::whole(self.size)];
        }
    }
}

impl Screen for Pattern {
    fn next(&mut self, _patience: Duration) -> Result<Option<Frame<'_>>, CaptureError> {
        if self.shown == self.frames {
            return Ok(None);
        }
        self.draw();
        let at = Self::PERIOD * self.shown;
        self.shown += 1;
        let pixels = Pixels::Bgrx { data: &self.data, stride: self.size.width as usize * 4 };
        Ok(Some(Frame { size: self.size, damage: &self.damage, at, pixels }))
    }

    fn cursor(&mut self) -> Option<Cursor> {
        None
    }
}

fn mask(cell: u32) -> u32 {
    1 << (31 - cell)
}

fn area(cell: u32, size: Size) -> Rect {
    let (width, height) = (size.width / CELLS.0, size.height / 2 / CELLS.1);
    Rect { x: cell % CELLS.0 * width, y: cell / CELLS.0 * height, width, height }
}

/// The number and, in the low byte, a check that an all-black or all-white picture fails.
fn with_check(number: u32) -> u32 {
    let check = (number ^ number >> 8 ^ number >> 16 ^ 0xA5) & 0xFF;
    number << 8 | check
}

fn read(size: Size, luma: impl Fn(u32, u32) -> Option<u8>) -> Option<u32> {
    let mut bits = 0;
    for cell in 0..32 {
        // The middle of a cell: its edges are where compression smears.
        let Rect { x, y, width, height } = area(cell, size);
        let (columns, rows) = (middle(x, width), middle(y, height));
        let (mut sum, mut count) = (0, 0);
        for (x, y) in rows.flat_map(|y| columns.clone().map(move |x| (x, y))) {
            sum += u32::from(luma(x, y)?);
            count += 1;
        }
        match sum.checked_div(count)? {
            0..=80 => {}
            176..=255 => bits |= mask(cell),
            _ => return None,
        }
    }
    let number = bits >> 8;
    (with_check(number) == bits).then_some(number)
}

fn middle(start: u32, extent: u32) -> std::ops::Range<u32> {
    start + extent / 4..start + (extent - extent / 4)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contract::{self, Subject};

    struct Numbers;

    impl Subject for Numbers {
        fn displays(&self) -> Vec<Display> {
            vec![Pattern::display()]
        }

        fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
            Ok(Box::new(Pattern::open(display)?.frames(500)))
        }

        fn disturb(&mut self, _: &Display) {}
    }

    #[test]
    fn keeps_the_contract() {
        contract::check(&mut Numbers);
    }

    #[test]
    fn every_frame_carries_its_number() {
        let mut pattern = Pattern::new(Size { width: 322, height: 181 });
        for number in 0..300 {
            let frame = pattern.next(Duration::ZERO).unwrap().unwrap();
            let Pixels::Bgrx { data, stride } = frame.pixels else { panic!("in memory") };
            assert_eq!(frame.at, Pattern::PERIOD * number);
            assert_eq!(Pattern::read_number_bgrx(data, stride, frame.size), Some(number));
        }
    }

    #[test]
    fn other_pictures_have_no_number() {
        for shade in 0..=255 {
            let grey = vec![shade; 640 * 360];
            assert_eq!(Pattern::read_number(&grey, 640, SIZE), None);
        }
        assert_eq!(Pattern::read_number(&[], 640, SIZE), None);
    }

    proptest! {
        /// Limited range and noise, as a video codec leaves them.
        #[test]
        fn a_number_survives_compression(number in 0..NUMBER, noise in prop::collection::vec(-60_i16..60, 97)) {
            let bits = with_check(number);
            let mut luma = vec![128_u8; 640 * 360];
            for cell in 0..32 {
                let Rect { x, y, width, height } = area(cell, SIZE);
                for (x, y) in (y..y + height).flat_map(|y| (x..x + width).map(move |x| (x, y))) {
                    let at = (y * 640 + x) as usize;
                    let shade = if bits & mask(cell) == 0 { 16 } else { 235 };
                    luma[at] = (shade + noise[at % noise.len()]).clamp(0, 255) as u8;
                }
            }
            prop_assert_eq!(Pattern::read_number(&luma, 640, SIZE), Some(number));
        }
    }
}
