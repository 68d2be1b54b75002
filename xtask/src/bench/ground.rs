//! What everything in a run stands on: where programs are, where their words go, and the wish to stop.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::child::Child;
use crate::program;

/// From one look at the wish to stop to the next.
const STEP: Duration = Duration::from_millis(100);

/// What every part of a run is given.
pub(super) struct Ground {
    /// Where the programs of this workspace are, built for measuring.
    pub(super) programs: PathBuf,
    /// Where results go.
    pub(super) folder: PathBuf,
    /// Files of one run, gone with it.
    pub(super) scratch: TempDir,
    log: Arc<File>,
    stop: Arc<AtomicBool>,
}

impl Ground {
    pub(super) fn new(programs: PathBuf, folder: PathBuf, stop: Arc<AtomicBool>) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let log = File::create(folder.join("media.log")).context("cannot write the log")?;
        let scratch = TempDir::with_prefix("rh-bench-")?;
        Ok(Self { programs, folder, scratch, log: Arc::new(log), stop })
    }

    /// Starts `command`; what it says goes into the log.
    pub(super) fn start(&self, name: &'static str, command: &mut Command) -> Result<Child> {
        self.go_on()?;
        Child::spawn_quiet(name, command, &self.log)
    }

    /// One process for each core that does nothing as fast as it can.
    pub(super) fn busy(&self) -> Result<Vec<Child>> {
        let cores = thread::available_parallelism()?.get();
        let words = ["-c", "while :; do :; done"];
        (0..cores).map(|_| self.start("busy loop", Command::new("sh").args(words))).collect()
    }

    /// One of our programs.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// # Errors
    ///
    /// Once the user wants everything to end.
    pub(super) fn go_on(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            bail!("stopped");
        }
        Ok(())
    }

    /// Lets time pass.
    pub(super) fn sleep(&self, span: Duration) -> Result<()> {
        let mut left = span;
        while !left.is_zero() {
            self.go_on()?;
            let step = STEP.min(left);
            thread::sleep(step);
            left -= step;
        }
        Ok(())
    }

    /// Waits for the next line of `child` that `wanted` takes.
    pub(super) fn hear<T>(
        &self,
        child: &Child,
        patience: Duration,
        wanted: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let mut left = patience;
        loop {
            self.go_on()?;
            match child.line(STEP)? {
                Some(line) => {
                    if let Some(found) = wanted(&line) {
                        return Ok(found);
                    }
                }
                None if left.is_zero() => bail!("no answer within {patience:?}"),
                None => left = left.saturating_sub(STEP),
            }
        }
    }

    /// Tries again and again until it succeeds.
    pub(super) fn until<T>(
        &self,
        what: &str,
        patience: Duration,
        mut try_it: impl FnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let mut left = patience;
        loop {
            if let Some(found) = try_it()? {
                return Ok(found);
            }
            if left.is_zero() {
                bail!("not within {patience:?}: {what}");
            }
            self.sleep(STEP)?;
            left = left.saturating_sub(STEP);
        }
    }
}

/// Runs a short command without showing it; its words are in the error if it fails.
pub(super) fn quietly<I: AsRef<OsStr>>(
    name: &str,
    args: impl IntoIterator<Item = I>,
) -> Result<()> {
    let path = program::find(&[name]).or_else(|| in_sbin(name));
    let path = path.with_context(|| format!("{name} is missing"))?;
    let mut command = Command::new(path);
    let output = command.args(args).output().with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        let words: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{name} {}` failed: {}", words.join(" "), said.trim());
    }
    Ok(())
}

/// Where Debian keeps what is for root.
fn in_sbin(name: &str) -> Option<PathBuf> {
    Some(Path::new("/usr/sbin").join(name)).filter(|path| path.is_file())
}
