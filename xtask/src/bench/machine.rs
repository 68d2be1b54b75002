//! The machine a run was on, and the versions of what ran.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::results::Machine;

/// The programs that say their version, and how they are asked.
const PROGRAMS: &[(&str, &str, &[&str])] = &[
    ("Chromium", "chromium", &["--version"]),
    (
        "Debian packages",
        "dpkg-query",
        &[
            "--show",
            "--showformat=${Package} ${Version}, ",
            "tigervnc-scraping-server",
            "x11vnc",
            "novnc",
            "websockify",
            "xvfb",
        ],
    ),
    ("Rust", "rustc", &["--version"]),
];

/// What is known of this machine.
pub(super) fn describe(root: &Path) -> Machine {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let memory = field(&read("/proc/meminfo"), "MemTotal");
    let kilobytes: u64 = memory.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut git = Command::new("git");
    git.current_dir(root).args(["describe", "--always", "--dirty"]);
    Machine {
        date: said(Command::new("date").args(["--utc", "+%Y-%m-%d %H:%M UTC"])),
        commit: said(&mut git),
        processor: field(&read("/proc/cpuinfo"), "model name"),
        cores: std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        memory_mb: kilobytes / 1024,
        kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        load: vec![load()],
        versions: versions(),
    }
}

fn versions() -> BTreeMap<String, String> {
    let mut versions = BTreeMap::new();
    for (name, program, args) in PROGRAMS {
        let version = said(Command::new(program).args(*args));
        versions.insert((*name).to_owned(), version.trim_end_matches([',', ' ']).to_owned());
    }
    versions
}

/// What a command prints; nothing if it fails.
fn said(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).trim().to_owned()
}

/// The load averages over one, five and fifteen minutes (proc_loadavg(5)).
pub(super) fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// The load average over the last minute.
pub(super) fn load_now() -> f64 {
    load().split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(0.0)
}
