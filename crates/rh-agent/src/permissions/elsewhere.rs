//! A machine without permissions, asked: Linux.

use super::{Condition, Readings, System, hypervisor_in_cpuinfo};

/// One look at this machine: there are no permissions, but a hypervisor is noticed.
pub(super) fn readings() -> Readings {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let hypervisor = hypervisor_in_cpuinfo(&cpuinfo).then_some(Condition::Hypervisor);
    Readings { conditions: hypervisor.into_iter().collect(), ..Readings::default() }
}

/// No macOS, and no bundle.
pub(super) fn system() -> System {
    System { macos: 0, bundle_id: String::new() }
}
