//! An encoder that gives way to another where it cannot work, and says so aloud.
//!
//! Which one follows which is [`Backend::fallback`]'s to say. Going back is absent: the next stream
//! tries the first one again.

use std::time::Duration;

use rh_capture::{Frame, Rect};
use rh_codec::{Backend, EncodeError, Encoder};
use rh_protocol::EncodedFrame;

/// Opens a backend.
type Open = Box<dyn Fn(Backend) -> Result<Box<dyn Encoder>, EncodeError> + Send>;

/// Opens `backend`, or the first that works of those it falls back on.
///
/// # Errors
///
/// Those of the last one tried.
pub(crate) fn open(mut backend: Backend, open: Open) -> Result<Box<dyn Encoder>, EncodeError> {
    loop {
        let error = match open(backend) {
            Ok(encoder) => {
                return Ok(Box::new(Yielding {
                    backend,
                    encoder,
                    open,
                    bits: None,
                    halved: false,
                }));
            }
            Err(error) => error,
        };
        backend = successor(backend, &error).ok_or(error)?;
    }
}

/// Who follows `backend` after `error`, if anybody; said aloud.
fn successor(backend: Backend, error: &EncodeError) -> Option<Backend> {
    let beyond_it = matches!(error, EncodeError::Unavailable { .. } | EncodeError::Size { .. });
    let next = backend.fallback().filter(|_| beyond_it)?;
    tracing::warn!(%error, "{backend} cannot do it: falling back to {next}");
    Some(next)
}

/// The encoder in charge.
struct Yielding {
    backend: Backend,
    encoder: Box<dyn Encoder>,
    open: Open,
    bits: Option<u32>,
    halved: bool,
}

impl Yielding {
    /// Puts another encoder in charge if there is one that may do better; whether it did.
    fn give_way(&mut self, error: &EncodeError) -> bool {
        let Some(next) = successor(self.backend, error) else {
            return false;
        };
        match (self.open)(next) {
            Ok(mut encoder) => {
                self.bits.into_iter().for_each(|bits| encoder.set_bitrate(bits));
                if self.halved {
                    encoder.set_halved(true);
                }
                (self.backend, self.encoder) = (next, encoder);
                true
            }
            Err(error) => {
                tracing::warn!(%error, "{next} cannot do it either");
                false
            }
        }
    }
}

impl Encoder for Yielding {
    /// A new encoder has seen nothing yet, so it takes in the whole of `frame`.
    fn encode(&mut self, frame: &Frame<'_>, key: bool) -> Result<EncodedFrame, EncodeError> {
        match self.encoder.encode(frame, key) {
            Err(error) if self.give_way(&error) => self.encoder.encode(frame, true),
            done => done,
        }
    }

    /// Gives no way: another encoder has no picture to show again.
    fn again(&mut self, at: Duration, key: bool) -> Result<Option<EncodedFrame>, EncodeError> {
        self.encoder.again(at, key)
    }

    fn set_area(&mut self, area: Option<Vec<Rect>>) {
        self.encoder.set_area(area);
    }

    fn set_halved(&mut self, halved: bool) {
        self.halved = halved;
        self.encoder.set_halved(halved);
    }

    fn release(&mut self) {
        self.encoder.release();
    }

    fn set_bitrate(&mut self, bits_per_second: u32) {
        self.bits = Some(bits_per_second);
        self.encoder.set_bitrate(bits_per_second);
    }

    fn set_frame_rate(&mut self, frames_per_second: u16) {
        self.encoder.set_frame_rate(frames_per_second);
    }
}

#[cfg(test)]
#[path = "fallback_tests.rs"]
mod tests;
