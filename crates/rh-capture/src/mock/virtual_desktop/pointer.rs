//! The cursor's shapes and ways.

use std::sync::{Arc, LazyLock};

use super::notes;
use crate::CursorImage;

/// `#` is black, `.` white, anything else clear.
const ARROW: &str = "\
#
##
#.#
#..#
#...#
#....#
#.....#
#......#
#.......#
#........#
#.........#
#......#####
#...#..#
#..# #..#
#.#  #..#
##    #..#
      #..#
       ##";

const BEAM: &str = "\
### ###
  .#.
  .#.
  .#.
  .#.
  .#.
  .#.
  .#.
  .#.
  .#.
  .#.
  .#.
  .#.
  .#.
### ###";

static SHAPES: LazyLock<[Arc<CursorImage>; 2]> =
    LazyLock::new(|| [Arc::new(shape(ARROW, (0, 0))), Arc::new(shape(BEAM, (3, 7)))]);

/// The shape at a pixel: a beam over text, else an arrow.
pub(super) fn image(x: u32, y: u32) -> Arc<CursorImage> {
    Arc::clone(&SHAPES[usize::from(notes::AREA.contains(x, y))])
}

fn shape(art: &str, (hot_x, hot_y): (u32, u32)) -> CursorImage {
    let width = art.lines().map(str::len).max().unwrap_or(1);
    let pixel = |char| match char {
        b'#' => [0, 0, 0, 255],
        b'.' => [255; 4],
        _ => [0; 4],
    };
    let row = |line: &str| -> Vec<u8> {
        (0..width).flat_map(|x| pixel(line.as_bytes().get(x).copied().unwrap_or(b' '))).collect()
    };
    let rgba: Vec<u8> = art.lines().flat_map(row).collect();
    let height = rgba.len() / 4 / width;
    CursorImage { width: width as u32, height: height as u32, hot_x, hot_y, rgba }
}

/// The pixels of a line, without gaps, both ends included.
pub(super) fn on_line(from: (u32, u32), to: (u32, u32)) -> impl Iterator<Item = (i32, i32)> {
    let (x, y) = (from.0 as i32, from.1 as i32);
    let (dx, dy) = (to.0 as i32 - x, to.1 as i32 - y);
    let steps = dx.abs().max(dy.abs()).max(1);
    (0..=steps).map(move |step| (x + dx * step / steps, y + dy * step / steps))
}
