//! Builds the pages into `web/dist`, when something changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::program;

/// Builds the pages if they are not up to date; with `check` only tells.
pub(crate) fn build(root: &Path, check: bool) -> Result<()> {
    let web = root.join("web");
    if up_to_date(&web)? {
        eprintln!("the pages are up to date");
        return Ok(());
    }
    if check {
        bail!("the pages are not built or not up to date: run `cargo xtask web`");
    }
    install(&web)?;
    script(&web, "build")
}

/// Fetches the packages that the lock file names, unless they are there.
pub(crate) fn install(web: &Path) -> Result<()> {
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    let wanted = modified(&web.join("package-lock.json"));
    if installed.is_some() && installed >= wanted {
        return Ok(());
    }
    eprintln!("fetching the packages of the pages");
    program::run(npm(web)?.args(["ci", "--no-audit", "--no-fund"]))
}

/// Fetches the OpenID provider of the service's tests, unless it is there.
pub(crate) fn install_provider(root: &Path) -> Result<()> {
    let provider = root.join("crates/rh-service/tests/oidc-provider");
    install_alone(&provider, "the OpenID provider of the tests")
}

/// Fetches the packages that the lock file in `folder` names, unless they are there; none of their
/// scripts is run.
pub(crate) fn install_alone(folder: &Path, what: &str) -> Result<()> {
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&folder.join("package-lock.json")) {
        return Ok(());
    }
    eprintln!("fetching {what}");
    program::run(npm(folder)?.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
}

/// Runs a script of `package.json`.
pub(crate) fn script(web: &Path, name: &str) -> Result<()> {
    program::run(npm(web)?.args(["run", name]))
}

/// Runs a script of `package.json` that starts our programs, which are in `programs`.
pub(crate) fn script_with(web: &Path, name: &str, programs: &Path) -> Result<()> {
    program::run(npm(web)?.args(["run", name]).env("RH_BIN_DIR", programs))
}

fn npm(web: &Path) -> Result<Command> {
    let npm = program::find(&["npm"]).context("npm is missing: install Node.js 20 or later")?;
    let mut command = Command::new(npm);
    command.current_dir(web);
    Ok(command)
}

/// Whether the built pages are newer than all that they are built from.
fn up_to_date(web: &Path) -> Result<bool> {
    let Some(built) = modified(&web.join("dist/index.html")) else { return Ok(false) };
    let mut inputs = vec![web.join("src"), web.join("public")];
    for entry in fs::read_dir(web)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            inputs.push(entry.path());
        }
    }
    Ok(newest(inputs)? < Some(built))
}

/// When the latest of `paths` and all below them changed; folders too, for what was deleted.
fn newest(mut paths: Vec<PathBuf>) -> Result<Option<SystemTime>> {
    let mut newest = None;
    while let Some(path) = paths.pop() {
        newest = newest.max(modified(&path));
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                paths.push(entry?.path());
            }
        }
    }
    Ok(newest)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|it| it.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    /// Writes `path`, last changed `age` seconds after the epoch.
    fn write(path: PathBuf, age: u64) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let file = File::create(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(age)).unwrap();
    }

    /// Dates a folder, which changed when its files were written.
    fn date(path: PathBuf, age: u64) {
        let folder = File::open(path).unwrap();
        folder.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(age)).unwrap();
    }

    #[test]
    fn pages_are_built_again_when_any_source_changed() {
        let web = tempfile::tempdir().unwrap();
        let web = web.path();
        assert!(!up_to_date(web).unwrap(), "nothing is built");
        write(web.join("src/deep/page.ts"), 10);
        write(web.join("package.json"), 10);
        write(web.join("dist/index.html"), 20);
        date(web.join("src/deep"), 10);
        date(web.join("src"), 10);
        assert!(up_to_date(web).unwrap());
        date(web.join("src/deep"), 30);
        assert!(!up_to_date(web).unwrap(), "a file was deleted");
        date(web.join("src/deep"), 10);
        write(web.join("package.json"), 30);
        assert!(!up_to_date(web).unwrap(), "a setting changed");
    }
}
