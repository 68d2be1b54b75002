//! Remembers the last picture and compares.

use std::time::Duration;

use crate::{Frame, Pixels, Rect, Size};

/// Checks each picture by itself and against the one before.
#[derive(Default)]
pub(super) struct Witness {
    size: Option<Size>,
    at: Duration,
    /// The last picture, three bytes a pixel: the fourth has no meaning.
    last: Vec<u8>,
    /// How many pictures were seen.
    pub(super) pictures: usize,
}

impl Witness {
    /// Looks at the next picture.
    pub(super) fn see(&mut self, frame: &Frame<'_>) {
        assert!(frame.size.width > 0 && frame.size.height > 0, "a picture has pixels");
        assert!(frame.at >= self.at, "time never runs backwards");
        for rect in frame.damage {
            assert!(rect.is_within(frame.size), "{rect:?} is within {:?}", frame.size);
        }
        let picture = without_padding(frame);
        if self.size == Some(frame.size) {
            self.compare(frame, &picture);
        } else {
            let whole = Rect::whole(frame.size);
            assert!(frame.damage.contains(&whole), "the first picture of a size is all damage");
        }
        self.size = Some(frame.size);
        self.at = frame.at;
        self.last = picture;
        self.pictures += 1;
    }

    fn compare(&mut self, frame: &Frame<'_>, picture: &[u8]) {
        let row = frame.size.width as usize * 3;
        for rect in frame.damage {
            for y in rect.y..rect.y + rect.height {
                let start = y as usize * row + rect.x as usize * 3;
                let span = start..start + rect.width as usize * 3;
                self.last[span.clone()].copy_from_slice(&picture[span]);
            }
        }
        if let Some(at) = self.last.iter().zip(picture).position(|(was, is)| was != is) {
            let (x, y) = (at % row / 3, at / row);
            panic!("({x}, {y}) changed outside the damage {:?}", frame.damage);
        }
    }
}

fn without_padding(frame: &Frame<'_>) -> Vec<u8> {
    frame.pixels.in_memory(|pixels| colours(frame, pixels)).expect("the pixels can be read")
}

fn colours(frame: &Frame<'_>, pixels: Pixels<'_>) -> Vec<u8> {
    let Pixels::Bgrx { data, stride } = pixels else { panic!("in blue, green and red") };
    let (width, height) = (frame.size.width as usize, frame.size.height as usize);
    assert!(stride >= width * 4, "a row fits its stride");
    assert!(data.len() >= stride * height, "all rows are there");
    let rows = data.chunks(stride).take(height);
    rows.flat_map(|row| row[..width * 4].chunks_exact(4))
        .flat_map(|bgrx| [bgrx[0], bgrx[1], bgrx[2]])
        .collect()
}
