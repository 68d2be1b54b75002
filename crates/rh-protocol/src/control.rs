//! Messages between helper and agent over the reliable data channel of their link.

use serde::{Deserialize, Serialize};

use crate::{DesktopState, Display, DisplayId, EndReason, InputEvent, PathReason, Point, Role};

/// What a helper tells the agent.
///
/// A role cannot be asked for here: requests go through the service, which decides who may ask.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromHelper {
    /// First of all: the version spoken.
    Hello {
        /// [`VERSION`](crate::VERSION).
        version: u16,
    },
    /// Acts on the sharer's machine.
    Input {
        /// Its place in the helper's input; see [`PointerMove`](crate::PointerMove).
        seq: u32,
        /// The action.
        event: InputEvent,
    },
    /// Wants to see another display.
    Select {
        /// Which one.
        display: DisplayId,
    },
    /// Still there; the agent answers with [`ToHelper::Pong`] at once.
    Ping {
        /// Returned unchanged.
        nonce: u32,
    },
    /// Answer to [`ToHelper::SasCommitment`].
    SasNonce {
        /// 64 hexadecimal digits, small letters, that nobody can guess.
        nonce: String,
    },
    /// Leaves; the last message.
    Bye {
        /// Why.
        reason: EndReason,
    },
}

/// What the agent tells a helper.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToHelper {
    /// First of all: the version spoken.
    Hello {
        /// [`VERSION`](crate::VERSION).
        version: u16,
    },
    /// The helper now holds this role.
    Granted {
        /// The role held.
        role: Role,
    },
    /// The displays there are, and the one that is shown.
    Displays {
        /// At most [`DISPLAYS`](crate::limits::DISPLAYS).
        displays: Vec<Display>,
        /// The one that is shown.
        current: DisplayId,
    },
    /// The cursor has a new shape.
    CursorShape {
        /// PNG, base64; empty if the cursor is hidden.
        png: String,
        /// Hot spot from the left, in pixels.
        hot_x: u16,
        /// Hot spot from the top, in pixels.
        hot_y: u16,
    },
    /// The cursor moved, by whoever's hand; `None` when it is on another display.
    CursorAt {
        /// Where its hot spot is.
        at: Option<Point>,
    },
    /// Answer to [`FromHelper::Ping`].
    Pong {
        /// As it came.
        nonce: u32,
    },
    /// Input is not carried out for now; or is again.
    InputPaused {
        /// Whether it is paused.
        paused: bool,
    },
    /// The sharer's desktop is in this state now, which tells why there is no picture or why input
    /// is paused. At first it is taken to be active.
    Desktop {
        /// The state.
        state: DesktopState,
    },
    /// The picture takes another path, or for another reason; told now and then.
    Path {
        /// Why it takes the path it takes.
        why: PathReason,
    },
    /// Binds the agent to a nonce before it knows the helper's. Of both, and of both certificates of the
    /// link, each side makes six digits that are the same unless somebody stands between them.
    SasCommitment {
        /// SHA-256, 64 hexadecimal digits in small letters.
        commitment: String,
    },
    /// Answer to [`FromHelper::SasNonce`]: what the agent was bound to.
    SasNonce {
        /// 64 hexadecimal digits, small letters.
        nonce: String,
    },
    /// What became of the colleague whom the helper brings.
    Introduction {
        /// What.
        state: Introduction,
    },
    /// The session is over for this helper; the last message.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

/// What became of a colleague whom a helper brings to the sharer (B-20).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Introduction {
    /// The code was entered; the colleague can ask now.
    Arrived,
    /// The sharer has allowed the colleague something.
    Allowed,
    /// The colleague is gone again: declined, or of their own accord.
    Gone,
    /// The code is wrong, expired or used.
    Code,
    /// The organisation's rules do not let the colleague help here; the colleague is told why.
    Denied,
    /// As many helpers as there may be are here, or another colleague is just coming.
    Full,
    /// It cannot be tried now.
    #[serde(other)]
    Other,
}
