//! The program that shows content and measures, `rh-probe`.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::desktop::Desktop;
use super::ground::Ground;
use super::results::{Frames, Rest};
use crate::child::Child;

/// How long any answer may take beyond what was asked for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Both displays, and where the content is on the helper's.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) ground: &'a Ground,
    pub(super) source: &'a Desktop,
    pub(super) shown: &'a Desktop,
}

/// A place on the helper's display, as the probe writes and reads it.
pub(super) type At = String;

/// Presses that are timed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Presses<'a> {
    /// `key` or `click`.
    pub(super) press: &'a str,
    /// Size of the block, as `W,H`.
    pub(super) block: &'a str,
    pub(super) count: u32,
    /// What is later is missed.
    pub(super) patience: Duration,
    pub(super) seed: u32,
}

impl View<'_> {
    /// Shows content on the sharer's display, until the returned process ends.
    pub(super) fn content(&self, args: &[&str]) -> Result<Child> {
        let mut command = self.command("content");
        command.args(["--source", &self.source.name]).args(args);
        let child = self.ground.start("content", &mut command)?;
        self.ground.hear(&child, PATIENCE, |line| line.contains("showing").then_some(()))?;
        Ok(child)
    }

    /// Where the content is, once it is shown whole and pixel by pixel.
    pub(super) fn locate(&self) -> Result<At> {
        let mut command = self.command("locate");
        let place: Value = self.ask(command.args(self.displays()), PATIENCE)?;
        Ok(format!("{},{}", place["x"], place["y"]))
    }

    /// Waits for the first picture of plain content at `at`.
    pub(super) fn first(&self, at: &str) -> Result<Child> {
        let mut command = self.command("first");
        self.ground.start("probe", command.args(["--shown", &self.shown.name, "--at", at]))
    }

    /// The line that a started measurement ends with.
    pub(super) fn answer<T: DeserializeOwned>(&self, child: &Child) -> Result<T> {
        self.ground.hear(child, PATIENCE, |line| serde_json::from_str(line).ok())
    }

    /// Clicks at `at`, which gives the keyboard to what is there.
    pub(super) fn focus(&self, at: &str) -> Result<()> {
        let mut command = self.command("focus");
        let mut child =
            self.ground.start("probe", command.args(["--shown", &self.shown.name, "--at", at]))?;
        self.ground.until("a click", PATIENCE, || child.exited()).map(drop)
    }

    /// Counts pictures for so long.
    pub(super) fn frames(&self, at: &str, span: Duration) -> Result<Frames> {
        let mut command = self.command("frames");
        command.args(self.displays()).args([
            "--at",
            at,
            "--seconds",
            &span.as_secs_f64().to_string(),
        ]);
        self.ask(&mut command, span + PATIENCE)
    }

    /// Times presses; none for what was missed.
    pub(super) fn photon(&self, at: &str, presses: Presses<'_>) -> Result<Vec<Option<f64>>> {
        let Presses { press, block, count, patience, seed } = presses;
        let mut command = self.command("photon");
        command.args(self.displays()).args(["--at", at, "--press", press, "--block", block]);
        command.args(["--presses", &count.to_string(), "--seed", &seed.to_string()]);
        command.args(["--patience-ms", &patience.as_millis().to_string()]);
        let answer: Value = self.ask(&mut command, patience * count * 6 + PATIENCE)?;
        Ok(serde_json::from_value(answer["ms"].clone())?)
    }

    /// Stops `content` and compares both displays.
    pub(super) fn rest(&self, at: &str, content: &Child) -> Result<Rest> {
        let mut command = self.command("rest");
        command.args(self.displays()).args(["--at", at, "--pid", &content.pid().to_string()]);
        self.ask(&mut command, PATIENCE)
    }

    /// A measurement of how things come back, which begins with the line it is told.
    pub(super) fn recovery(&self, at: &str) -> Result<Child> {
        let mut command = self.command("recovery");
        let child = self.ground.start("probe", command.args(self.displays()).args(["--at", at]))?;
        self.ground.hear(&child, PATIENCE, |line| line.contains("ready").then_some(()))?;
        Ok(child)
    }

    fn command(&self, what: &str) -> Command {
        let mut command = Command::new(self.ground.program("rh-probe"));
        command.arg(what);
        command
    }

    fn displays(&self) -> [&str; 4] {
        ["--source", &self.source.name, "--shown", &self.shown.name]
    }

    fn ask<T: DeserializeOwned>(&self, command: &mut Command, patience: Duration) -> Result<T> {
        let what = command.get_args().next().unwrap_or_default().to_string_lossy().into_owned();
        let child = self.ground.start("probe", command)?;
        // What it complains of before it ends is the reason.
        let line = self.ground.hear(&child, patience, |line| {
            let complaint = line.strip_prefix("Error: ").map(|it| Err(it.to_owned()));
            complaint.or_else(|| serde_json::from_str(line).ok().map(Ok))
        });
        line.context(what)?.map_err(anyhow::Error::msg)
    }
}
