//! One screen on its way to the viewers.

use std::thread;
use std::time::{Duration, Instant};

use rh_capture::{CaptureError, Cursor, Frame, Screen};
use rh_codec::{EncodeError, Encoder};
use rh_protocol::{DisplayId, EncodedFrame, Size};
use rh_session::link::Shown;

use super::{End, MediaEvent, Viewers};
use crate::clock::now;
use crate::cursor::CursorTeller;
use crate::pace::Pace;
use crate::sources::{EncoderSource, ScreenSource};

/// Part of the network's capacity that pictures may take, in percent.
const SHARE: u64 = 85;

/// One screen and its encoder, from opening to the end of either.
pub(super) struct Stream {
    begin: Instant,
    display: DisplayId,
    screen: Box<dyn Screen>,
    encoder: Box<dyn Encoder>,
    pace: Pace,
    teller: CursorTeller,
    size: Option<Size>,
    cursor: Option<Cursor>,
    cursor_told: bool,
    /// Whether anybody was shown a picture.
    shown: bool,
}

impl Stream {
    /// Opens the screen and makes its encoder; pictures are timed from `begin`.
    pub(super) fn open(
        begin: Instant,
        display: DisplayId,
        screens: &dyn ScreenSource,
        encoders: &dyn EncoderSource,
    ) -> Result<Self, End> {
        Ok(Self {
            begin,
            display,
            screen: screens.open(display).map_err(end_of)?,
            encoder: encoders.open().map_err(retry)?,
            pace: Pace::default(),
            teller: CursorTeller::default(),
            size: None,
            cursor: None,
            cursor_told: true,
            shown: false,
        })
    }

    /// Somebody needs a key frame.
    pub(super) fn want_key(&mut self) {
        self.pace.want_key();
    }

    /// Somebody new looks on.
    pub(super) fn start_over(&mut self) {
        self.pace.want_key();
        self.teller.start_over();
        self.cursor_told = false;
    }

    /// The network can carry this many bits per second.
    pub(super) fn set_capacity(&mut self, bits: u32) {
        self.encoder.set_bitrate((u64::from(bits) * SHARE / 100) as u32);
    }

    fn elapsed(&self) -> Duration {
        now().saturating_duration_since(self.begin)
    }

    /// Delivers one picture, or waits for one in vain.
    pub(super) fn step(
        &mut self,
        viewers: &Viewers,
        report: &impl Fn(MediaEvent),
    ) -> Result<(), End> {
        thread::sleep(self.pace.hold(self.elapsed()));
        let patience = self.pace.patience(self.elapsed());
        let frame = self.screen.next(patience).map_err(end_of)?;
        let at = now().saturating_duration_since(self.begin);
        let key = self.pace.key_due(at);
        let encoded = match frame {
            Some(frame) => {
                self.size = Some(frame.size);
                // The encoder keeps its rate by the same clock, whatever the screen counts from.
                let frame = Frame { at, ..frame };
                Some((true, self.encoder.encode(&frame, key).map(Some)))
            }
            None if self.pace.refresh_due(at) => Some((false, self.encoder.again(at, key))),
            None => None,
        };
        match encoded {
            Some((changed, Ok(Some(encoded)))) => {
                self.pace.sent(at, changed, encoded.key);
                let sent = self.show(EncodedFrame { at, ..encoded }, viewers);
                if sent && !std::mem::replace(&mut self.shown, true) {
                    report(MediaEvent::Shown(self.display));
                }
            }
            // It follows as a refresh; a key frame that was asked for stays due.
            Some((_, Err(EncodeError::Dropped))) => self.pace.sent(at, true, false),
            Some((_, Err(error))) => return Err(retry(error)),
            Some((_, Ok(None))) | None => {}
        }
        self.tell_cursor(report);
        Ok(())
    }

    /// Shows a picture to those who may look on at this moment; whether it goes out to anybody.
    fn show(&mut self, frame: EncodedFrame, viewers: &Viewers) -> bool {
        let mut sent = false;
        // Held, so that none is shown to a viewer who was taken away.
        for viewer in &*viewers.lock() {
            match viewer.show(&frame) {
                Shown::Sent => sent = true,
                // What follows builds on what was left out.
                Shown::Dropped => self.pace.want_key(),
            }
        }
        sent
    }

    fn tell_cursor(&mut self, report: &impl Fn(MediaEvent)) {
        if let Some(cursor) = self.screen.cursor() {
            self.cursor = Some(cursor);
            self.cursor_told = false;
        }
        if self.cursor_told {
            return;
        }
        if let (Some(cursor), Some(size)) = (&self.cursor, self.size) {
            self.cursor_told = true;
            for message in self.teller.tell(cursor, self.display, size) {
                report(MediaEvent::Cursor(message));
            }
        }
    }
}

fn end_of(error: CaptureError) -> End {
    match error {
        CaptureError::NoDisplay(_) => End::DisplayLost,
        CaptureError::Asleep => End::Asleep,
        CaptureError::Stopped => End::Stopped,
        CaptureError::Denied
        | CaptureError::Unavailable { .. }
        | CaptureError::Platform { .. }
        | _ => End::Retry(error.to_string()),
    }
}

fn retry(error: EncodeError) -> End {
    End::Retry(error.to_string())
}
