//! What a receiver shows: the other end of the channel.

use rh_protocol::tile::{Area, TileMessage, VideoTime};

use super::decode;

/// The painted pixels above the video.
#[derive(Clone, Debug, Default)]
pub struct Receiver {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 3]>,
    shown: Vec<Shown>,
    presented: Option<VideoTime>,
}

/// What is to be seen of a pixel.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Shown {
    Video,
    Painted,
    /// Painted, until the first video frame that reaches this time.
    Until(VideoTime),
}

/// A message that makes no sense here; it was ignored as a whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the message does not fit what is shown")]
pub struct Refused;

impl Receiver {
    /// Applies the next message of the channel.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it reaches out of the picture, copies what is not painted, or holds a tile
    /// that cannot be decoded.
    pub fn take(&mut self, message: &TileMessage) -> Result<(), Refused> {
        match message {
            TileMessage::Picture { width, height, .. } => {
                (self.width, self.height) = (usize::from(*width), usize::from(*height));
                self.pixels = vec![[0; 3]; self.width * self.height];
                self.shown = vec![Shown::Video; self.width * self.height];
            }
            TileMessage::Tile { coding, area, data, .. } => {
                self.check(*area)?;
                let pixels = decode(*coding, data, area.width, area.height).ok_or(Refused)?;
                let pixels = pixels.chunks_exact(4).map(|it| [it[0], it[1], it[2]]);
                self.paint(*area, pixels.collect());
            }
            TileMessage::Copy { from, area, .. } => {
                let source = Area { x: from.0, y: from.1, ..*area };
                self.check(*area)?;
                if !self.is_painted(source) {
                    return Err(Refused);
                }
                let pixels = self.places(source).map(|at| self.pixels[at]).collect();
                self.paint(*area, pixels);
            }
            TileMessage::Video { at, areas } => {
                areas.iter().try_for_each(|area| self.check(*area))?;
                areas.iter().for_each(|area| self.hand_over(*area, *at));
            }
        }
        Ok(())
    }

    /// A video frame captured at `at` is presented: what waited for it is no longer painted.
    pub fn present(&mut self, at: VideoTime) {
        self.presented = Some(at);
        for shown in &mut self.shown {
            if matches!(shown, Shown::Until(time) if at.reaches(*time)) {
                *shown = Shown::Video;
            }
        }
    }

    /// The blue, green and red painted at a pixel; `None` where video shows through, and outside.
    pub fn pixel(&self, x: u16, y: u16) -> Option<[u8; 3]> {
        let at = usize::from(y) * self.width + usize::from(x);
        let painted = usize::from(x) < self.width && *self.shown.get(at)? != Shown::Video;
        painted.then(|| self.pixels[at])
    }

    /// Whether all of `area` is painted, and is to stay so.
    pub fn is_painted(&self, area: Area) -> bool {
        self.check(area).is_ok() && self.places(area).all(|at| self.shown[at] == Shown::Painted)
    }

    fn check(&self, area: Area) -> Result<(), Refused> {
        let end = |at: u16, extent: u16| usize::from(at) + usize::from(extent);
        let fits = end(area.x, area.width) <= self.width && end(area.y, area.height) <= self.height;
        if fits { Ok(()) } else { Err(Refused) }
    }

    fn places(&self, area: Area) -> impl Iterator<Item = usize> + use<> {
        let (width, x) = (self.width, usize::from(area.x));
        let rows = usize::from(area.y)..usize::from(area.y) + usize::from(area.height);
        let columns = x..x + usize::from(area.width);
        rows.flat_map(move |y| columns.clone().map(move |x| y * width + x))
    }

    fn paint(&mut self, area: Area, pixels: Vec<[u8; 3]>) {
        for (at, pixel) in self.places(area).zip(pixels) {
            (self.pixels[at], self.shown[at]) = (pixel, Shown::Painted);
        }
    }

    fn hand_over(&mut self, area: Area, at: VideoTime) {
        let due = self.presented.is_some_and(|presented| presented.reaches(at));
        for place in self.places(area) {
            // What waits already goes over sooner.
            if self.shown[place] == Shown::Painted {
                self.shown[place] = if due { Shown::Video } else { Shown::Until(at) };
            }
        }
    }
}
