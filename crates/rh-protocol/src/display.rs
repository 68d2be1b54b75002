//! The sharer's displays.

use serde::{Deserialize, Serialize};

use crate::DisplayId;

/// One display of the sharer's machine.
///
/// Positions are in the platform's global coordinates, top-left origin; they may be negative.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct Display {
    /// Which one.
    pub id: DisplayId,
    /// What its platform calls it, such as `HDMI-1`.
    pub name: String,
    /// Left edge, in global units.
    pub x: i32,
    /// Top edge, in global units.
    pub y: i32,
    /// Extent across, in global units; never zero.
    pub width: u32,
    /// Extent down, in global units; never zero.
    pub height: u32,
    /// Pixels per global unit: 2.0 on a Retina display, 1.0 on X11.
    pub scale: f64,
    /// Whether it is the main one.
    pub primary: bool,
}
