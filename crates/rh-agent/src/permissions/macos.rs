//! A Mac, asked.
#![expect(unsafe_code, reason = "macOS is asked through C functions")]

use std::ffi::CStr;
use std::path::Path;
use std::process::Command;

use objc2_application_services::AXIsProcessTrusted;
use objc2_core_graphics::{CGPreflightPostEventAccess, CGPreflightScreenCaptureAccess};

use super::{Condition, Permission, Reading, Readings, System, Tried};

/// One look at this Mac. None of the three questions shows a dialog.
pub(super) fn readings() -> Readings {
    // SAFETY: it takes nothing, and may be called from any thread.
    let trusted = unsafe { AXIsProcessTrusted() };
    let told = [
        (Permission::ScreenRecording, CGPreflightScreenCaptureAccess()),
        (Permission::Accessibility, trusted),
        (Permission::PostEvent, CGPreflightPostEventAccess()),
    ];
    let hypervisor = integer(c"kern.hv_vmm_present").is_some_and(|present| present != 0);
    Readings {
        permissions: told
            .into_iter()
            .map(|(it, told)| (it, Reading { told, told_anew: None, tried: Tried::Unclear }))
            .collect(),
        conditions: hypervisor.then_some(Condition::Hypervisor).into_iter().collect(),
    }
}

/// The version of macOS, and the bundle that this program is in.
pub(super) fn system() -> System {
    let version = output(Command::new("/usr/bin/sw_vers").arg("-productVersion"));
    let major =
        version.as_deref().and_then(|it| it.split('.').next()).and_then(|it| it.parse().ok());
    System { macos: major.unwrap_or(0), bundle_id: bundle_id().unwrap_or_default() }
}

/// The bundle id in the `Info.plist` beside the folder `MacOS` that this program is in.
fn bundle_id() -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let plist = program.parent().and_then(Path::parent)?.join("Info.plist");
    let args = ["-extract", "CFBundleIdentifier", "raw", "-o", "-"];
    output(Command::new("/usr/bin/plutil").args(args).arg(plist))
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|it| it.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// An integer that the kernel keeps under `name`; `kern.hv_vmm_present` is 1 in a virtual machine.
fn integer(name: &CStr) -> Option<i32> {
    let (mut value, mut size) = (0_i32, size_of::<i32>());
    // SAFETY: the name ends in zero; `value` has the `size` bytes that are told, and nothing is set.
    let failed = unsafe {
        let value = (&raw mut value).cast();
        libc::sysctlbyname(name.as_ptr(), value, &raw mut size, std::ptr::null_mut(), 0)
    };
    (failed == 0 && size == size_of::<i32>()).then_some(value)
}
