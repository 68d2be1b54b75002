//! A network cable with a rate, a delay and losses, made of two TUN devices and this process.
//!
//! The kernel's own `netem` would do the same, but not every kernel has it. Here packets are also
//! never merged into larger ones, and the same seed loses the same packets.

mod line;
mod tun;

use std::io::Read as _;
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::clock::now;
use line::{Line, Shape};
use tun::Tun;

/// What the cable is told on standard input.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    /// `shape BITS_PER_SECOND DELAY_MS LOSS_PERCENT`: of each direction by itself.
    Shape(Shape),
    /// `cut`: nothing passes any more.
    Cut,
    /// `join`: everything passes again, as it was shaped before.
    Join,
}

impl FromStr for Order {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let words: Vec<_> = text.split_whitespace().collect();
        Ok(match words[..] {
            ["cut"] => Self::Cut,
            ["join"] => Self::Join,
            ["shape", rate, delay, loss] => Self::Shape(Shape {
                rate: rate.parse().context("the rate is no number")?,
                delay: Duration::from_micros((delay.parse::<u32>()? * 1000).into()),
                loss: loss.parse().context("the loss is no number")?,
            }),
            _ => bail!("{text:?} is neither `shape RATE DELAY LOSS`, `cut` nor `join`"),
        })
    }
}

/// Makes the devices `names` and carries packets between them until standard input ends.
pub(crate) fn run(names: [&str; 2], seed: u32) -> Result<()> {
    let ends = [Tun::open(names[0])?, Tun::open(names[1])?];
    crate::cli::say(&serde_json::json!({ "laid": names }))?;
    let mut lines = [Line::new(seed), Line::new(seed.wrapping_add(1))];
    let (mut orders, stdin) = (String::new(), std::io::stdin());
    loop {
        let mut polled = [
            PollFd::new(&ends[0], PollFlags::IN),
            PollFd::new(&ends[1], PollFlags::IN),
            PollFd::new(&stdin, PollFlags::IN),
        ];
        let due = lines.iter().filter_map(Line::due).min();
        poll(&mut polled, timeout(due)?.as_ref())?;
        if !polled[2].revents().is_empty() && !obey(&mut orders, &mut lines)? {
            return Ok(());
        }
        for (from, line) in lines.iter_mut().enumerate() {
            while let Some(packet) = ends[from].receive()? {
                line.offer(packet, now());
            }
            while let Some(packet) = line.take(now()) {
                ends[1 - from].send(&packet)?;
            }
        }
    }
}

fn timeout(due: Option<Instant>) -> Result<Option<Timespec>> {
    let left = due.map(|due| due.saturating_duration_since(now()));
    Ok(left.map(Timespec::try_from).transpose()?)
}

/// Reads orders and carries them out; false once there will be no more.
fn obey(orders: &mut String, lines: &mut [Line; 2]) -> Result<bool> {
    let mut buffer = [0; 4096];
    let read = std::io::stdin().read(&mut buffer)?;
    orders.push_str(&String::from_utf8_lossy(&buffer[..read]));
    while let Some((order, rest)) = orders.split_once('\n') {
        let order: Order = order.parse()?;
        *orders = rest.to_owned();
        for line in &mut *lines {
            match order {
                Order::Shape(shape) => line.shape(Some(shape)),
                Order::Cut => line.cut(true),
                Order::Join => line.cut(false),
            }
        }
        crate::cli::say(&serde_json::json!({ "done": format!("{order:?}") }))?;
    }
    Ok(read > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_and_nonsense_is_not() {
        let shape = Shape { rate: 300_000, delay: Duration::from_millis(75), loss: 1.5 };
        assert_eq!("shape 300000 75 1.5".parse::<Order>().unwrap(), Order::Shape(shape));
        assert_eq!("cut".parse::<Order>().unwrap(), Order::Cut);
        for text in ["", "cut it", "shape", "shape a b c", "shape 1 2"] {
            assert!(text.parse::<Order>().is_err(), "{text}");
        }
    }
}
