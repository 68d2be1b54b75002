//! What is done for each row.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;

use super::plan::Row;
use super::probe::Presses;
use super::results::{Cost, Measure};
use super::session::Session;

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    pub(super) seconds: f64,
    pub(super) presses: u32,
    pub(super) round: u32,
}

const GLYPH: (&str, &str) = ("glyph", "12,20");
const BLOCK: (&str, &str) = ("block", "400,300");

/// Size of the film beside the block, and its pictures a second.
const FILM: &[&str] = &["--film", "960,540", "--rate", "30"];

/// A key or click that is not seen by then is missed, on a fast network and on a slow one.
const PATIENCE: Duration = Duration::from_secs(1);
const SLOW_PATIENCE: Duration = Duration::from_secs(5);

/// How long a whole page may take over a slow network before keys are pressed.
const SETTLE: Duration = Duration::from_secs(10);

/// How long nothing passes in an outage.
const OUTAGE: Duration = Duration::from_secs(5);

impl Session<'_> {
    /// Measures `row` into `out`, which holds what succeeded even if the rest fails.
    pub(super) fn measure(
        &mut self,
        row: Row,
        effort: Effort,
        out: &mut Vec<Measure>,
    ) -> Result<()> {
        let all = [(GLYPH, "key"), (GLYPH, "click"), (BLOCK, "key"), (BLOCK, "click")];
        let keys = [(GLYPH, "key"), (BLOCK, "key")];
        match row {
            Row::First => out.extend(self.first_ms().map(|ms| Measure::First { ms })),
            Row::Latency => self.photons(&all, &[], PATIENCE, effort, out)?,
            Row::LatencyVideo => self.photons(&keys, FILM, PATIENCE, effort, out)?,
            Row::LatencyBusy => {
                let _busy = self.ground.busy()?;
                self.photons(&keys, &[], PATIENCE, effort, out)?;
            }
            Row::Idle => out.push(self.idle(effort)?),
            Row::Typing => out.push(self.moving(&["typing", "--rate", "10"], effort)?),
            Row::Terminal => out.push(self.moving(&["terminal", "--rate", "30"], effort)?),
            Row::Text => out.push(self.moving(&["text", "--rate", "30"], effort)?),
            Row::Drag => out.push(self.moving(&["drag", "--rate", "60"], effort)?),
            Row::Video30 => out.push(self.moving(&["video", "--rate", "30"], effort)?),
            Row::Video60 => out.push(self.moving(&["video", "--rate", "60"], effort)?),
            Row::Net20m | Row::Net2m | Row::Net300k => {
                let glyph = [(GLYPH, "key")];
                self.photons(&glyph, &[], SLOW_PATIENCE, effort, out)?;
                self.photons(&glyph, FILM, SLOW_PATIENCE, effort, out)?;
            }
            Row::Outage => out.push(self.outage()?),
        }
        Ok(())
    }

    /// Times presses of each case.
    fn photons(
        &self,
        cases: &[((&str, &str), &str)],
        beside: &[&str],
        patience: Duration,
        effort: Effort,
        out: &mut Vec<Measure>,
    ) -> Result<()> {
        for (case, ((name, block), press)) in (0..).zip(cases) {
            let args = [&["flip", "--block", block][..], beside].concat();
            let (_content, at) = self.show(&args)?;
            if self.is_slow() {
                self.ground.sleep(SETTLE)?;
            }
            let (count, seed) = (effort.presses, effort.round * 16 + case + 1);
            let presses = Presses { press, block, count, patience, seed };
            let ms = self.view().photon(&at, presses)?;
            let film = if beside.is_empty() { "" } else { ", film beside" };
            out.push(Measure::Photon { case: format!("{name}, {press}{film}"), ms });
        }
        Ok(())
    }

    /// What a content that moves costs, and how it comes to rest.
    fn moving(&self, args: &[&str], effort: Effort) -> Result<Measure> {
        let (content, at) = self.show(args)?;
        // A remote pointer that nobody moves yet is drawn over the picture, which the source has not.
        self.view().focus(&middle(&at)?)?;
        let mut cost = self.watch(&at, effort)?;
        cost.frames = cost.frames.filter(|frames| frames.drawn > 0);
        cost.rest = Some(self.view().rest(&at, &content)?);
        Ok(Measure::Cost(cost))
    }

    /// What a content costs that stays as it is, once everything that follows a change is over.
    fn idle(&self, effort: Effort) -> Result<Measure> {
        let (content, at) = self.show(&["page"])?;
        self.view().focus(&middle(&at)?)?;
        self.ground.sleep(Duration::from_secs(3))?;
        let before = self.moment()?;
        let begun = now();
        self.ground.sleep(Duration::from_secs_f64(effort.seconds))?;
        let mut cost = self.cost(&before, begun.elapsed().as_secs_f64())?;
        cost.rest = Some(self.view().rest(&at, &content)?);
        Ok(Measure::Cost(cost))
    }

    fn watch(&self, at: &str, effort: Effort) -> Result<Cost> {
        let before = self.moment()?;
        let begun = now();
        let frames = self.view().frames(at, Duration::from_secs_f64(effort.seconds))?;
        let mut cost = self.cost(&before, begun.elapsed().as_secs_f64())?;
        cost.frames = Some(frames);
        Ok(cost)
    }

    /// Lets nothing pass for a while, and times what comes back by itself.
    fn outage(&mut self) -> Result<Measure> {
        let (_content, at) = self.show(&["flip", "--counted", "--rate", "10"])?;
        self.view().focus(&middle(&at)?)?;
        let ground = self.ground;
        self.network.cut(ground)?;
        let cut = now();
        // Where the machine is busy it takes a second or two to begin with.
        let mut recovery = self.view().recovery(&at)?;
        ground.sleep(OUTAGE.saturating_sub(cut.elapsed()))?;
        self.network.join(ground)?;
        recovery.tell("now")?;
        let back: Value = self.view().answer(&recovery)?;
        let (picture_ms, input_ms) = (back["picture_ms"].as_f64(), back["input_ms"].as_f64());
        Ok(Measure::Recovery { picture_ms, input_ms })
    }
}

/// A place of the content at `at` that is away from its block.
fn middle(at: &str) -> Result<String> {
    let (x, y) = at.split_once(',').context("a place")?;
    Ok(format!("{},{}", x.parse::<u32>()? + 900, y.parse::<u32>()? + 300))
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_within_the_content() {
        assert_eq!(middle("60,90").unwrap(), "960,390");
        assert!(middle("nowhere").is_err());
    }
}
