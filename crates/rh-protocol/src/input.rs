//! What a helper does with mouse and keyboard.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{DisplayId, Key, limits};

/// A share of an extent, from `0.0` to `1.0`; nothing else can be made or decoded.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema), ts(type = "number"))]
#[cfg_attr(feature = "gen", schemars(with = "f32", extend("minimum" = 0, "maximum" = 1)))]
#[serde(try_from = "f32", into = "f32")]
pub struct Fraction(f32);

/// The number is not within `0.0..=1.0`.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{0} is not between 0 and 1")]
pub struct OutOfRange(pub f32);

impl TryFrom<f32> for Fraction {
    type Error = OutOfRange;

    fn try_from(value: f32) -> Result<Self, OutOfRange> {
        if (0.0..=1.0).contains(&value) { Ok(Self(value)) } else { Err(OutOfRange(value)) }
    }
}

impl From<Fraction> for f32 {
    fn from(fraction: Fraction) -> Self {
        fraction.0
    }
}

/// A position on a display, as shares of its extent.
///
/// Independent of pixels, so neither side needs the other's resolution. It names its display, so
/// that an action under way while another display is chosen lands nowhere rather than elsewhere.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct Point {
    /// On which display.
    pub display: DisplayId,
    /// From the left edge.
    pub x: Fraction,
    /// From the top edge.
    pub y: Fraction,
}

impl Point {
    /// A point on `display`.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if a share is not within `0.0..=1.0`.
    pub fn new(display: DisplayId, x: f32, y: f32) -> Result<Self, OutOfRange> {
        Ok(Self { display, x: x.try_into()?, y: y.try_into()? })
    }
}

/// A mouse button, as W3C `MouseEvent.button` tells them apart.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Button {
    /// The primary button (0).
    Left,
    /// The wheel button (1).
    Middle,
    /// The context-menu button (2).
    Right,
    /// The "browser back" button (3).
    Back,
    /// The "browser forward" button (4).
    Forward,
}

impl Button {
    /// Every button.
    pub const ALL: [Self; 5] = [Self::Left, Self::Middle, Self::Right, Self::Back, Self::Forward];
}

/// One action of a helper, over the reliable channel.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InputEvent {
    /// The pointer moved.
    Move {
        /// Where it is now.
        at: Point,
    },
    /// A button went down or up.
    Button {
        /// Which one.
        button: Button,
        /// Whether it is down now.
        down: bool,
        /// Where; the pointer goes there first.
        at: Point,
    },
    /// The wheel turned or two fingers moved.
    Scroll {
        /// Pixels to the right, as W3C `WheelEvent.deltaX`; within [`SCROLL`](limits::SCROLL).
        #[serde(deserialize_with = "scroll")]
        #[cfg_attr(feature = "gen", schemars(range(min = -limits::SCROLL, max = limits::SCROLL)))]
        dx: f32,
        /// Pixels down, as W3C `WheelEvent.deltaY`; within [`SCROLL`](limits::SCROLL).
        #[serde(deserialize_with = "scroll")]
        #[cfg_attr(feature = "gen", schemars(range(min = -limits::SCROLL, max = limits::SCROLL)))]
        dy: f32,
        /// Where; the pointer goes there first.
        at: Point,
    },
    /// A physical key went down or up.
    Key {
        /// Which one.
        key: Key,
        /// Whether it is down now.
        down: bool,
    },
    /// Text was entered, by whatever layout or input method the helper has.
    Text {
        /// The text, at most [`TEXT_CHARS`](limits::TEXT_CHARS) characters.
        #[serde(deserialize_with = "short_text")]
        #[cfg_attr(feature = "gen", schemars(length(max = limits::TEXT_CHARS)))]
        text: String,
    },
    /// The helper's page lost the keyboard: let go of every key and button.
    ReleaseAll,
}

/// Reads a scroll that a desktop can carry out.
fn scroll<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    let pixels = f32::deserialize(from)?;
    let sane = pixels.abs() <= limits::SCROLL;
    sane.then_some(pixels).ok_or_else(|| D::Error::custom(format_args!("{pixels} is too far")))
}

/// Reads text of bounded length.
fn short_text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    let short = text.chars().nth(limits::TEXT_CHARS).is_none();
    short.then_some(text).ok_or_else(|| D::Error::custom("the text is too long"))
}

/// A pointer position over the unreliable, unordered channel.
///
/// `seq` counts up over every input message of a helper on both channels; a move is carried out
/// only if its `seq` is greater than all that came before, so that a late one never undoes a click.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct PointerMove {
    /// Its place in the helper's input.
    pub seq: u32,
    /// Where the pointer is.
    pub at: Point,
}
