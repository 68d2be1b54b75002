//! Keeping the machine awake.

#![expect(unsafe_code, reason = "IOKit writes its answer by pointer")]

use objc2_core_foundation::CFString;
use objc2_io_kit::{
    IOPMAssertionCreateWithName, IOPMAssertionID, IOPMAssertionRelease, kIOPMAssertionLevelOn,
};

use super::super::DesktopError;

/// `kIOPMAssertionTypePreventUserIdleSystemSleep` of `IOPMLib.h`.
///
/// The machine stays awake, but its displays may still sleep and its screen may lock when the sharer
/// has gone: a session that keeps that from happening would leave the desk open.
const KIND: &str = "PreventUserIdleSystemSleep";

/// `kIOReturnSuccess`.
const SUCCESS: i32 = 0;

/// Keeps the machine from falling asleep for want of use, until dropped.
///
/// The user still can put it to sleep, and an empty battery or a closed lid will.
#[derive(Debug)]
pub struct Awake(IOPMAssertionID);

impl Awake {
    /// Keeps it awake; `why` is shown to whoever asks macOS (`pmset -g assertions`).
    ///
    /// # Errors
    ///
    /// [`DesktopError::Platform`] if macOS refuses.
    pub fn hold(why: &str) -> Result<Self, DesktopError> {
        let (kind, why) = (CFString::from_static_str(KIND), CFString::from_str(why));
        let mut id: IOPMAssertionID = 0;
        let level = kIOPMAssertionLevelOn;
        // SAFETY: both strings are there and outlive the call, which keeps its own, and the pointer
        // is to an id that it may write.
        let answer =
            unsafe { IOPMAssertionCreateWithName(Some(&kind), level, Some(&why), &raw mut id) };
        if answer == SUCCESS {
            return Ok(Self(id));
        }
        let detail = format!("IOKit said {answer:#x}");
        Err(DesktopError::Platform { context: "keeping the machine awake", detail })
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        // What cannot be given back is given back by macOS when the process ends.
        IOPMAssertionRelease(self.0);
    }
}
