//! The app's icon, drawn: the screen and the pointer of `web/public/icon.svg` on white.

use anyhow::Result;
use png::{BitDepth, ColorType, Encoder};

/// The sizes of an icon and the types that mark them in an icon file: PNG since macOS 10.7, the
/// retina ones (`ic11` to `ic14`) at twice their size in points.
const SIZES: [(&[u8; 4], u32); 7] = [
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic07", 128),
    (b"ic13", 256),
    (b"ic08", 256),
    (b"ic09", 512),
    (b"ic10", 1024),
];

/// The icon as a file: `icns`, the length of all, and then each picture with its type and length.
/// Lengths are big-endian and count their own eight bytes.
pub(super) fn icns() -> Result<Vec<u8>> {
    let mut body = Vec::new();
    for (kind, size) in SIZES {
        let png = png(size)?;
        body.extend_from_slice(kind);
        body.extend_from_slice(&(u32::try_from(png.len())? + 8).to_be_bytes());
        body.extend_from_slice(&png);
    }
    let mut file = b"icns".to_vec();
    file.extend_from_slice(&(u32::try_from(body.len())? + 8).to_be_bytes());
    file.extend_from_slice(&body);
    Ok(file)
}

fn png(size: u32) -> Result<Vec<u8>> {
    let pixels: Vec<u8> =
        (0..size).flat_map(|y| (0..size).flat_map(move |x| pixel(x, y, size))).collect();
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, size, size);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(png)
}

/// One pixel, as red, green, blue and alpha: the mean of several samples, so that edges are smooth.
fn pixel(x: u32, y: u32, size: u32) -> [u8; 4] {
    // The largest pictures need fewer, and take most of the time.
    let samples = if size > 256 { 2 } else { 4 };
    let mut sum = [0_u32; 4];
    for sample in 0..samples * samples {
        let place = |at: u32, step: u32| {
            (at as f32 + (step as f32 + 0.5) / samples as f32) * CANVAS / size as f32
        };
        let color = color(place(x, sample % samples), place(y, sample / samples));
        // What is see-through has no say in the colour.
        for (sum, part) in sum.iter_mut().zip(color) {
            *sum += u32::from(part) * u32::from(color[3]) / 255;
        }
    }
    let covered = sum[3].max(1);
    let part = |sum: u32| (sum * 255 / covered).min(255) as u8;
    [part(sum[0]), part(sum[1]), part(sum[2]), (sum[3] / (samples * samples)) as u8]
}

/// Width and height of what is drawn.
const CANVAS: f32 = 32.0;

const CLEAR: [u8; 4] = [0, 0, 0, 0];
const WHITE: [u8; 4] = [255, 255, 255, 255];
const BLUE: [u8; 4] = [0x1f, 0x5f, 0xbf, 255];

/// The pointer's corners.
const POINTER: [(f32, f32); 7] = [
    (12.5, 9.5),
    (20.0, 14.5),
    (16.8, 15.3),
    (18.4, 18.5),
    (16.8, 19.3),
    (15.2, 16.1),
    (12.8, 18.3),
];

fn color(x: f32, y: f32) -> [u8; 4] {
    let screen = is_in_box((x, y), (5.5, 7.0), (26.5, 21.5), 2.0);
    let foot = is_in_box((x, y), (14.9, 21.5), (17.1, 24.5), 0.0)
        || is_in_box((x, y), (11.5, 24.0), (20.5, 26.0), 1.0);
    match () {
        () if screen && is_in_polygon((x, y), &POINTER) => WHITE,
        () if screen || foot => BLUE,
        // The margin and the corners of Apple's grid for icons of macOS 11 and later.
        () if is_in_box((x, y), (3.1, 3.1), (28.9, 28.9), 5.8) => WHITE,
        () => CLEAR,
    }
}

/// Whether a point is in a box with round corners.
fn is_in_box((x, y): (f32, f32), from: (f32, f32), to: (f32, f32), radius: f32) -> bool {
    let beyond = |at: f32, from: f32, to: f32| (from + radius - at).max(at - to + radius).max(0.0);
    let (dx, dy) = (beyond(x, from.0, to.0), beyond(y, from.1, to.1));
    dx * dx + dy * dy <= radius * radius && x >= from.0 && x <= to.0 && y >= from.1 && y <= to.1
}

/// Whether a point is in a polygon: a ray to the right crosses its edges an odd number of times.
fn is_in_polygon((x, y): (f32, f32), corners: &[(f32, f32)]) -> bool {
    let edges = corners.iter().zip(corners.iter().cycle().skip(1));
    let crossed = edges
        .filter(|(a, b)| (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0);
    crossed.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pictures of an icon file, by type.
    fn pictures(mut file: &[u8]) -> Vec<(&[u8], &[u8])> {
        assert_eq!(file[..4], *b"icns");
        let length = |bytes: &[u8]| u32::from_be_bytes(bytes[4..8].try_into().unwrap()) as usize;
        assert_eq!(length(file), file.len());
        file = &file[8..];
        let mut found = Vec::new();
        while !file.is_empty() {
            let (picture, rest) = file.split_at(length(file));
            found.push((&picture[..4], &picture[8..]));
            file = rest;
        }
        found
    }

    #[test]
    fn every_picture_has_the_size_of_its_type() {
        let file = icns().unwrap();
        let pictures = pictures(&file);
        assert_eq!(pictures.len(), SIZES.len());
        for ((kind, png), (expected, size)) in pictures.into_iter().zip(SIZES) {
            assert_eq!(kind, expected);
            let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut pixels).unwrap();
            assert_eq!((info.width, info.height), (size, size));
            let middle = pixels.chunks_exact(4).nth((size * size / 2 + size / 2) as usize).unwrap();
            assert_eq!(middle[3], 255);
        }
    }

    #[test]
    fn the_icon_shows_a_pointer_on_a_screen_on_white_and_nothing_around() {
        let at = |x, y| color(x, y);
        assert_eq!(at(14.0, 12.0), WHITE, "the pointer");
        assert_eq!(at(24.0, 10.0), BLUE, "the screen");
        assert_eq!(at(16.0, 25.0), BLUE, "its foot");
        assert_eq!(at(4.0, 16.0), WHITE, "the ground");
        assert_eq!([at(0.5, 0.5), at(3.3, 3.3)], [CLEAR; 2], "the corners");
        assert_eq!(pixel(0, 0, 32), CLEAR);
    }
}
