//! What macOS is asked.

#![expect(unsafe_code, reason = "calls into frameworks and libSystem that answer by pointer")]

use std::time::Duration;

use objc2_application_services::AXIsProcessTrusted;
use objc2_core_foundation::{CFBoolean, CFDictionary, CFNumber, CFRetained, CFString, CFType};
use objc2_core_graphics::{
    CGDirectDisplayID, CGDisplayBounds, CGDisplayCopyDisplayMode, CGDisplayIsAsleep, CGDisplayMode,
    CGError, CGGetOnlineDisplayList, CGPreflightPostEventAccess, CGPreflightScreenCaptureAccess,
    CGSessionCopyCurrentDictionary,
};

use super::super::Permissions;
use super::super::aqua::{Reading, Session, Shape};

/// As many displays as are asked for; a Mac drives a quarter of them at most.
const DISPLAYS: usize = 32;

/// The program that shows the screen saver, as long as it does.
const SAVER: &[u8] = b"ScreenSaverEngine";

#[link(name = "Carbon", kind = "framework")]
unsafe extern "C" {
    /// `HIToolbox/CarbonEventsCore.h`; 1 while any program has Secure Event Input on.
    safe fn IsSecureEventInputEnabled() -> u8;
}

/// Everything.
pub(super) fn everything() -> Reading {
    Reading {
        session: session(),
        saver: is_saver_running(),
        secure_input: IsSecureEventInputEnabled() != 0,
        displays: displays(),
        slept: slept(),
        permissions: permissions(),
    }
}

/// The login session; `None` outside one.
pub(super) fn session() -> Option<Session> {
    let said = CGSessionCopyCurrentDictionary()?;
    // SAFETY: its keys are strings, and every value of a dictionary is a Core Foundation object. The
    // count is ours by the Create rule, and goes on to the result.
    let said: CFRetained<CFDictionary<CFString, CFType>> =
        unsafe { CFRetained::cast_unchecked(said) };
    let flag = |key| said.get(&CFString::from_static_str(key)).and_then(|value| truth(&value));
    // The macro kCGSessionOnConsoleKey of CGSession.h stands for this string.
    let on_console = flag("kCGSSessionOnConsoleKey");
    Some(Session { on_console, locked: flag("CGSSessionScreenIsLocked") })
}

/// A truth value, which comes as either of these.
fn truth(value: &CFType) -> Option<bool> {
    let boolean = value.downcast_ref::<CFBoolean>().map(CFBoolean::as_bool);
    let number = || value.downcast_ref::<CFNumber>().and_then(CFNumber::as_i64);
    boolean.or_else(|| number().map(|number| number != 0))
}

fn displays() -> Vec<Shape> {
    let mut ids: [CGDirectDisplayID; DISPLAYS] = [0; DISPLAYS];
    let mut count = 0;
    // SAFETY: there is room for as many ids as the call is told, and for the count.
    let answer =
        unsafe { CGGetOnlineDisplayList(DISPLAYS as u32, ids.as_mut_ptr(), &raw mut count) };
    let known = if answer == CGError::Success { count as usize } else { 0 };
    ids.iter().take(known).map(|&id| shape(id)).collect()
}

fn shape(id: CGDirectDisplayID) -> Shape {
    let bounds = CGDisplayBounds(id);
    let (at, size) = (bounds.origin, bounds.size);
    let bounds = [at.x, at.y, size.width, size.height].map(|points| points.round() as i32);
    let pixels = CGDisplayCopyDisplayMode(id).map_or([0, 0], |mode| {
        [CGDisplayMode::pixel_width(Some(&mode)), CGDisplayMode::pixel_height(Some(&mode))]
    });
    Shape { id, bounds, pixels, asleep: CGDisplayIsAsleep(id) }
}

/// macOS may answer as it did when this program started, until it starts again.
fn permissions() -> Permissions {
    // SAFETY: the function takes nothing, and may be called on any thread.
    let accessibility = unsafe { AXIsProcessTrusted() };
    let input = accessibility || CGPreflightPostEventAccess();
    Permissions { capture: CGPreflightScreenCaptureAccess(), input }
}

/// How long the machine has slept: `CLOCK_MONOTONIC` goes on while it does, `CLOCK_UPTIME_RAW` does
/// not (`clock_gettime(3)` of macOS).
fn slept() -> Duration {
    let awake = clock(libc::CLOCK_UPTIME_RAW);
    clock(libc::CLOCK_MONOTONIC).saturating_sub(awake)
}

fn clock(id: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a time that the call may write.
    unsafe { libc::clock_gettime(id, &raw mut time) };
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

fn is_saver_running() -> bool {
    processes().into_iter().any(|process| {
        let mut name = [0_u8; 64];
        // SAFETY: there is room for as many bytes as the call is told.
        let length =
            unsafe { libc::proc_name(process, name.as_mut_ptr().cast(), name.len() as u32) };
        usize::try_from(length).is_ok_and(|length| name.get(..length) == Some(SAVER))
    })
}

/// The processes that run, less any that started in between.
fn processes() -> Vec<libc::pid_t> {
    // SAFETY: without a buffer, the call only counts.
    let count = unsafe { libc::proc_listallpids(std::ptr::null_mut(), 0) };
    let mut ids: Vec<libc::pid_t> = vec![0; usize::try_from(count).unwrap_or(0)];
    let bytes = i32::try_from(size_of_val(ids.as_slice())).unwrap_or(0);
    // SAFETY: there is room for as many bytes as the call is told.
    let listed = unsafe { libc::proc_listallpids(ids.as_mut_ptr().cast(), bytes) };
    ids.truncate(usize::try_from(listed).unwrap_or(0));
    ids
}
