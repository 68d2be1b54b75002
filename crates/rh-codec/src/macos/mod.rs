//! VideoToolbox: the calls that the [`VideoToolbox`] encoder makes on a Mac.
//!
//! A picture that capture hands on as the platform's own pixel buffer is encoded where it lies; any
//! other is copied, as far as it changed, into one buffer that is kept. What is decided rather than
//! called is in [`videotoolbox`](crate::videotoolbox), where every platform tests it.

mod pixels;
mod sample;
mod session;

use std::time::Duration;

use objc2_core_foundation::CFRetained;
use objc2_core_video::CVPixelBuffer;
use rh_capture::{Frame, Size};

use self::session::Session;
use crate::videotoolbox::status::Failure;
use crate::videotoolbox::unit::AccessUnit;
use crate::videotoolbox::{Aim, Hardware, VideoToolbox};
use crate::{EncodeError, Encoder, Settings};

/// A size that every encoder takes.
const USUAL: Size = Size { width: 1280, height: 720 };

/// Makes an encoder, once a session that is thrown away has shown that this Mac has the hardware.
pub(crate) fn open(settings: Settings) -> Result<Box<dyn Encoder>, EncodeError> {
    let aim = Aim::new(settings.bits_per_second, settings.frames_per_second);
    Mac.open(USUAL, aim).map_err(|failure| failure.into_error(USUAL))?;
    Ok(Box::new(VideoToolbox::new(Mac, settings)))
}

/// The hardware of this Mac.
#[derive(Debug)]
struct Mac;

/// A picture where the hardware can read it.
#[derive(Debug)]
struct Picture {
    buffer: CFRetained<CVPixelBuffer>,
    /// Whether it is ours to write to.
    own: bool,
}

impl Hardware for Mac {
    type Picture = Picture;
    type Session = Session;

    fn take_in(&self, frame: &Frame<'_>, last: Option<Picture>) -> Result<Picture, EncodeError> {
        pixels::take_in(frame, last)
    }

    fn open(&self, size: Size, aim: Aim) -> Result<Session, Failure> {
        Session::open(size, aim)
    }

    fn compress(
        &self,
        session: &Session,
        picture: &Picture,
        at: Duration,
        key: bool,
    ) -> Result<Option<AccessUnit>, Failure> {
        session.compress(&picture.buffer, at, key)
    }

    fn tune(&self, session: &Session, aim: Aim) {
        session.tune(aim);
    }
}
