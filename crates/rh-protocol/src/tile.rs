//! Lossless parts of the picture beside the video: what the data channel `tiles` carries.
//!
//! Agent to helper only, reliable and ordered, one binary [`TileMessage`] of at most
//! [`limits::TILE_BYTES`] each. Numbers are unsigned and big-endian:
//!
//! | message | layout |
//! |---|---|
//! | [`Picture`](TileMessage::Picture) | `1`, u32 display, u32 at, u16 width, u16 height |
//! | [`Tile`](TileMessage::Tile) | `2`, u8 coding, u32 at, u16 x, y, width, height, coded pixels |
//! | [`Copy`](TileMessage::Copy) | `3`, u32 at, u16 from x, from y, x, y, width, height |
//! | [`Video`](TileMessage::Video) | `4`, u32 at, u16 count, and for each area u16 x, y, width, height |
//!
//! The pixels' codings are absent: they are the codec's.

use std::time::Duration;

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::{DisplayId, limits};

/// The label of the data channel.
pub const LABEL: &str = "tiles";

/// A moment of capture on the video's clock: ticks of 1/90,000 s that wrap around (RFC 3550,
/// section 5.1; RFC 6184, section 8.2.1).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct VideoTime(pub u32);

impl VideoTime {
    /// The moment `at` after time zero; cut off as the link cuts the time stamps of its frames.
    pub const fn since_zero(at: Duration) -> Self {
        Self((at.as_micros() * 9 / 100) as u32)
    }

    /// Whether this is `other` or later, by serial number arithmetic (RFC 1982): right as long as
    /// the two are less than 6 hours apart.
    pub const fn reaches(self, other: Self) -> bool {
        self.0.wrapping_sub(other.0) < 1 << 31
    }
}

/// A rectangle of pixels; never empty, and its far edges are at most 65,535.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Area {
    /// From the left edge of the picture.
    pub x: u16,
    /// From the top edge.
    pub y: u16,
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
}

/// How a tile's pixels are coded, rows from the top.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Coding {
    /// The chunks of QOI without header and end mark; never one with alpha. The pixel before the
    /// first is opaque black and the index is zeroed, as in its specification (qoiformat.org).
    Qoi,
    /// The same as a raw deflate stream (RFC 1951).
    DeflatedQoi,
}

/// One message of the channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TileMessage {
    /// A new picture begins: whatever was painted is void, and all of it is the video's.
    Picture {
        /// The display it shows.
        display: DisplayId,
        /// When it was captured.
        at: VideoTime,
        /// Pixels across; never zero.
        width: u16,
        /// Pixels down; never zero.
        height: u16,
    },
    /// These pixels are painted here.
    Tile {
        /// How they are coded.
        coding: Coding,
        /// When they were captured.
        at: VideoTime,
        /// Where they are.
        area: Area,
        /// The coded pixels; never empty.
        data: Bytes,
    },
    /// What was painted at `from` is painted here as well; the two may overlap. Everything there is
    /// painted, none of it the video's.
    Copy {
        /// When it was captured.
        at: VideoTime,
        /// The left and top edges of where it was.
        from: (u16, u16),
        /// Where it is now.
        area: Area,
    },
    /// These areas are the video's from the first of its frames on that
    /// [reaches](VideoTime::reaches) `at`, but for what is painted there later.
    Video {
        /// The time of that frame, or one before it.
        at: VideoTime,
        /// The areas; never none, at most [`limits::VIDEO_AREAS`].
        areas: Vec<Area>,
    },
}

/// Why bytes are no [`TileMessage`]. The receiver ignores and counts them.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TileError {
    /// More than [`limits::TILE_BYTES`]; not looked into.
    #[error("a message of {0} bytes is too long")]
    TooLong(usize),
    /// A message that this version does not know.
    #[error("no message is of kind {0}")]
    Kind(u8),
    /// A coding that this version does not know.
    #[error("no coding has the number {0}")]
    Coding(u8),
    /// Fewer bytes than its kind needs, or more.
    #[error("the message does not end where it should")]
    Length,
    /// An area without pixels, or one that no picture can hold.
    #[error("an area is empty or reaches too far")]
    Area,
}

impl TileMessage {
    /// Writes the message. It is up to its maker that it keeps the limits.
    pub fn encode(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(self.encoded_len());
        match self {
            &Self::Picture { display, at, width, height } => {
                out.put_u8(1);
                out.put_u32(display.0);
                out.put_u32(at.0);
                out.put_u16(width);
                out.put_u16(height);
            }
            Self::Tile { coding, at, area, data } => {
                out.put_u8(2);
                out.put_u8(coding.number());
                out.put_u32(at.0);
                area.put(&mut out);
                out.put_slice(data);
            }
            Self::Copy { at, from, area } => {
                out.put_u8(3);
                out.put_u32(at.0);
                out.put_u16(from.0);
                out.put_u16(from.1);
                area.put(&mut out);
            }
            Self::Video { at, areas } => {
                out.put_u8(4);
                out.put_u32(at.0);
                out.put_u16(areas.len() as u16);
                areas.iter().for_each(|area| area.put(&mut out));
            }
        }
        out.freeze()
    }

    /// Bytes of the message on the wire.
    pub fn encoded_len(&self) -> usize {
        match self {
            Self::Picture { .. } => 13,
            Self::Tile { data, .. } => limits::TILE_HEAD_BYTES + data.len(),
            Self::Copy { .. } => 17,
            Self::Video { areas, .. } => 7 + 8 * areas.len(),
        }
    }

    /// Reads a message from bytes that nobody vouches for; a tile's pixels stay coded and share
    /// their memory.
    ///
    /// # Errors
    ///
    /// [`TileError`]; never panics, whatever the bytes.
    pub fn decode(mut bytes: Bytes) -> Result<Self, TileError> {
        if bytes.len() > limits::TILE_BYTES {
            return Err(TileError::TooLong(bytes.len()));
        }
        let kind = bytes.try_get_u8().map_err(short)?;
        let message = match kind {
            1 => read_picture(&mut bytes)?,
            2 => return read_tile(bytes),
            3 => read_copy(&mut bytes)?,
            4 => read_video(&mut bytes)?,
            kind => return Err(TileError::Kind(kind)),
        };
        if bytes.is_empty() { Ok(message) } else { Err(TileError::Length) }
    }
}

impl Area {
    fn put(self, out: &mut BytesMut) {
        [self.x, self.y, self.width, self.height].into_iter().for_each(|it| out.put_u16(it));
    }

    fn read(bytes: &mut Bytes) -> Result<Self, TileError> {
        let mut next = || bytes.try_get_u16().map_err(short);
        let area = Self { x: next()?, y: next()?, width: next()?, height: next()? };
        area.check(area.x, area.y)?;
        Ok(area)
    }

    /// Whether a rectangle of this extent fits with its corner at `(x, y)`.
    fn check(self, x: u16, y: u16) -> Result<(), TileError> {
        let fits = |at: u16, extent: u16| extent > 0 && at.checked_add(extent).is_some();
        if fits(x, self.width) && fits(y, self.height) { Ok(()) } else { Err(TileError::Area) }
    }
}

impl Coding {
    const fn number(self) -> u8 {
        match self {
            Self::Qoi => 1,
            Self::DeflatedQoi => 2,
        }
    }

    const fn read(number: u8) -> Result<Self, TileError> {
        match number {
            1 => Ok(Self::Qoi),
            2 => Ok(Self::DeflatedQoi),
            number => Err(TileError::Coding(number)),
        }
    }
}

fn read_picture(bytes: &mut Bytes) -> Result<TileMessage, TileError> {
    let display = DisplayId(bytes.try_get_u32().map_err(short)?);
    let at = read_time(bytes)?;
    let (width, height) =
        (bytes.try_get_u16().map_err(short)?, bytes.try_get_u16().map_err(short)?);
    Area { x: 0, y: 0, width, height }.check(0, 0)?;
    Ok(TileMessage::Picture { display, at, width, height })
}

fn read_tile(mut bytes: Bytes) -> Result<TileMessage, TileError> {
    let coding = Coding::read(bytes.try_get_u8().map_err(short)?)?;
    let (at, area) = (read_time(&mut bytes)?, Area::read(&mut bytes)?);
    if bytes.is_empty() {
        return Err(TileError::Length);
    }
    Ok(TileMessage::Tile { coding, at, area, data: bytes })
}

fn read_copy(bytes: &mut Bytes) -> Result<TileMessage, TileError> {
    let at = read_time(bytes)?;
    let from = (bytes.try_get_u16().map_err(short)?, bytes.try_get_u16().map_err(short)?);
    let area = Area::read(bytes)?;
    area.check(from.0, from.1)?;
    Ok(TileMessage::Copy { at, from, area })
}

fn read_video(bytes: &mut Bytes) -> Result<TileMessage, TileError> {
    let at = read_time(bytes)?;
    let count = usize::from(bytes.try_get_u16().map_err(short)?);
    // Before anything is allocated for them.
    if count == 0 || count > limits::VIDEO_AREAS || bytes.len() != count * 8 {
        return Err(TileError::Length);
    }
    let areas = (0..count).map(|_| Area::read(bytes)).collect::<Result<_, _>>()?;
    Ok(TileMessage::Video { at, areas })
}

fn read_time(bytes: &mut Bytes) -> Result<VideoTime, TileError> {
    bytes.try_get_u32().map(VideoTime).map_err(short)
}

const fn short(_: bytes::TryGetError) -> TileError {
    TileError::Length
}
