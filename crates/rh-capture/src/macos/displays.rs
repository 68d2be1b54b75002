//! Core Graphics' displays.
#![expect(unsafe_code, reason = "Core Graphics is a C interface")]

use objc2_core_graphics::{
    CGDisplayBounds, CGDisplayCopyDisplayMode, CGDisplayIsAsleep, CGDisplayIsBuiltin,
    CGDisplayMode, CGDisplayRotation, CGError, CGGetActiveDisplayList, CGMainDisplayID,
};
use rh_protocol::DisplayId;

use crate::CaptureError;
use crate::apple::arrangement::{Facts, settled};

/// More than any Mac drives.
const MOST: usize = 64;

/// The displays that are drawn on; of a mirrored set, one.
pub(super) fn list() -> Result<Vec<Facts>, CaptureError> {
    let (mut ids, mut count) = ([0_u32; MOST], 0_u32);
    // SAFETY: both pointers are to live variables, and there is room for `MOST` ids.
    let error = unsafe { CGGetActiveDisplayList(MOST as u32, ids.as_mut_ptr(), &raw mut count) };
    if error != CGError::Success {
        let detail = format!("CGError {}", error.0);
        return Err(CaptureError::Platform { context: "list the displays", detail });
    }
    Ok(settled(ids.iter().take(count as usize).map(|&id| facts(id)).collect()))
}

/// What is known of one display now.
pub(super) fn find(display: DisplayId) -> Result<Facts, CaptureError> {
    let found = list()?.into_iter().find(|facts| facts.id == display.0);
    found.ok_or(CaptureError::NoDisplay(display))
}

/// Whether a display is there, and whether it sleeps.
pub(super) fn presence(display: DisplayId) -> (bool, bool) {
    let asleep = CGDisplayIsAsleep(display.0);
    // While a display sleeps, it may be missing from the list of those that are drawn on.
    (asleep || find(display).is_ok(), asleep)
}

fn facts(id: u32) -> Facts {
    let bounds = CGDisplayBounds(id);
    let mode = CGDisplayCopyDisplayMode(id);
    let mode = mode.as_deref();
    Facts {
        id,
        bounds: [bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height],
        mode: mode
            .map(|mode| (CGDisplayMode::width(Some(mode)), CGDisplayMode::pixel_width(Some(mode)))),
        rotation: CGDisplayRotation(id),
        main: id == CGMainDisplayID(),
        built_in: CGDisplayIsBuiltin(id),
    }
}
