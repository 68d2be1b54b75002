//! The encoder that works everywhere: openh264, set up so that text never goes stale.
//!
//! Constrained baseline, one reference, no B pictures, key frames on demand only, BT.709 limited
//! range, one slice per thread. Why the rest is as it is (1920x1080 of antialiased text, quantiser
//! 20, every decoded pixel compared with its source; "wrong" = brightness off by more than 40 of
//! 219; milliseconds on one thread of a busy machine, so compare within the table only):
//!
//! | usage | typing: B, ms | scroll: B, ms | drag: B, ms | grey dots: wrong | drag: wrong |
//! |---|---|---|---|---|---|
//! | camera, no background detection | 93, 7.6 | 11,589, 5.1 | 3,819, 8.4 | 0, then 0 | 11, then 0 |
//! | camera, background detection | 93, 6.8 | 24,365, 10.5 | 3,822, 9.0 | 0, then 0 | 12, then 0 |
//! | screen content | 28, 17.5 | 4,853, 20.4 | 3,637, 23.7 | 3, then 3 | 7, then 0 |
//!
//! Wrong pixels are summed over the 39 pictures of a scene, then counted after four top-ups; typing
//! and scrolling leave none at any time.
//!
//! - **Camera usage.** Screen content saves bytes that do not matter for two to four times the
//!   time, and answers a change of four fifths of the picture with a key frame, which cannot be turned
//!   off (`ParamValidationExt` forces scene change detection): panning over a detailed picture made
//!   302 key frames of 302. And it leaves dots wrong.
//! - **No background detection.** It takes a change that is small within its block for noise. Under
//!   openh264's own rate control it left 24,000 pixels of a scrolled text wrong, and more with each
//!   line; under ours it left none, but doubles the bytes and the time of scrolling.
//! - **Own rate control** (`rate`), openh264's off. Its modes skip pictures or exceed their rate, and
//!   what they do to the quantiser is what makes camera usage lose glyphs: a block is skipped when its
//!   error is below that of its surroundings, so errors must stay small everywhere. At a constant
//!   quantiser they do, and a picture shown again costs 15 bytes. A slow link gets coarse pictures
//!   (at 42: 55,000 wrong pixels) and after four top-ups at 28, 24, 20, 20 none.
//! - **20, not 24.** At 24 single grey dots were wrong by 55 until a finer top-up (31 pixels in 39
//!   pictures), and those of a dragged window twice as many.
//! - **Weak deblocking.** The strong filter of H.264 (8.7.2.4) pulls the ink of a glyph into the white
//!   beside it at the border of an intra macroblock (235 becomes 181), at any quantiser from 16 on:
//!   4,267 wrong pixels in a key frame at 24, of which some 200 outlived four top-ups. With both
//!   offsets at -12 the filter sleeps below 28, and there are none.
//! - **No switching** between usages: openh264 refuses it at run time, so each switch would be a new
//!   encoder and a key frame, and nothing is left to gain.
//!
//! openh264 is built with its assembly only where `nasm` is installed; without it, screen content takes
//! up to three times as long and camera usage half as long again. `measure` prints the table.

mod ffi;
mod rate;

use std::time::Duration;

use rh_capture::{Frame, Rect, Size};
use rh_protocol::EncodedFrame;

use self::ffi::{Codec, Parameters, Usage};
use self::rate::{Rate, SHARP};
use crate::area::Area;
use crate::{EncodeError, Encoder, Picture, Settings};

/// openh264 promises 3840x2160; what counts is the number of pixels, not the shape. A display of more
/// is shown with both sides halved, until it fits.
const MOST_PIXELS: u64 = 3840 * 2160;
/// What messages can express.
const LONGEST_SIDE: u32 = 65_535;
/// One macroblock.
const SHORTEST_SIDE: u32 = 16;
/// Rows of macroblocks that make a slice worth a thread.
const ROWS_PER_SLICE: u32 = 8;

/// Compresses pictures with openh264.
#[derive(Debug)]
pub(crate) struct OpenH264 {
    settings: Settings,
    rate: Rate,
    area: Area,
    halved: bool,
    stream: Option<Stream>,
}

/// What lasts as long as the size of the picture.
#[derive(Debug)]
struct Stream {
    picture: Picture,
    codec: Codec,
}

impl OpenH264 {
    pub(crate) fn new(settings: Settings) -> Self {
        let rate = Rate::new(settings.bits_per_second);
        Self { settings, rate, area: Area::default(), halved: false, stream: None }
    }

    /// Takes in `frame`, which builds on no other if `key`; returns whether it must be a key frame,
    /// as the first of its size must. What fails here starts anew with the next frame, or its damage would be lost.
    fn take_in(&mut self, frame: &Frame<'_>, key: bool) -> Result<bool, EncodeError> {
        let halvings = halvings(frame.size, self.halved);
        let fits = |it: &Picture| (it.source(), it.halvings()) == (frame.size, halvings);
        let running = self.stream.take().filter(|stream| fits(&stream.picture));
        let (first, whole) = (running.is_none(), [Rect::whole(frame.size)]);
        let mut stream = match running {
            Some(stream) => stream,
            None => Stream::open(frame.size, halvings, self.settings)?,
        };
        let changed = if first { &whole } else { frame.damage };
        let begins = first || key;
        let due = self.area.due(frame.at, changed, frame.size, begins);
        if due.clear {
            stream.picture.clear();
        }
        stream.picture.update(&Frame { damage: &due.damage, ..*frame })?;
        self.stream = Some(stream);
        Ok(begins)
    }

    /// Pixels that are encoded and looked at.
    fn pixels(&self) -> u64 {
        let pixels = |stream: &Stream| {
            self.area.pixels(stream.picture.source()) >> (2 * stream.picture.halvings())
        };
        self.stream.as_ref().map_or(0, pixels)
    }

    /// Compresses the picture as it is. After a failure the encoder is made anew: the state of the
    /// old one is unknown.
    fn compress(
        &mut self,
        at: Duration,
        key: bool,
        qp: u8,
    ) -> Result<Option<EncodedFrame>, EncodeError> {
        let Some(mut stream) = self.stream.take() else {
            return Ok(None);
        };
        let mut data = Vec::new();
        stream.codec.set_qp(qp)?;
        if key {
            stream.codec.force_key()?;
        }
        let key = stream.codec.encode(&stream.picture, at, &mut data)?;
        self.stream = Some(stream);
        self.rate.sent(data.len());
        Ok(Some(EncodedFrame { data: data.into(), at, key }))
    }
}

impl Encoder for OpenH264 {
    fn encode(&mut self, frame: &Frame<'_>, key: bool) -> Result<EncodedFrame, EncodeError> {
        let key = self.take_in(frame, key)?;
        let qp = match key {
            true => self.rate.key(frame.at, self.pixels()),
            false => self.rate.fresh(frame.at),
        };
        let encoded = self.compress(frame.at, key, qp)?;
        Ok(encoded.expect("there is a picture"))
    }

    fn again(&mut self, at: Duration, key: bool) -> Result<Option<EncodedFrame>, EncodeError> {
        let qp = match key {
            true => self.rate.key(at, self.pixels()),
            false => self.rate.top_up(at),
        };
        self.compress(at, key, qp)
    }

    fn set_area(&mut self, area: Option<Vec<Rect>>) {
        self.area.set(area);
    }

    fn set_halved(&mut self, halved: bool) {
        self.halved = halved;
    }

    fn release(&mut self) {
        self.stream = None;
    }

    fn set_bitrate(&mut self, bits_per_second: u32) {
        self.rate.aim(bits_per_second);
    }
}

impl Stream {
    /// Starts with a black picture of a display of `size`, halved so often.
    fn open(size: Size, halvings: u32, settings: Settings) -> Result<Self, EncodeError> {
        check_size(size)?;
        let picture = Picture::shrunk(size, halvings);
        let slices = (picture.coded().height / 16 / ROWS_PER_SLICE).clamp(1, 4) as u16;
        let parameters = Parameters {
            width: picture.coded().width as i32,
            height: picture.coded().height as i32,
            frames_per_second: settings.frames_per_second.clamp(1, 60) as f32,
            threads: settings.threads.clamp(1, slices),
            usage: Usage::Camera,
            background_detection: false,
        };
        Ok(Self { picture, codec: Codec::open(parameters, SHARP)? })
    }
}

/// How often both sides of a display are halved until it fits, and once more if it is to be `halved`
/// and is not tiny.
fn halvings(Size { width, height }: Size, halved: bool) -> u32 {
    let pixels = u64::from(width) * u64::from(height);
    let fits = (0..32).find(|halvings| pixels >> (2 * halvings) <= MOST_PIXELS).unwrap_or_default();
    let tiny = width.min(height) >> fits < 2 * SHORTEST_SIDE;
    fits + u32::from(halved && !tiny)
}

fn check_size(Size { width, height }: Size) -> Result<(), EncodeError> {
    let detail = if width.min(height) >> halvings(Size { width, height }, false) < SHORTEST_SIDE {
        "at least 16 pixels are needed each way"
    } else if width.max(height) > LONGEST_SIDE {
        "at most 65,535 pixels are possible each way"
    } else {
        return Ok(());
    };
    Err(EncodeError::Size { width, height, detail })
}

#[cfg(test)]
mod measure;
