//! The video half of the picture.

use std::time::Duration;

use rh_capture::{Frame, Pixels, Rect};
use rh_codec::tiles::Bgrx;
use rh_codec::{EncodeError, Encoder};
use rh_protocol::{EncodedFrame, PeerId, Size};

use super::share::Share;
use super::strain::Strain;
use crate::clock::now;
use crate::pace::Pace;

/// Most rectangles that the encoder is told of at once.
const RECTANGLES: usize = 32;

/// How long nobody looks at the video until its encoder lets go of its memory: up to 40 MB at 1920x1080.
const UNWATCHED: Duration = Duration::from_secs(5);

/// The encoder, and what it has not seen yet.
pub(super) struct Film {
    encoder: Box<dyn Encoder>,
    pub(super) pace: Pace,
    size: Option<Size>,
    /// What changed since the encoder last took a picture in.
    missed: Vec<Rect>,
    /// When somebody last looked at it; `None` once its memory is let go of.
    watched: Option<Duration>,
    pub(super) share: Share,
    /// What it takes of the network.
    bits: Option<u32>,
    strain: Strain,
    halved: bool,
}

/// What is wanted of the video at this moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// Somebody looks at it.
    pub(super) shown: bool,
    /// Somebody sees nothing else, so that it must become sharp by itself and show that it lives.
    pub(super) alone: bool,
    /// It would go out at once.
    pub(super) ready: bool,
}

impl Film {
    pub(super) fn new(encoder: Box<dyn Encoder>) -> Self {
        Self {
            encoder,
            pace: Pace::default(),
            size: None,
            missed: Vec::new(),
            watched: None,
            share: Share::default(),
            bits: None,
            strain: Strain::default(),
            halved: false,
        }
    }

    /// Takes its share of the network: of which see [`Share::look`].
    pub(super) fn keep_to_share(
        &mut self,
        at: Duration,
        shown: bool,
        viewers: &[(PeerId, Option<u32>)],
    ) {
        if let Some(bits) = self.share.look(at, shown, viewers, self.size)
            && self.bits.replace(bits) != Some(bits)
        {
            self.encoder.set_bitrate(bits);
        }
    }

    /// Nothing but `area` is looked at, if there is one.
    pub(super) fn set_area(&mut self, area: Option<Vec<Rect>>) {
        self.encoder.set_area(area);
    }

    /// Takes note of a picture that may not be encoded.
    pub(super) fn note(&mut self, frame: &Frame<'_>) {
        if self.size.replace(frame.size) != Some(frame.size) {
            self.missed = vec![Rect::whole(frame.size)];
        }
        self.missed.extend(frame.damage);
        if self.missed.len() > RECTANGLES {
            let bounds = self.missed.drain(..).reduce(Rect::union);
            self.missed.extend(bounds);
        }
    }

    /// Whether a picture waits to be encoded.
    pub(super) fn is_behind(&self) -> bool {
        !self.missed.is_empty()
    }

    /// Lets go of the encoder's memory once nobody has looked for long.
    fn rest(&mut self, at: Duration) {
        if self.watched.is_some_and(|then| at >= then + UNWATCHED) {
            self.watched = None;
            self.strain.forget();
            self.encoder.release();
            self.miss_all();
        }
    }

    /// What the encoder took in so far is of no use.
    fn miss_all(&mut self) {
        self.missed = self.size.map(Rect::whole).into_iter().collect();
    }

    /// Has the video smaller while it is more than can be carried; but whoever sees nothing else has
    /// to see it sharp.
    fn scale(&mut self, alone: bool) {
        let halved = self.strain.is_halved() && !alone;
        if std::mem::replace(&mut self.halved, halved) != halved {
            tracing::info!(halved, "the video's size follows what can be carried");
            self.encoder.set_halved(halved);
            self.miss_all();
        }
    }

    /// Encodes what was missed of a picture.
    fn encode(
        &mut self,
        pixels: Pixels<'_>,
        size: Size,
        at: Duration,
        key: bool,
    ) -> Result<EncodedFrame, EncodeError> {
        let damage = std::mem::take(&mut self.missed);
        let begun = now();
        let encoded = self.encoder.encode(&Frame { size, damage: &damage, at, pixels }, key)?;
        if !encoded.key {
            let took = now().saturating_duration_since(begun);
            self.strain.learn(at, encoded.data.len(), took, self.bits);
        }
        Ok(encoded)
    }

    /// The next frame, if one is due: of `frame`, or of the picture that is `kept`.
    pub(super) fn next(
        &mut self,
        frame: Option<&Frame<'_>>,
        kept: Option<Bgrx<'_>>,
        at: Duration,
        wanted: Wanted,
    ) -> Result<Option<EncodedFrame>, EncodeError> {
        if wanted.shown {
            self.watched = Some(at);
        } else {
            self.rest(at);
        }
        if !wanted.shown || !wanted.ready {
            return Ok(None);
        }
        self.scale(wanted.alone);
        let key = self.pace.key_due(at);
        let pixels = frame.map(|it| it.pixels).or_else(|| kept.map(Pixels::from));
        let encoded = match (pixels.zip(self.size), self.is_behind()) {
            (Some((pixels, size)), true) => (true, self.encode(pixels, size, at, key).map(Some)),
            _ if self.pace.refresh_due(at, wanted.alone) => (false, self.encoder.again(at, key)),
            _ => return Ok(None),
        };
        match encoded {
            (changed, Ok(Some(encoded))) => {
                self.pace.sent(at, changed, encoded.key);
                Ok(Some(EncodedFrame { at, ..encoded }))
            }
            // It follows as a refresh; a key frame that was asked for stays due.
            (_, Err(EncodeError::Dropped)) => {
                self.pace.sent(at, true, false);
                Ok(None)
            }
            (_, other) => other,
        }
    }
}

#[cfg(test)]
#[path = "film_tests.rs"]
mod tests;
