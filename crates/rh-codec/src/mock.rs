//! An encoder whose pictures a test can read.
//!
//! It keeps the contract but compresses nothing: each access unit says in plain text which picture it
//! is, and no decoder shows it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rh_capture::{Frame, Pixels, Size};
use rh_protocol::EncodedFrame;

use crate::{EncodeError, Encoder, annexb};

/// What was asked of a [`Mock`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Call {
    /// [`Encoder::encode`]
    Encode {
        /// Of the picture.
        at: Duration,
        /// Whether a key frame was asked for.
        key: bool,
    },
    /// [`Encoder::again`]
    Again {
        /// When.
        at: Duration,
        /// Whether a key frame was asked for.
        key: bool,
    },
    /// [`Encoder::release`]
    Release,
    /// [`Encoder::set_halved`]
    Halved(bool),
    /// [`Encoder::set_bitrate`]
    Bitrate(u32),
    /// [`Encoder::set_frame_rate`]
    FrameRate(u16),
}

/// What an access unit of a [`Mock`] says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Seen {
    /// Pictures taken in before this one; [`Encoder::again`] does not count on.
    pub number: u64,
    /// Of the picture.
    pub size: Size,
    /// The first pixel: blue, green, red.
    pub first: [u8; 3],
}

/// Writes down what it is asked, and makes pictures that [`read`] understands.
#[derive(Debug, Default)]
pub struct Mock {
    calls: Arc<Mutex<Vec<Call>>>,
    last: Option<Seen>,
}

impl Mock {
    /// What it has been asked so far; stays readable when the mock has been given away.
    #[must_use]
    pub fn calls(&self) -> Calls {
        Calls(Arc::clone(&self.calls))
    }

    fn note(&self, call: Call) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }
}

/// The calls that a [`Mock`] has written down.
#[derive(Clone, Debug)]
pub struct Calls(Arc<Mutex<Vec<Call>>>);

impl Calls {
    /// All of them, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<Call> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Encoder for Mock {
    fn encode(&mut self, frame: &Frame<'_>, key: bool) -> Result<EncodedFrame, EncodeError> {
        self.note(Call::Encode { at: frame.at, key });
        let Pixels::Bgrx { data: [blue, green, red, ..], .. } = frame.pixels else {
            let detail = "no pixels".to_owned();
            return Err(EncodeError::Codec { context: "reading the picture", detail });
        };
        let first = [*blue, *green, *red];
        let resized = self.last.is_none_or(|last| last.size != frame.size);
        let number = self.last.map_or(0, |last| last.number + 1);
        let seen = Seen { number, size: frame.size, first };
        self.last = Some(seen);
        Ok(write(seen, frame.at, key || resized))
    }

    fn again(&mut self, at: Duration, key: bool) -> Result<Option<EncodedFrame>, EncodeError> {
        self.note(Call::Again { at, key });
        Ok(self.last.map(|seen| write(seen, at, key)))
    }

    fn set_halved(&mut self, halved: bool) {
        self.note(Call::Halved(halved));
    }

    fn release(&mut self) {
        self.note(Call::Release);
        self.last = None;
    }

    fn set_bitrate(&mut self, bits_per_second: u32) {
        self.note(Call::Bitrate(bits_per_second));
    }

    fn set_frame_rate(&mut self, frames_per_second: u16) {
        self.note(Call::FrameRate(frames_per_second));
    }
}

/// Reads what a [`Mock`] wrote; `None` if it did not.
#[must_use]
pub fn read(data: &[u8]) -> Option<Seen> {
    let unit = annexb::units(data).last()?;
    let text = std::str::from_utf8(unit.get(1..)?).ok()?;
    let numbers: Vec<u64> = text.split(' ').map(|word| word.parse().ok()).collect::<Option<_>>()?;
    let [number, width, height, blue, green, red] = numbers[..] else {
        return None;
    };
    let size = Size { width: width.try_into().ok()?, height: height.try_into().ok()? };
    let first = [blue.try_into().ok()?, green.try_into().ok()?, red.try_into().ok()?];
    Some(Seen { number, size, first })
}

fn write(seen: Seen, at: Duration, key: bool) -> EncodedFrame {
    let Seen { number, size: Size { width, height }, first: [blue, green, red] } = seen;
    let mut data = Vec::new();
    if key {
        annexb::push(&mut data, format!("\x67{width}x{height}").as_bytes());
        annexb::push(&mut data, b"\x68mock");
    }
    let header = if key { '\x65' } else { '\x41' };
    let text = format!("{header}{number} {width} {height} {blue} {green} {red}");
    annexb::push(&mut data, text.as_bytes());
    EncodedFrame { data: data.into(), at, key }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn keeps_the_contract() {
        contract::check(|| Box::new(Mock::default()), None);
    }

    #[test]
    fn a_test_reads_back_which_picture_it_was() {
        let mut mock = Mock::default();
        let calls = mock.calls();
        let (size, at) = (Size { width: 2, height: 1 }, Duration::from_millis(5));
        for number in 0..3 {
            let data = [number, 0, 255, 0, 1, 1, 1, 0];
            let pixels = Pixels::Bgrx { data: &data, stride: 8 };
            let encoded =
                mock.encode(&Frame { size, damage: &[], at, pixels }, false).expect("encodes");
            let seen = Seen { number: number.into(), size, first: [number, 0, 255] };
            assert_eq!(read(&encoded.data), Some(seen));
        }
        mock.set_bitrate(7);
        mock.set_frame_rate(30);
        let expected = [Call::Encode { at, key: false }, Call::Bitrate(7), Call::FrameRate(30)];
        assert_eq!(calls.all()[2..], expected);
    }

    #[test]
    fn garbage_is_not_read() {
        for data in
            [&b""[..], b"\0\0\x01\x41", b"\0\0\x01\x411 2", b"\0\0\x01\x41\xff\xff", b"1 2 3 4 5 6"]
        {
            assert_eq!(read(data), None);
        }
    }
}
