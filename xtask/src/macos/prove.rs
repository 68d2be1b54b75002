//! `cargo xtask macos prove`: what only a Mac can show.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use super::report::{Outcome, report};
use crate::program;

/// Where the report is left, from the root.
const REPORT: &str = "target/macos-report.md";

/// The text that the input step types into, from the root.
const TYPED: &str = "target/macos-typed.txt";

/// One thing to show: its name, and what cargo is told.
pub(super) struct Step {
    /// What is shown.
    pub(super) name: &'static str,
    cargo: &'static [&'static str],
    /// The crate and the test of it that it runs, for a contract.
    contract: Option<(&'static str, &'static str)>,
}

const fn contract(name: &'static str, package: &'static str, test: &'static str) -> Step {
    Step { name, cargo: &[], contract: Some((package, test)) }
}

/// Everything, in order: what needs no permission first.
const STEPS: &[Step] = &[
    Step {
        name: "it compiles against Apple's SDK",
        cargo: &["build", "--workspace"],
        contract: None,
    },
    Step {
        name: "the tests that every system runs",
        cargo: &["test", "--workspace"],
        contract: None,
    },
    Step {
        name: "the doctor",
        cargo: &["run", "--quiet", "--package", "rh-agent", "--", "doctor", "--json"],
        contract: None,
    },
    contract("encoding keeps its contract: VideoToolbox", "rh-codec", "macos"),
    contract("the desktop keeps its contract", "rh-session", "desktop_macos"),
    contract("capture keeps its contract: ScreenCaptureKit", "rh-capture", "macos"),
    contract("input keeps its contract: CGEvent", "rh-input", "macos"),
    contract("a whole session with this Mac's screen", "rh-agent", "macos"),
];

/// How the tests are run: those that take hold of the real desktop, one at a time, and told.
const REAL: &[&str] = &["--", "--include-ignored", "--nocapture", "--test-threads=1"];

impl Step {
    fn arguments(&self) -> Vec<&'static str> {
        let mut arguments = self.cargo.to_vec();
        if let Some((package, test)) = self.contract {
            arguments.extend(["test", "--all-features", "--package", package, "--test", test]);
            arguments.extend(REAL);
        }
        arguments
    }

    fn run(&self, root: &Path) -> Result<Outcome> {
        eprintln!("\n=== {}\n$ cargo {}", self.name, self.arguments().join(" "));
        if self.contract.is_some_and(|(package, _)| package == "rh-input") {
            // What is typed goes to an empty text and not to the terminal.
            fs::write(root.join(TYPED), "")?;
            program::run(Command::new("open").arg("-e").arg(root.join(TYPED)))?;
        }
        let mut cargo = program::cargo(root);
        cargo.args(self.arguments()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = cargo.spawn()?;
        let errors = child.stderr.take().map(|it| thread::spawn(|| shown(it)));
        let mut text = child.stdout.take().map(shown).unwrap_or_default();
        text += &errors.and_then(|it| it.join().ok()).unwrap_or_default();
        Ok(Outcome { name: self.name, passed: child.wait()?.success(), text })
    }
}

/// Shows `output` as it comes, since a step may ask a person for something, and returns it.
fn shown(output: impl Read) -> String {
    let mut text = String::new();
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        eprintln!("{line}");
        text += &(line + "\n");
    }
    text
}

/// Runs every step on a Mac and prints the report; elsewhere says what it would do.
///
/// # Errors
///
/// If a step fails, after all of them ran.
#[expect(clippy::print_stdout, reason = "the report is what the command is for")]
pub(super) fn run(root: &Path) -> Result<()> {
    if !program::is_mac() {
        eprintln!("{}", explanation());
        return Ok(());
    }
    eprintln!("{WARNING}");
    let outcomes: Vec<_> = STEPS.iter().map(|step| step.run(root)).collect::<Result<_>>()?;
    let text = report(&machine(root), &outcomes);
    let path = root.join(REPORT);
    fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
    fs::write(&path, &text).with_context(|| format!("writing {REPORT}"))?;
    println!("{text}");
    eprintln!("The report is in {REPORT} too: paste it into an issue.");
    let failed = outcomes.iter().filter(|it| !it.passed).count();
    if failed > 0 {
        bail!("{failed} of {} steps failed", outcomes.len());
    }
    Ok(())
}

/// What whoever starts it should know.
const WARNING: &str = "\
The next minutes move the pointer, press keys and read the screen of this Mac: save your work, and
keep your hands off. macOS asks for Screen Recording and Accessibility for this terminal; allow
both, start the terminal anew and run this again. For the desktop you lock and unlock the
screen when a voice says so, at once: four times, and change the resolution once.";

/// What it would do on a Mac.
fn explanation() -> String {
    let lines =
        STEPS.iter().map(|it| format!("  {}\n      cargo {}", it.name, it.arguments().join(" ")));
    let lines: Vec<_> = lines.collect();
    format!(
        "This is no Mac, so nothing is run. On a Mac this runs, and writes {REPORT}:\n\n{}\n\n{WARNING}",
        lines.join("\n")
    )
}

/// What the report says of the machine and of the source, each by a program of macOS.
fn machine(root: &Path) -> Vec<(&'static str, String)> {
    let asked: &[(&str, &[&str])] = &[
        ("macOS", &["sw_vers", "-productVersion"]),
        ("build", &["sw_vers", "-buildVersion"]),
        ("model", &["sysctl", "-n", "hw.model"]),
        ("processor", &["sysctl", "-n", "machdep.cpu.brand_string"]),
        ("commit", &["git", "rev-parse", "HEAD"]),
        ("changed files", &["git", "status", "--short"]),
        ("rustc", &["rustc", "--version"]),
    ];
    let answer = |words: &[&str]| {
        let output = Command::new(words[0]).args(&words[1..]).current_dir(root).output();
        output.map_or_else(
            |e| e.to_string(),
            |it| String::from_utf8_lossy(&it.stdout).trim().to_owned(),
        )
    };
    asked.iter().map(|(what, words)| (*what, answer(words))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contract_is_there() {
        for (package, test) in STEPS.iter().filter_map(|step| step.contract) {
            let tests = crate::root().join("crates").join(package).join("tests");
            let text = fs::read_to_string(tests.join(format!("{test}.rs")))
                .or_else(|_| fs::read_to_string(tests.join(test).join("main.rs")))
                .unwrap_or_else(|e| panic!("{package}: {e}"));
            assert!(text.contains("#![cfg(target_os = \"macos\")]"), "{package}");
        }
    }

    #[test]
    fn elsewhere_it_says_what_it_would_do() {
        let text = explanation();
        assert!(text.starts_with("This is no Mac"), "{text}");
        for step in STEPS {
            assert!(text.contains(step.name) && text.contains(&step.arguments().join(" ")));
        }
    }
}
