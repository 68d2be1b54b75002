//! What the sharer must allow in macOS, followed while they allow it (B-02).
//!
//! A [`Monitor`] is fed with [`Readings`] and says in a [`Report`] how each permission stands, what it
//! is needed for, where to allow it and how to repair it. It is pure: no calls, no clock, and the same
//! on every platform, so that a user interface can show each state anywhere. [`readings`] asks the
//! machine; off macOS there is nothing to allow, and the report holds conditions alone.
//!
//! The microphone is absent: nothing here asks for it or looks at it.
//!
//! ```
//! use rh_agent::permissions::{Monitor, Permission, Reading, Readings, State, System, Tried};
//!
//! let mut monitor = Monitor::new(System { macos: 15, bundle_id: "org.example.remotehelp".into() });
//! let told = Reading { told: true, told_anew: None, tried: Tried::Refused };
//! let report = monitor.update(&Readings::of([(Permission::ScreenRecording, told)]));
//! assert_eq!(report.permissions[0].state, State::Stale);
//! assert!(report.permissions[0].commands[0].starts_with("tccutil reset ScreenCapture"));
//! ```

mod condition;
#[cfg(not(target_os = "macos"))]
mod elsewhere;
#[cfg(target_os = "macos")]
mod macos;
mod monitor;
mod permission;
mod probe;
mod report;

pub use condition::{Condition, hypervisor_in_cpuinfo};
pub use monitor::{Monitor, System};
pub use permission::{Permission, State};
pub use probe::{Reading, Readings, Tried};
pub use report::{Report, Row};

#[cfg(not(target_os = "macos"))]
use elsewhere as machine;
#[cfg(target_os = "macos")]
use macos as machine;

/// One look at this machine, without asking the user for anything and without trying anything: every
/// reading is [`Tried::Unclear`]. Off macOS there are no permissions; a hypervisor is noticed on Linux too.
pub fn readings() -> Readings {
    machine::readings()
}

/// Which macOS this is, and which program: 0 and nothing elsewhere.
pub fn system() -> System {
    machine::system()
}
