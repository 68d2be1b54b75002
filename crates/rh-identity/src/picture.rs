//! Pictures of people: fetched, limited, and made anew.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{ImageError, ImageFormat, ImageReader, Limits};
use openidconnect::url::Url;

use crate::ProviderSettings;
use crate::fetch::Http;

/// Bytes of the largest picture that is fetched.
pub const PICTURE_BYTES: usize = 256 * 1024;

/// Pixels of the longer side, as it is served: four times what the pages show it at.
const SIDE: u32 = 192;

/// Pixels of the longest side that is read.
const MOST_SIDE: u32 = 4096;

/// Bytes that reading may take.
const MEMORY: u64 = 80 * 1024 * 1024;

/// A PNG that was made here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Picture {
    /// The file.
    pub png: Vec<u8>,
}

/// Makes a picture anew from its pixels, so that nothing of the file that came in is passed on: no
/// metadata, nothing behind the picture, nothing that is also a page.
///
/// PNG, JPEG and WebP are read, by what they begin with and not by what they claim to be.
///
/// # Errors
///
/// If it is none of these, damaged, or has too many pixels.
pub fn recode(file: &[u8]) -> Result<Picture, ImageError> {
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let picture = reader.decode()?;
    let picture = if picture.width().max(picture.height()) > SIDE {
        picture.resize(SIDE, SIDE, FilterType::Triangle)
    } else {
        picture
    };
    let mut png = Vec::new();
    picture.into_rgba8().write_to(&mut Cursor::new(&mut png), ImageFormat::Png)?;
    Ok(Picture { png })
}

/// Fetches the picture at `address`. A picture is never worth failing a sign-in: what cannot be had
/// is absent, and the log says why.
pub(crate) async fn fetch(
    http: &Http,
    settings: &ProviderSettings,
    address: &str,
) -> Option<Picture> {
    let url = Url::parse(address).ok()?;
    let issuer = Url::parse(&settings.issuer).ok()?;
    let own = url.origin() == issuer.origin();
    if url.scheme() != "https" && !own {
        tracing::info!(tenant = %settings.id, "a picture is not fetched: its address is not https");
        return None;
    }
    let private = own || settings.private_pictures;
    match http.get_from_anywhere(url, private, PICTURE_BYTES).await {
        Ok(fetched) if fetched.status.is_success() => read(settings, fetched.body).await,
        Ok(fetched) => {
            tracing::info!(tenant = %settings.id, status = %fetched.status, "there is no picture");
            None
        }
        Err(error) => {
            tracing::info!(tenant = %settings.id, %error, "a picture could not be fetched");
            None
        }
    }
}

/// Reads a file away from the threads that serve.
pub(crate) async fn read(settings: &ProviderSettings, file: Vec<u8>) -> Option<Picture> {
    if file.len() > PICTURE_BYTES {
        return None;
    }
    let read = tokio::task::spawn_blocking(move || recode(&file)).await;
    match read.map_err(|e| e.to_string()).and_then(|it| it.map_err(|e| e.to_string())) {
        Ok(picture) => Some(picture),
        Err(error) => {
            tracing::info!(tenant = %settings.id, error, "a picture could not be read");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    fn file(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let pixels =
            RgbaImage::from_fn(width, height, |x, y| [x as u8, y as u8, (x ^ y) as u8, 255].into());
        let picture = DynamicImage::ImageRgba8(pixels).into_rgb8();
        let mut file = Vec::new();
        picture.write_to(&mut Cursor::new(&mut file), format).unwrap();
        file
    }

    #[test]
    fn pictures_are_made_small_and_new() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let mut given = file(400, 300, format);
            given.extend_from_slice(b"<script>alert(1)</script>");
            let png = recode(&given).unwrap().png;
            let made = image::load_from_memory_with_format(&png, ImageFormat::Png).unwrap();
            assert_eq!((made.width(), made.height()), (192, 144), "{format:?}");
            assert!(!png.windows(7).any(|it| it == b"<script"), "{format:?}");
        }
        let small = recode(&file(20, 10, ImageFormat::Png)).unwrap();
        let small = image::load_from_memory(&small.png).unwrap();
        assert_eq!((small.width(), small.height()), (20, 10));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let bmp = b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0";
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
        for file in [&b""[..], b"GIF89a\x01\0\x01\0", bmp, svg, b"\x89PNG\r\n\x1a\n"] {
            assert!(recode(file).is_err(), "{file:?}");
        }
    }

    /// A few bytes may say that they are a picture of a billion pixels.
    #[test]
    fn too_many_pixels_are_refused_before_they_are_made() {
        let mut file = file(8, 8, ImageFormat::Png);
        file[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        file[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        assert!(recode(&file).is_err());
    }

    proptest! {
        #[test]
        fn garbage_is_refused_quietly(
            at in 0_usize..400, with in any::<[u8; 4]>(), kind in 0_usize..3,
        ) {
            let format = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP][kind];
            let mut file = file(12, 9, format);
            let at = at % (file.len() - 4);
            file[at..at + 4].copy_from_slice(&with);
            let _ = recode(&file);
        }
    }
}
