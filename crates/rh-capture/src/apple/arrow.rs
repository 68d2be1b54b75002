//! A pointer of our own, for when the system's shape is not known.

use crate::CursorImage;

/// Black inside (`#`), white around (`.`), clear elsewhere; the hot spot is the tip.
const ARROW: [&str; 17] = [
    "..          ",
    ".#.         ",
    ".##.        ",
    ".###.       ",
    ".####.      ",
    ".#####.     ",
    ".######.    ",
    ".#######.   ",
    ".########.  ",
    ".#########. ",
    ".######.....",
    ".###.##.    ",
    ".##..##.    ",
    ".#.  .##.   ",
    "..   .##.   ",
    "      .##.  ",
    "       ..   ",
];

/// An arrow, at `scale` pixels for each of its own.
pub(crate) fn arrow(scale: u32) -> CursorImage {
    let scale = scale.max(1);
    let (width, height) = (ARROW[0].len() as u32 * scale, ARROW.len() as u32 * scale);
    let ink = |x: u32, y: u32| match ARROW[(y / scale) as usize].as_bytes()[(x / scale) as usize] {
        b'#' => [0, 0, 0, 255],
        b'.' => [255, 255, 255, 255],
        _ => [0; 4],
    };
    let rgba = (0..height).flat_map(|y| (0..width).flat_map(move |x| ink(x, y))).collect();
    CursorImage { width, height, hot_x: 0, hot_y: 0, rgba }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_its_tip_at_the_hot_spot_at_any_scale() {
        for scale in 0..4 {
            let arrow = arrow(scale);
            assert_eq!(arrow.rgba.len(), (arrow.width * arrow.height * 4) as usize);
            assert_eq!((arrow.hot_x, arrow.hot_y), (0, 0));
            assert_eq!(arrow.rgba[..4], [255; 4], "ink at the tip");
            assert_eq!(arrow.rgba[arrow.rgba.len() - 4..], [0; 4], "clear below");
        }
        assert_eq!(arrow(2).width, 2 * arrow(1).width);
    }
}
