//! Runs `check.sh`, and tells a fault in the code from a machine that cannot check it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::targets::Targets;
use crate::program::{self, NotChecked};

/// The script, from the root.
const SCRIPT: &str = "xtask/macos/check.sh";

/// What cargo is to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Verb {
    /// Types.
    Check,
    /// Types and lints.
    Clippy,
    /// Types, code, and linking.
    Build,
    /// The same for the tests.
    Test,
}

impl Verb {
    fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Clippy => "clippy",
            Self::Build => "build",
            Self::Test => "test",
        }
    }

    /// What cargo is told: `wanted`, or everything there is, and that a warning is a fault.
    fn arguments(self, wanted: &[String]) -> Vec<String> {
        let everything: &[&str] = match self {
            Self::Check | Self::Clippy => &["--workspace", "--all-targets"],
            Self::Build | Self::Test => &["--workspace"],
        };
        let mut arguments = wanted.to_vec();
        if arguments.is_empty() {
            arguments.extend(everything.iter().map(|&it| it.to_owned()));
        }
        if self == Self::Clippy && !arguments.iter().any(|it| it == "--") {
            arguments.extend(["--", "-D", "warnings"].map(str::to_owned));
        }
        arguments
    }
}

/// What calls macOS.
const CALLING: &[&str] = &["rh-capture", "rh-codec", "rh-input", "rh-session", "rh-agent"];

/// The step of `cargo xtask test`: lints what calls macOS once, since lints hardly differ between
/// processors, and links the agent, which holds all of it, for both.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn routine(root: &Path) -> Result<()> {
    let calling = CALLING.iter().flat_map(|it| ["--package", it]);
    let lints: Vec<_> =
        calling.chain(["--all-targets", "--all-features"]).map(str::to_owned).collect();
    run(root, Verb::Clippy, Targets::Aarch64, &lints)?;
    run(root, Verb::Build, Targets::Both, &["--package", "rh-agent"].map(str::to_owned))
}

/// Has cargo do `verb` for each of `targets`.
///
/// # Errors
///
/// [`NotChecked`] if this machine cannot, else what cargo found.
pub(super) fn run(root: &Path, verb: Verb, targets: Targets, wanted: &[String]) -> Result<()> {
    for target in targets.triples() {
        if !program::is_mac() {
            program::run(&mut script(root, "prepare", target)).context(NotChecked("macOS"))?;
        }
        let mut cargo = if program::is_mac() {
            let mut cargo = program::cargo(root);
            cargo.arg(verb.name()).args((verb == Verb::Test).then_some("--no-run"));
            cargo.args(["--target", target]);
            cargo
        } else {
            script(root, verb.name(), target)
        };
        program::run(cargo.args(verb.arguments(wanted)))
            .with_context(|| format!("for {target}"))?;
    }
    Ok(())
}

fn script(root: &Path, verb: &str, target: &str) -> Command {
    let mut command = Command::new("bash");
    command.arg(SCRIPT).args([verb, target]).current_dir(root);
    command
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::*;

    #[test]
    fn everything_is_checked_if_nothing_is_named() {
        assert_eq!(Verb::Build.arguments(&[]), ["--workspace"]);
        let lints = ["--workspace", "--all-targets", "--", "-D", "warnings"];
        assert_eq!(Verb::Clippy.arguments(&[]), lints);
        let one = ["-p", "rh-capture"].map(str::to_owned);
        assert_eq!(Verb::Check.arguments(&one), one);
        assert_eq!(Verb::Clippy.arguments(&one)[2..], ["--", "-D", "warnings"]);
    }

    #[test]
    fn the_script_knows_every_verb() {
        let text = std::fs::read_to_string(crate::root().join(SCRIPT)).unwrap();
        assert!(
            text.contains("\n  prepare)\n")
                && text.contains("\n  check | clippy | build | test)\n")
        );
    }

    /// A machine without a way to the tools is told so, and cargo is not started.
    #[test]
    fn a_script_that_cannot_prepare_says_why() {
        let empty = tempfile::tempdir().unwrap();
        let mut script = script(&crate::root(), "prepare", "aarch64-apple-darwin");
        script.env("MACOS_CHECK_DIR", empty.path()).env("MACOS_CHECK_MODE", "host");
        // A rustup that has no nightly, before any other.
        std::os::unix::fs::symlink("/bin/true", empty.path().join("rustup")).unwrap();
        let path = format!("{}:{}", empty.path().display(), env::var("PATH").unwrap());
        let output = script.env("PATH", path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains("nightly"), "{said}");
    }
}
