//! What Quartz events want, worked out without calling macOS, so that it is tested on any machine.
//!
//! The calls are in `macos`, which is only built there. Sources: Apple's "Quartz Event Services",
//! `CGEventTypes.h`, `IOKit/hidsystem/IOLLEvent.h` and `HIToolbox/Events.h`.

pub mod buttons;
pub mod clicks;
pub mod flags;
pub mod keys;
pub mod permissions;
pub mod scroll;
pub mod sharer;
pub mod text;

/// What every event that is posted here carries in `kCGEventSourceUserData`: the letters
/// `rhelp-in`.
///
/// A window that must not be pressed by a helper drops events with this mark. It is public, so it
/// proves nothing against other programs; and it is the second wall only, since nothing is injected
/// at all while a question is open.
pub const MARK: i64 = i64::from_be_bytes(*b"rhelp-in");
