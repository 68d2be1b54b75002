//! The port: what every backend offers.

use std::time::Duration;

use rh_capture::{Frame, Rect};
use rh_protocol::EncodedFrame;

use crate::EncodeError;

/// Compresses the pictures of one screen to H.264.
///
/// The first picture, every picture of a new size, and every one that is asked for with `key` is a
/// key frame with its parameter sets; no other is, unless the codec itself needs one.
pub trait Encoder: Send {
    /// Takes in what `frame` says has changed and compresses the whole.
    ///
    /// # Errors
    ///
    /// [`EncodeError`]; the next picture may be tried all the same.
    fn encode(&mut self, frame: &Frame<'_>, key: bool) -> Result<EncodedFrame, EncodeError>;

    /// Compresses the last picture once more at time `at`: to sharpen it, to keep the stream alive,
    /// or as a key frame. `None` before the first picture.
    ///
    /// # Errors
    ///
    /// As [`encode`](Self::encode).
    fn again(&mut self, at: Duration, key: bool) -> Result<Option<EncodedFrame>, EncodeError>;

    /// From the next picture on, only what is within `area` is looked at, and the rest may show
    /// anything that costs little; `None` for the whole. Does nothing where the codec cannot use it.
    fn set_area(&mut self, area: Option<Vec<Rect>>) {
        drop(area);
    }

    /// Halves both sides of the picture from the next one on, or does not any more; that one is a key
    /// frame, of which the whole has changed. Does nothing where the codec has strength enough.
    fn set_halved(&mut self, halved: bool) {
        let _ = halved;
    }

    /// Lets go of whatever memory only pictures need, until the next one, which is then the first of
    /// its kind: a key frame, of which the whole has changed.
    fn release(&mut self);

    /// Aims at `bits_per_second` from the next picture on, without a key frame.
    fn set_bitrate(&mut self, bits_per_second: u32);

    /// Expects `frames_per_second` at most from the next picture on, without a key frame. Does nothing
    /// where the codec goes by the pictures' times alone.
    fn set_frame_rate(&mut self, frames_per_second: u16) {
        let _ = frames_per_second;
    }
}
