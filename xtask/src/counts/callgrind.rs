//! One loop under Callgrind.
//!
//! Valgrind shows programs a processor of its own: with AVX2, without AVX-512, with caches of fixed
//! sizes. On every machine that has AVX2 the libraries that look for it therefore choose the same
//! code, and a count is the same on all of them; on others it would not be, so nothing is counted.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::program::{self, NotChecked};

/// The function of `benches/counts` that is counted, with all that it calls.
const COUNTED: &str = "--toggle-collect=counts::counted";

/// Whether this machine can count what the table holds.
///
/// # Errors
///
/// If Valgrind is missing; [`NotChecked`] if this is another kind of machine.
pub(super) fn possible() -> Result<()> {
    ensure!(
        program::find(&["valgrind"]).is_some(),
        "valgrind is missing: install the Debian package valgrind, or run `cargo xtask setup`"
    );
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let avx2 = processors.split_ascii_whitespace().any(|flag| flag == "avx2");
    let wanted = "the table holds for Linux on x86-64 with AVX2, which this machine is not";
    avx2.then_some(()).context(wanted).context(NotChecked("instruction counts"))
}

/// Counts the instructions of one loop.
///
/// # Errors
///
/// If it fails, or nothing was counted.
pub(super) fn count(program: &Path, name: &str) -> Result<u64> {
    let folder = tempfile::tempdir()?;
    let report = folder.path().join("callgrind.out");
    let mut command = Command::new("valgrind");
    // What the program finds around it must not differ: even the length of a variable moves the stack.
    command.env_clear().env("PATH", "/usr/bin:/bin");
    command.args(["--tool=callgrind", "--collect-atstart=no", COUNTED]);
    command.arg(format!("--callgrind-out-file={}", report.display()));
    let output = command.arg(program).arg(name).output().context("cannot start valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name} fails under valgrind:\n{said}");
    let report = fs::read_to_string(report).context("valgrind wrote no report")?;
    total(&report).with_context(|| format!("nothing was counted in {name}"))
}

/// The instructions of a whole report, unless there are none.
fn total(report: &str) -> Option<u64> {
    let totals = report.lines().find_map(|line| line.strip_prefix("totals:"))?;
    totals.split_ascii_whitespace().next()?.parse().ok().filter(|count| *count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_the_first_event_of_the_last_line() {
        let report = "# callgrind format\npositions: line\nevents: Ir Dr\nsummary: 7 1\n\n\
                      fn=(1) counts::counted\n26 7 1\n\ntotals: 10755752 31\n";
        assert_eq!(total(report), Some(10_755_752));
    }

    #[test]
    fn nothing_counted_is_no_count() {
        for report in ["", "events: Ir\n", "totals: 0\n", "totals: many\n", "totals:"] {
            assert_eq!(total(report), None, "{report:?}");
        }
    }
}
