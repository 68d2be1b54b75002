//! Looks at the display that the browser draws on, and tells what is shown of the content.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde::Serialize;

use crate::canvas::Rect;
use crate::clock::{millis, monotonic_us, now};
use crate::content::PLAIN;
use crate::display::{Camera, Display, Place};
use crate::marks;

/// From one look at a few pixels to the next.
const STEP: Duration = Duration::from_micros(400);

/// Pauses between two looks.
pub(crate) fn pause() {
    std::thread::sleep(STEP);
}

/// Where the content is, once it is there whole and pixel by pixel.
pub(crate) fn locate(shown: &Display, size: (usize, usize), patience: Duration) -> Result<Place> {
    let (width, height) = shown.size();
    let mut camera = Camera::new(shown, Rect::new(0, 0, width, height))?;
    let begun = now();
    loop {
        if let Some((x, y)) = marks::locate(camera.shoot()?, (width, height), size) {
            return Ok(Place { x, y });
        }
        if begun.elapsed() > patience {
            bail!("the content is not shown pixel by pixel within {patience:?}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// When the colour of plain content is first seen at `at`, on the system's monotonic clock.
pub(crate) fn first(shown: &Display, at: Place, patience: Duration) -> Result<u64> {
    let mut camera = Camera::new(shown, Rect::new(at.x, at.y, 1, 1))?;
    let begun = now();
    let [red, green, blue] = PLAIN;
    while begun.elapsed() < patience {
        let pixel = camera.shoot()?;
        if [pixel[2], pixel[1], pixel[0]]
            .iter()
            .zip([red, green, blue])
            .all(|(a, b)| a.abs_diff(b) < 60)
        {
            return Ok(monotonic_us());
        }
        pause();
    }
    bail!("no picture within {patience:?}")
}

/// How many steps of the content were seen.
#[derive(Debug, Serialize)]
pub(crate) struct Frames {
    /// Seconds that were watched.
    seconds: f64,
    /// Different pictures that were shown, by the counter that changed less often.
    shown: u32,
    /// Steps that the content made meanwhile.
    drawn: u32,
}

/// Counts the pictures of the content at `at` that are shown.
pub(crate) fn frames(
    source: &Display,
    shown: &Display,
    at: Place,
    span: Duration,
) -> Result<Frames> {
    let (width, height) = source.size();
    let places = marks::counters(width, height);
    let mut real = Camera::new(source, places[0])?;
    let mut counters = Vec::new();
    for rect in places {
        counters.push((Camera::new(shown, moved(rect, at))?, Counter::default()));
    }
    let (begun, first) = (now(), marks::read_counter(real.shoot()?));
    let mut newest = first;
    while begun.elapsed() < span {
        for (camera, counter) in &mut counters {
            let value = marks::read_counter(camera.shoot()?);
            // The source is read after what is shown of it, which is therefore not newer.
            newest = marks::read_counter(real.shoot()?).or(newest);
            counter.see(value, newest);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let seconds = begun.elapsed().as_secs_f64();
    let least = counters.iter().map(|(_, counter)| counter.changes).min();
    let drawn = newest.zip(first).map_or(0, |(newest, first)| newest.wrapping_sub(first));
    Ok(Frames { seconds, shown: least.context("there are two counters")?, drawn: drawn.into() })
}

/// Steps by which what is shown may be behind: more is a counter that was read while it changed.
const BEHIND: u16 = 1000;

/// What one counter did.
#[derive(Debug, Default)]
struct Counter {
    last: Option<u16>,
    changes: u32,
}

impl Counter {
    fn see(&mut self, value: Option<u16>, newest: Option<u16>) {
        let (Some(value), Some(newest)) = (value, newest) else { return };
        if newest.wrapping_sub(value) > BEHIND {
            return;
        }
        if self.last.replace(value).is_some_and(|last| last != value) {
            self.changes += 1;
        }
    }
}

/// How what is shown came to equal the source.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Rest {
    /// Milliseconds from the last change until every pixel was equal, if that came.
    equal_after_ms: Option<f64>,
    /// Pixels that differed half a second after the last change.
    differing_at_500_ms: usize,
    /// Pixels that differed at the last look.
    differing: usize,
    /// The largest difference of any channel at the last look.
    worst: u8,
}

/// Stops the content's process `pid`, and compares what is shown with the source until they are
/// equal or `patience` is over.
pub(crate) fn rest(
    source: &Display,
    shown: &Display,
    at: Place,
    pid: i32,
    patience: Duration,
) -> Result<Rest> {
    let (w, h) = source.size();
    let mut from = Camera::new(source, Rect::new(0, 0, w, h))?;
    let mut to = Camera::new(shown, Rect::new(at.x, at.y, w, h))?;
    kill_process(Pid::from_raw(pid).context("no such process")?, Signal::STOP)?;
    let (stopped, mut rest, mut half) = (now(), Rest::default(), None);
    while stopped.elapsed() < patience.max(Duration::from_millis(600)) {
        let seen = stopped.elapsed();
        (rest.differing, rest.worst) = difference(from.shoot()?, to.shoot()?);
        if seen >= Duration::from_millis(500) {
            half = half.or(Some(rest.differing));
        }
        if rest.differing == 0 {
            rest.equal_after_ms = Some(millis(stopped.elapsed()));
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    rest.differing_at_500_ms = half.unwrap_or(rest.differing);
    Ok(rest)
}

/// How many pixels differ, and by how much at most.
fn difference(a: &[u8], b: &[u8]) -> (usize, u8) {
    let pairs = a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0);
    pairs.filter(|(a, b)| a[..3] != b[..3]).fold((0, 0), |(count, worst), (a, b)| {
        let most = a[..3].iter().zip(&b[..3]).map(|(a, b)| a.abs_diff(*b)).max();
        (count + 1, worst.max(most.unwrap_or(0)))
    })
}

/// A part of the content as it lies on the display.
pub(crate) const fn moved(rect: Rect, by: Place) -> Rect {
    Rect::new(rect.x + by.x, rect.y + by.y, rect.w, rect.h)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_counts_once_and_a_torn_one_never() {
        let mut counter = Counter::default();
        // Newer than the source, or far behind it, is no picture that ever was.
        for value in
            [None, Some(65_534), Some(65_534), Some(9), Some(40_000), Some(65_535), Some(1)]
        {
            counter.see(value, Some(2));
        }
        assert_eq!(counter.changes, 2);
    }

    #[test]
    fn the_unused_byte_makes_no_difference() {
        assert_eq!(difference(&[1, 2, 3, 0, 9, 9, 9, 9], &[1, 2, 3, 255, 9, 9, 4, 9]), (1, 5));
        assert_eq!(difference(&[1, 2, 3, 0], &[1, 2, 3, 7]), (0, 0));
    }
}
