//! The cursor, as the helper is told of it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use rh_capture::{Cursor, CursorImage};
use rh_protocol::{DisplayId, Point, Size, ToHelper, limits};

/// Turns what a screen says of its cursor into messages, each shape once.
#[derive(Debug, Default)]
pub(crate) struct CursorTeller {
    shape: Option<Option<Arc<CursorImage>>>,
}

impl CursorTeller {
    /// Forgets what was told, for somebody who heard nothing yet.
    pub(crate) fn start_over(&mut self) {
        self.shape = None;
    }

    /// The messages that tell of `cursor` on a picture of `size` of `display`.
    pub(crate) fn tell(
        &mut self,
        cursor: &Cursor,
        display: DisplayId,
        size: Size,
    ) -> Vec<ToHelper> {
        let mut messages = Vec::new();
        if self.shape.as_ref() != Some(&cursor.image) {
            messages.push(shape(cursor.image.as_deref()));
            self.shape = Some(cursor.image.clone());
        }
        let share = |pixel: u32, extent: u32| (pixel as f32 + 0.5) / extent as f32;
        let at = cursor.at.and_then(|(x, y)| {
            Point::new(display, share(x, size.width), share(y, size.height)).ok()
        });
        messages.push(ToHelper::CursorAt { at });
        messages
    }
}

/// One shape as PNG; a hidden or unusable one as an empty text.
fn shape(image: Option<&CursorImage>) -> ToHelper {
    let hidden = || ToHelper::CursorShape { png: String::new(), hot_x: 0, hot_y: 0 };
    let Some(image) = image else {
        return hidden();
    };
    let side = limits::CURSOR_SIDE;
    let whole = image.rgba.len() == image.width as usize * image.height as usize * 4;
    if !whole || image.width > side || image.height > side {
        return hidden();
    }
    let mut png = Vec::new();
    let written = PngEncoder::new(&mut png).write_image(
        &image.rgba,
        image.width,
        image.height,
        ExtendedColorType::Rgba8,
    );
    match written {
        Ok(()) => ToHelper::CursorShape {
            png: STANDARD.encode(png),
            hot_x: image.hot_x.min(image.width) as u16,
            hot_y: image.hot_y.min(image.height) as u16,
        },
        Err(_) => hidden(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 200, height: 100 };

    fn arrow() -> Arc<CursorImage> {
        let rgba = [255, 0, 0, 128].repeat(6);
        Arc::new(CursorImage { width: 3, height: 2, hot_x: 1, hot_y: 0, rgba })
    }

    #[test]
    fn a_shape_is_told_once_and_every_place() {
        let mut teller = CursorTeller::default();
        let cursor = Cursor { image: Some(arrow()), at: Some((199, 0)) };
        let first = teller.tell(&cursor, DisplayId(1), SIZE);
        assert!(matches!(&first[..], [ToHelper::CursorShape { .. }, ToHelper::CursorAt { .. }]));
        let again = teller.tell(&cursor, DisplayId(1), SIZE);
        assert!(matches!(&again[..], [ToHelper::CursorAt { at: Some(_) }]));
        teller.start_over();
        assert_eq!(teller.tell(&cursor, DisplayId(1), SIZE).len(), 2);
    }

    #[test]
    fn the_picture_of_a_shape_survives() {
        let ToHelper::CursorShape { png, hot_x, .. } = shape(Some(&arrow())) else {
            panic!("no shape");
        };
        let image = image::load_from_memory(&STANDARD.decode(png).unwrap()).unwrap();
        assert_eq!(image.to_rgba8().get_pixel(2, 1).0, [255, 0, 0, 128]);
        assert_eq!(hot_x, 1);
    }

    /// An arrow with soft edges above a soft shadow, as desktops of today draw it.
    fn soft_arrow(side: u32) -> CursorImage {
        let pixel = |at: u32| {
            let (x, y) = (f64::from(at % side), f64::from(at / side));
            let size = f64::from(side);
            // How far inside of a triangle with a right angle.
            let inside = |x: f64, y: f64| x.min((y - x) * 0.7).min((0.6 * size - y) * 0.9);
            let shadow = (inside(x - 2.0, y - 3.0) / 4.0 + 0.5).clamp(0.0, 1.0) * 80.0;
            let arrow = (inside(x, y) + 0.5).clamp(0.0, 1.0);
            let white = (inside(x, y) - 1.5).clamp(0.0, 1.0) * 255.0;
            let alpha = shadow + (255.0 - shadow) * arrow;
            [white as u8, white as u8, white as u8, alpha as u8]
        };
        let rgba = (0..side * side).flat_map(pixel).collect();
        CursorImage { width: side, height: side, hot_x: 0, hot_y: 0, rgba }
    }

    /// B-08: a shape is exact, and yet less than a packet or two, once for each time it changes.
    #[test]
    fn a_shape_is_exact_and_small() {
        for (side, most) in [(24, 1_200), (32, 1_600), (64, 4_000)] {
            let arrow = soft_arrow(side);
            let message = shape(Some(&arrow));
            let ToHelper::CursorShape { png, .. } = &message else { panic!("no shape") };
            let image = image::load_from_memory(&STANDARD.decode(png).unwrap()).unwrap();
            assert_eq!(image.to_rgba8().into_raw(), arrow.rgba);
            let bytes = serde_json::to_vec(&message).expect("text").len();
            assert!(bytes <= most, "{bytes} bytes of {side}x{side} pixels");
        }
    }

    #[test]
    fn a_huge_or_broken_shape_is_hidden_and_harmless() {
        for (width, bytes) in [(5_000, 20_000), (16, 3), (0, 0)] {
            let rgba = vec![0; bytes];
            let odd = CursorImage { width, height: 1, hot_x: 0, hot_y: 0, rgba };
            assert!(
                matches!(shape(Some(&odd)), ToHelper::CursorShape { png, .. } if png.is_empty())
            );
        }
    }
}
