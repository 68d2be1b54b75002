//! Keeps the cores of a virtual machine awake while time is measured.
//!
//! A virtual core that goes to sleep gives its real one away, and on a host with much to do it gets it
//! back late: sleeps of 2 ms were seen to last 6 ms longer at the median, and 20 ms at the 90th
//! percentile. What waits often, as programs that talk with each other do, then takes many times as long.

use std::fs;
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::thread::gettid;

/// A loop on each core, of the scheduler's idle class, which gives way to everything else
/// (sched(7), `SCHED_IDLE`); they end with it.
pub(crate) struct Awake {
    over: Arc<AtomicBool>,
}

impl Awake {
    /// Begins on a virtual machine whose every core is ours; does nothing on any other, where a limit on
    /// what we use would be used up by it.
    pub(crate) fn begin() -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let cores = thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        if is_virtual(&processors, cores) {
            for _ in 0..cores {
                let over = Arc::clone(&over);
                thread::spawn(move || spin(&over));
            }
        }
        Self { over }
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// Whether `/proc/cpuinfo` is that of a virtual machine of so many cores (CPUID leaf 1, ECX bit 31).
fn is_virtual(processors: &str, cores: usize) -> bool {
    let mut flags = processors.lines().filter(|line| line.starts_with("flags"));
    let hypervisor = |line: &str| line.split_whitespace().any(|flag| flag == "hypervisor");
    flags.clone().count() == cores && flags.any(hypervisor)
}

fn spin(over: &AtomicBool) {
    let thread = gettid().as_raw_nonzero().to_string();
    let mut idle = Command::new("chrt");
    idle.args(["--idle", "--pid", "0", &thread]).stdout(Stdio::null()).stderr(Stdio::null());
    if !idle.status().is_ok_and(|status| status.success()) {
        return;
    }
    while !over.load(Ordering::Relaxed) {
        // Not the processor's hint that it waits, for which a host may put it to sleep.
        black_box((0..10_000_u32).fold(0, |sum: u32, step| black_box(sum ^ step)));
    }
}

#[cfg(test)]
mod tests {
    use super::is_virtual;

    #[test]
    fn a_virtual_machine_is_known_by_its_flag() {
        let [real, of_a_host] = ["flags\t\t: fpu sse2\n", "flags\t\t: fpu hypervisor sse2\n"];
        assert!(is_virtual(&of_a_host.repeat(2), 2));
        assert!(!is_virtual(&of_a_host.repeat(8), 2), "less than the machine is ours");
        assert!(!is_virtual(&real.repeat(2), 2));
        assert!(!is_virtual("", 2));
    }
}
