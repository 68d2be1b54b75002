//! What the content carries so that it can be read from a picture of it: marks in two corners, which
//! tell where it is and that it is shown pixel by pixel, and two counters of its steps.

use crate::canvas::{BLACK, Canvas, Rect, WHITE};

/// Cells of a mark, row by row; the two differ.
const MARKS: [u16; 2] = [0b1011_0010_0101_1101, 0b0100_1011_1101_0010];

/// Side of a mark's cell, in pixels.
const CELL: usize = 8;

/// Side of a mark.
const MARK: usize = 4 * CELL;

/// Size of a counter: sixteen bits, and below each its opposite.
pub(crate) const COUNTER: (usize, usize) = (16 * CELL, 2 * CELL);

/// Where the counters are in content of that size: beside the marks.
pub(crate) const fn counters(width: usize, height: usize) -> [Rect; 2] {
    let (w, h) = COUNTER;
    [Rect::new(MARK + 16, 8, w, h), Rect::new(width - MARK - 16 - w, height - 8 - h, w, h)]
}

/// Draws both marks.
pub(crate) fn draw_marks(canvas: &mut Canvas<'_>) {
    let far = (canvas.width - MARK, canvas.height - MARK);
    for ((left, top), mark) in [(0, 0), far].into_iter().zip(MARKS) {
        for (cell, colour) in (0..16).map(|cell| (cell, bit(mark, cell))) {
            let (x, y) = (left + cell % 4 * CELL, top + cell / 4 * CELL);
            canvas.fill(Rect::new(x, y, CELL, CELL), if colour { WHITE } else { BLACK });
        }
    }
}

/// Draws `value` to both counters.
pub(crate) fn draw_counters(canvas: &mut Canvas<'_>, value: u16) {
    for rect in counters(canvas.width, canvas.height) {
        for cell in 0..16 {
            let (on, x) = (bit(value, cell), rect.x + cell * CELL);
            for (row, on) in [on, !on].into_iter().enumerate() {
                let cell = Rect::new(x, rect.y + row * CELL, CELL, CELL);
                canvas.fill(cell, if on { WHITE } else { BLACK });
            }
        }
    }
}

/// The value of a counter within `pixels` of exactly its size; none while it is only partly there.
pub(crate) fn read_counter(pixels: &[u8]) -> Option<u16> {
    let middle = |column: usize, row: usize| {
        let at = ((row * CELL + CELL / 2) * COUNTER.0 + column * CELL + CELL / 2) * 4;
        clear(pixels[at + 1])
    };
    (0..16).try_fold(0, |value, cell| {
        let (on, off) = (middle(cell, 0)?, middle(cell, 1)?);
        (on != off).then_some(value << 1 | u16::from(on))
    })
}

/// Where content of `size` begins in a picture, if it is there whole and pixel by pixel.
pub(crate) fn locate(
    picture: &[u8],
    (width, height): (usize, usize),
    (w, h): (usize, usize),
) -> Option<(usize, usize)> {
    let there = |x, y, mark| is_mark(picture, width, (x, y), mark);
    let places = (0..=height.checked_sub(h)?)
        .flat_map(|y| (0..=width.saturating_sub(w)).map(move |x| (x, y)));
    places
        .filter(|_| width >= w)
        .find(|&(x, y)| there(x, y, MARKS[0]) && there(x + w - MARK, y + h - MARK, MARKS[1]))
}

/// Whether every cell of `mark` is right in all its corners, so that a shift by one pixel shows.
fn is_mark(picture: &[u8], width: usize, (left, top): (usize, usize), mark: u16) -> bool {
    (0..16).all(|cell| {
        let (x, y) = (left + cell % 4 * CELL, top + cell / 4 * CELL);
        let corners = [(x, y), (x + CELL - 1, y), (x, y + CELL - 1), (x + CELL - 1, y + CELL - 1)];
        let wanted = bit(mark, cell);
        corners.into_iter().all(|(x, y)| (picture[(y * width + x) * 4 + 1] > 127) == wanted)
    })
}

/// Cell `cell` of a value, the highest bit first.
const fn bit(value: u16, cell: usize) -> bool {
    value >> (15 - cell) & 1 == 1
}

/// A bit that is there beyond doubt, compression or not.
const fn clear(shade: u8) -> Option<bool> {
    match shade {
        0..80 => Some(false),
        176.. => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (usize, usize) = (320, 100);

    fn content(value: u16) -> Vec<u8> {
        let mut pixels = vec![90; SIZE.0 * SIZE.1 * 4];
        let mut canvas = Canvas::new(SIZE.0, SIZE.1, &mut pixels);
        draw_marks(&mut canvas);
        draw_counters(&mut canvas, value);
        pixels
    }

    #[test]
    fn both_counters_say_what_was_counted() {
        for value in [0, 1, 0x8000, 12_345, u16::MAX] {
            let mut pixels = content(value);
            let mut canvas = Canvas::new(SIZE.0, SIZE.1, &mut pixels);
            for rect in counters(SIZE.0, SIZE.1) {
                let mut seen = canvas.copy(rect);
                assert_eq!(read_counter(&seen), Some(value));
                // The lower half is still that of another value.
                let other = canvas.row(0, 50, 128).to_vec();
                for line in 8..16 {
                    seen[line * 512..(line + 1) * 512].copy_from_slice(&other);
                }
                assert_eq!(read_counter(&seen), None);
            }
        }
    }

    #[test]
    fn content_is_found_where_it_is_to_the_pixel() {
        let (width, height) = (400, 150);
        for place in [(0, 0), (7, 13), (80, 50)] {
            let mut pixels = vec![30; width * height * 4];
            let mut picture = Canvas::new(width, height, &mut pixels);
            picture.put(Rect::new(place.0, place.1, SIZE.0, SIZE.1), &content(3));
            assert_eq!(locate(&pixels, (width, height), SIZE), Some(place));
        }
    }

    #[test]
    fn content_that_is_not_there_or_too_large_is_not_found() {
        assert_eq!(locate(&vec![0; 400 * 150 * 4], (400, 150), SIZE), None);
        assert_eq!(locate(&vec![0; 300 * 90 * 4], (300, 90), SIZE), None);
        assert_eq!(locate(&vec![0; 300 * 150 * 4], (300, 150), SIZE), None);
    }

    #[test]
    fn half_the_size_is_not_pixel_by_pixel() {
        let whole = content(9);
        let (w, h) = (SIZE.0 / 2, SIZE.1 / 2);
        let pixel = |at: usize| {
            let (x, y) = (at % w * 2, at / w * 2);
            whole[(y * SIZE.0 + x) * 4..][..4].to_vec()
        };
        let half: Vec<u8> = (0..w * h).flat_map(pixel).collect();
        assert_eq!(locate(&half, (w, h), (w, h)), None);
    }
}
