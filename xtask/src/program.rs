//! Other programs: found, run, and their failures told.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// What was not checked at all, since this machine lacks what that takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NotChecked(pub(crate) &'static str);

impl fmt::Display for NotChecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} not checked", self.0)
    }
}

/// Runs `command` to its end, with its output shown.
///
/// # Errors
///
/// If it cannot be started or does not succeed; the message holds the command line.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = shown(command);
    eprintln!("$ {line}");
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed: {status}");
    }
    Ok(())
}

/// Whether `command` succeeds; its output is thrown away.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Cargo, in `root`: the one that runs this program.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    // What Cargo says to this program is not for others: build scripts that watch it would run again,
    // and all that depends on them be compiled again, each time after a plain `cargo build`.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(says_which_package) {
            command.env_remove(name);
        }
    }
    command
}

/// Whether Cargo tells a program of which package it is by the variable called `name`.
fn says_which_package(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || name == "CARGO_PRIMARY_PACKAGE"
}

/// The first program called one of `names` on the path.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    let places = names.iter().flat_map(|name| folders.iter().map(move |it| it.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// Whether this machine is a Mac.
pub(crate) fn is_mac() -> bool {
    cfg!(target_os = "macos")
}

/// Whether this user may install packages.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The command line of `command`, as one would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_failed() {
        let failure = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err().to_string();
        assert!(failure.contains("sh -c exit 3") && failure.contains('3'), "{failure}");
        let failure = run(&mut Command::new("no-such-program")).unwrap_err().to_string();
        assert!(failure.contains("cannot start `no-such-program`"), "{failure}");
    }

    #[test]
    fn the_first_program_that_is_there_is_found() {
        assert!(find(&["no-such-program", "sh"]).is_some_and(|it| it.ends_with("sh")));
        assert_eq!(find(&["no-such-program"]), None);
    }
}
