//! The permission to record the screen.

use objc2_core_graphics::{CGPreflightScreenCaptureAccess, CGRequestScreenCaptureAccess};

use crate::Permission;

/// What macOS says, without asking anybody.
pub(crate) fn permission() -> Permission {
    claimed(CGPreflightScreenCaptureAccess())
}

/// Has macOS ask, which it does once and then points to its settings.
pub(crate) fn request() -> Permission {
    claimed(CGRequestScreenCaptureAccess())
}

const fn claimed(granted: bool) -> Permission {
    if granted { Permission::Granted } else { Permission::Missing }
}
