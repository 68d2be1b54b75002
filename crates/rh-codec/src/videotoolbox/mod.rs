//! The encoder of a Mac's hardware, but for the calls: those are in `macos`, behind [`Hardware`].
//!
//! - **Constrained baseline.** The link offers browsers `42e01f` (RFC 6184, 8.1): constrained baseline.
//!   Chromium and Safari would decode the high profile as well, but a decoder may take the offer at
//!   its word, as Firefox's does where openh264 decodes, and CABAC alone buys too little on text to
//!   take that risk. Where the constrained baseline is unknown, baseline: VideoToolbox uses none of
//!   what the former leaves out of the latter.
//! - **One picture in, one out.** Low-latency rate control holds none back (WWDC 2021, session 10158);
//!   where it is missing, as on Intel, each picture is flushed. An encoder that does not answer in time
//!   has died.
//! - **Sessions die**, with sleep or a change of the graphics processor. A picture that one fails to
//!   take goes to a new one, once, as a key frame; the picture itself outlives the session, so no
//!   damage is lost.
//! - **Pictures left out** to keep the rate are [`EncodeError::Dropped`]; the next one holds what they
//!   showed.

pub(crate) mod rows;
pub(crate) mod status;
pub(crate) mod unit;

use std::time::Duration;

use rh_capture::{Frame, Size};
use rh_protocol::EncodedFrame;

use self::status::Failure;
use self::unit::AccessUnit;
use crate::{EncodeError, Encoder, Settings};

/// Below this the rate control leaves out more pictures than it lets pass.
const FEWEST_BITS: u32 = 100_000;
/// More than any screen needs, and within what a `CFNumber` of 32 bits holds.
const MOST_BITS: u32 = 200_000_000;
/// One macroblock.
const SHORTEST_SIDE: u32 = 16;
/// Pictures must not share a time: the rate control divides by what lies between.
const TICK: Duration = Duration::from_millis(1);

/// The calls that a [`VideoToolbox`] makes.
pub(crate) trait Hardware: Send {
    /// A picture where the hardware can read it.
    type Picture: Send;
    /// Compresses pictures of one size until it dies.
    type Session: Send;

    /// Takes in what `frame` says has changed since `last`, which is of the same size; all of it if
    /// there is no `last`.
    fn take_in(
        &self,
        frame: &Frame<'_>,
        last: Option<Self::Picture>,
    ) -> Result<Self::Picture, EncodeError>;

    /// Makes a session for pictures of `size`.
    fn open(&self, size: Size, aim: Aim) -> Result<Self::Session, Failure>;

    /// Compresses `picture` at time `at`, later than the one before; `None` if it was left out to
    /// keep the rate.
    fn compress(
        &self,
        session: &Self::Session,
        picture: &Self::Picture,
        at: Duration,
        key: bool,
    ) -> Result<Option<AccessUnit>, Failure>;

    /// Aims anew, from the next picture on.
    fn tune(&self, session: &Self::Session, aim: Aim);
}

/// What a session aims at: within what the hardware takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Aim {
    /// Bits per second.
    pub(crate) bits: u32,
    /// Pictures per second.
    pub(crate) frames: u16,
}

/// Compresses pictures with `H`.
#[derive(Debug)]
pub(crate) struct VideoToolbox<H: Hardware> {
    hardware: H,
    aim: Aim,
    shown: Option<(Size, H::Picture)>,
    running: Option<Running<H::Session>>,
}

/// A session at work.
#[derive(Debug)]
struct Running<S> {
    session: S,
    /// Time of the last picture it took.
    last: Option<Duration>,
    /// Whether a key frame came out of it.
    entered: bool,
}

impl Aim {
    pub(crate) fn new(bits: u32, frames: u16) -> Self {
        Self { bits: bits.clamp(FEWEST_BITS, MOST_BITS), frames: frames.clamp(1, 60) }
    }
}

impl<H: Hardware> VideoToolbox<H> {
    pub(crate) fn new(hardware: H, settings: Settings) -> Self {
        let aim = Aim::new(settings.bits_per_second, settings.frames_per_second);
        Self { hardware, aim, shown: None, running: None }
    }

    /// Compresses the picture as it is, with a second session if the first has died. After a failure
    /// the next picture starts anew.
    fn compress(&mut self, at: Duration, key: bool) -> Result<Option<EncodedFrame>, EncodeError> {
        let Some((size, picture)) = self.shown.take() else {
            return Ok(None);
        };
        let done = match self.attempt(size, &picture, at, key) {
            Err(failure) if failure.is_loss() => self.attempt(size, &picture, at, true),
            done => done,
        };
        self.shown = Some((size, picture));
        match done {
            Ok(Some(unit)) => Ok(Some(EncodedFrame { data: unit.data.into(), at, key: unit.key })),
            Ok(None) => Err(EncodeError::Dropped),
            Err(failure) => Err(failure.into_error(size)),
        }
    }

    /// Compresses with the session there is, or a new one; one that fails is not kept.
    fn attempt(
        &mut self,
        size: Size,
        picture: &H::Picture,
        at: Duration,
        key: bool,
    ) -> Result<Option<AccessUnit>, Failure> {
        let running = match self.running.take() {
            Some(running) => running,
            None => {
                let session = self.hardware.open(size, self.aim)?;
                Running { session, last: None, entered: false }
            }
        };
        let time = running.last.map_or(at, |last| at.max(last + TICK));
        let key = key || !running.entered;
        let unit = self.hardware.compress(&running.session, picture, time, key)?;
        let entered = running.entered || unit.as_ref().is_some_and(|unit| unit.key);
        self.running = Some(Running { last: Some(time), entered, ..running });
        Ok(unit)
    }

    fn tune(&mut self, aim: Aim) {
        if aim == self.aim {
            return;
        }
        self.aim = aim;
        if let Some(running) = &self.running {
            self.hardware.tune(&running.session, aim);
        }
    }
}

impl<H: Hardware> Encoder for VideoToolbox<H> {
    fn encode(&mut self, frame: &Frame<'_>, key: bool) -> Result<EncodedFrame, EncodeError> {
        let last = self.shown.take().filter(|(size, _)| *size == frame.size);
        if last.is_none() {
            self.running = None;
        }
        check_size(frame.size)?;
        let picture = self.hardware.take_in(frame, last.map(|(_, picture)| picture))?;
        self.shown = Some((frame.size, picture));
        let encoded = self.compress(frame.at, key)?;
        Ok(encoded.expect("there is a picture"))
    }

    fn again(&mut self, at: Duration, key: bool) -> Result<Option<EncodedFrame>, EncodeError> {
        self.compress(at, key)
    }

    fn release(&mut self) {
        (self.shown, self.running) = (None, None);
    }

    fn set_bitrate(&mut self, bits_per_second: u32) {
        self.tune(Aim::new(bits_per_second, self.aim.frames));
    }

    fn set_frame_rate(&mut self, frames_per_second: u16) {
        self.tune(Aim::new(self.aim.bits, frames_per_second));
    }
}

fn check_size(Size { width, height }: Size) -> Result<(), EncodeError> {
    if width.min(height) < SHORTEST_SIDE {
        let detail = "at least 16 pixels are needed each way";
        return Err(EncodeError::Size { width, height, detail });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
