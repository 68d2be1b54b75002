//! `cargo xtask test`: everything that must hold, in order.

use std::env;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::awake::Awake;
use crate::program::NotChecked;
use crate::{counts, demo, generate, macos, program, promises, setup, web};

/// One step: its name, what to do if it fails, and what it does.
struct Step {
    name: &'static str,
    hint: &'static str,
    /// Left out by `--quick`.
    slow: bool,
    run: fn(&Path) -> Result<()>,
}

/// Builds every target. The same selection as that of the tests: with any other, features differ
/// and Cargo builds most of the dependencies anew.
const EVERYTHING: &[&str] = &["build", "--workspace", "--all-targets"];

/// Every step, the fast and telling ones first.
const STEPS: &[Step] = &[
    Step { name: "setup", hint: "install what is named above", slow: true, run: |_| setup::run() },
    Step {
        name: "format",
        hint: "run `cargo fmt`",
        slow: false,
        run: |root| program::run(program::cargo(root).args(["fmt", "--all", "--check"])),
    },
    Step {
        name: "generated files",
        hint: "run `cargo xtask gen` and commit what it wrote",
        slow: false,
        run: |root| generate::run(root, true),
    },
    Step {
        name: "promises",
        hint: "correct the id in the test, or add the promise to docs/promises.md",
        slow: false,
        run: |root| promises::run(root, true),
    },
    Step {
        name: "lints",
        hint: "mend what clippy names; a lint is relaxed only with a reason",
        slow: false,
        run: |root| {
            let args = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
            program::run(program::cargo(root).args(args))
        },
    },
    Step { name: "pages: check", hint: "see above", slow: false, run: pages_check },
    Step {
        name: "pages: unit tests",
        hint: "run one with `npx vitest run NAME` in web/",
        slow: false,
        run: |root| web::script(&root.join("web"), "test"),
    },
    Step {
        name: "pages: build",
        hint: "run `cargo xtask web`",
        slow: false,
        run: |root| web::build(root, false),
    },
    Step {
        name: "tests",
        hint: "run one with `cargo test -p CRATE NAME`",
        slow: false,
        run: |root| {
            web::install_provider(root)?;
            let _awake = Awake::begin();
            program::run(program::cargo(root).args(["test", "--workspace"]))
        },
    },
    Step {
        name: "benches, once each",
        hint: "run one with `cargo bench NAME`",
        slow: true,
        run: |root| {
            program::run(program::cargo(root).args(["test", "--workspace", "--bench", "*"]))
        },
    },
    Step {
        name: "instruction counts",
        hint: "run `cargo xtask counts`",
        slow: true,
        run: |root| counts::run(root, false),
    },
    Step {
        name: "examples",
        hint: "build one with `cargo build --example NAME`",
        slow: true,
        run: |root| program::run(program::cargo(root).args(EVERYTHING)),
    },
    Step {
        name: "documentation",
        hint: "mend the link or the example that rustdoc names",
        slow: true,
        run: documentation,
    },
    Step {
        name: "macOS: clippy and link",
        hint: "see `cargo xtask macos --help`",
        slow: true,
        run: macos::routine,
    },
    Step {
        name: "pages in a browser",
        hint: "run `npm run e2e` in web/",
        slow: true,
        run: |root| {
            let _awake = Awake::begin();
            web::script(&root.join("web"), "e2e")
        },
    },
    Step {
        name: "a whole session",
        hint: "run `cargo xtask demo --smoke`",
        slow: true,
        run: |root| {
            let _awake = Awake::begin();
            demo::smoke(root, EVERYTHING)
        },
    },
    Step {
        name: "end to end",
        hint: "run `npm run e2e:full` in web/",
        slow: true,
        run: |root| {
            let programs = demo::build(root, EVERYTHING)?;
            let _awake = Awake::begin();
            web::script_with(&root.join("web"), "e2e:full", &programs)
        },
    },
];

fn pages_check(root: &Path) -> Result<()> {
    let web = root.join("web");
    web::install(&web)?;
    web::script(&web, "check")
}

fn documentation(root: &Path) -> Result<()> {
    let mut cargo = program::cargo(root);
    let cargo = cargo.env("RUSTDOCFLAGS", "-D warnings");
    program::run(cargo.args(["doc", "--workspace", "--no-deps", "--all-features"]))
}

/// Runs every step, or with `quick` the fast ones; stops at the first that fails.
pub(crate) fn run(root: &Path, quick: bool) -> Result<()> {
    let steps: Vec<_> = STEPS.iter().filter(|step| !(quick && step.slow)).collect();
    let (mut times, mut remarks) = (Vec::new(), Vec::new());
    for (index, step) in steps.iter().enumerate() {
        eprintln!("\n=== {}/{} {}", index + 1, steps.len(), step.name);
        let begun = now();
        let done = (step.run)(root).with_context(|| format!("{}: {}", step.name, step.hint));
        times.push((step.name, now() - begun));
        let Err(error) = done else { continue };
        match left_out(&error, ci()) {
            Some(not_checked) => remarks.push(loudly(not_checked, &error)),
            None => {
                summarise(&times, 1, &remarks);
                return Err(error);
            }
        }
    }
    summarise(&times, 0, &remarks);
    Ok(())
}

/// Whether this runs where nobody reads along.
fn ci() -> bool {
    env::var_os("CI").is_some_and(|it| !it.is_empty() && it != "false")
}

/// What could not be checked on this machine and need not be; in CI everything must be.
fn left_out(error: &anyhow::Error, ci: bool) -> Option<NotChecked> {
    error.downcast_ref().copied().filter(|_| !ci)
}

/// Says at once what the end of the run repeats.
fn loudly(not_checked: NotChecked, error: &anyhow::Error) -> String {
    const LINE: &str = "************************************************************";
    eprintln!("{LINE}\n*** {not_checked}: {error:#}\n{LINE}");
    not_checked.to_string()
}

#[expect(clippy::print_stdout, reason = "the closing line is what other programs read")]
fn summarise(times: &[(&str, Duration)], failed: usize, remarks: &[String]) {
    eprintln!("\n=== time");
    for (name, time) in times {
        eprintln!("{:>7.1} s  {name}", time.as_secs_f64());
    }
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    eprintln!("{:>7.1} s  in all", total.as_secs_f64());
    for remark in remarks {
        println!("*** {remark} ***");
    }
    let passed = times.len() - failed - remarks.len();
    println!("steps: {passed} passed, {failed} failed");
}

#[expect(clippy::disallowed_methods, reason = "a chore tells how long its steps take")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn what_a_machine_cannot_check_is_a_failure_in_ci_alone() {
        let not_checked = NotChecked("macOS");
        let offline = anyhow!("offline").context(not_checked).context("a step");
        assert_eq!(left_out(&offline, false), Some(not_checked));
        assert_eq!(left_out(&offline, true), None);
        let fault = anyhow!("a lint").context("a step");
        assert!(left_out(&fault, false).is_none() && left_out(&fault, true).is_none());
    }
}
