//! Compressed video.

use std::time::Duration;

use bytes::Bytes;

/// Width and height in pixels; never zero.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// One H.264 access unit in Annex B form (ITU-T H.264, annex B), parameter sets before each key
/// frame.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EncodedFrame {
    /// The access unit.
    pub data: Bytes,
    /// Time of capture, on the clock of whoever captures; never runs backwards.
    pub at: Duration,
    /// Whether a decoder can start here.
    pub key: bool,
}
