//! What macOS is asked about itself.

#![expect(unsafe_code, reason = "calls into frameworks")]

use std::time::Duration;

use objc2::msg_send;
use objc2::runtime::AnyClass;
use objc2_application_services::AXIsProcessTrusted;
use objc2_core_graphics::{CGPreflightPostEventAccess, CGRequestPostEventAccess};

use crate::quartz::clicks::INTERVAL;
use crate::quartz::permissions::Permissions;

#[link(name = "Carbon", kind = "framework")]
unsafe extern "C" {
    /// `HIToolbox/CarbonEventsCore.h`; 1 while any program has Secure Event Input on.
    safe fn IsSecureEventInputEnabled() -> u8;
}

/// Which permissions this program has; never asks the user.
pub fn permissions() -> Permissions {
    // SAFETY: the function takes nothing, and may be called on any thread.
    let accessibility = unsafe { AXIsProcessTrusted() };
    Permissions { accessibility, post_events: CGPreflightPostEventAccess() }
}

/// Has macOS ask the user for the permission to post events, unless they were asked before; whether
/// there is one now. The answer is not waited for.
pub fn request_permission() -> bool {
    CGRequestPostEventAccess()
}

/// Whether a field for passwords has the keyboard somewhere, so that keys vanish (B-11).
pub fn secure_input() -> bool {
    IsSecureEventInputEnabled() != 0
}

/// How close in time the presses of a double click are, as the user has set it; the usual
/// [`INTERVAL`] in a program that AppKit is not part of.
pub fn double_click_interval() -> Duration {
    let Some(events) = AnyClass::get(c"NSEvent") else { return INTERVAL };
    // SAFETY: `+[NSEvent doubleClickInterval]` takes nothing and returns an NSTimeInterval, which is
    // a double; it reads a setting, on any thread.
    let seconds: f64 = unsafe { msg_send![events, doubleClickInterval] };
    Duration::try_from_secs_f64(seconds).unwrap_or(INTERVAL)
}
