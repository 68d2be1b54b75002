//! Idle agents, more at each step, and what they cost the server that they are connected to.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};

use super::results::Growth;
use super::{Bench, OTHER_FILES, files, heard};
use crate::bench::usage::{Usage, resident};
use crate::child::Child;

/// A server that agents connect to.
pub(super) trait Host {
    /// As it stands in the report.
    fn product(&self) -> &'static str;

    /// How many of it there are.
    fn nodes(&self) -> usize;

    /// Its processes.
    fn pids(&self) -> Vec<u32>;

    /// The command of `rh-crowd` that connects agents to it.
    fn command(&self) -> Vec<String>;

    /// Fails unless the server itself says that so many are connected.
    fn check(&self, connected: usize) -> Result<()>;
}

impl Bench<'_> {
    /// Connects up to each of `steps` in turn, or as many as files may be open, and adds what that costs
    /// to `rows`.
    pub(super) fn grow(
        &self,
        host: &impl Host,
        steps: &[usize],
        rows: &mut Vec<Growth>,
    ) -> Result<()> {
        let most = host.nodes() * files().saturating_sub(OTHER_FILES);
        let (mut crowds, mut connected) = (Vec::new(), 0);
        let first = resident(&host.pids());
        rows.push(self.idle(host, 0, 0.0, first));
        for &step in steps {
            let step = step.min(most);
            if step <= connected {
                continue;
            }
            let (crowd, seconds) = self.connect(host, step - connected, crowds.len() + 1)?;
            crowds.push(crowd);
            connected = step;
            let row = self.idle(host, connected, seconds, first);
            host.check(connected)?;
            rows.push(row);
        }
        Ok(())
    }

    /// Connects `more` idle agents from a network of their own, and says how many seconds that took.
    pub(super) fn connect(
        &self,
        host: &impl Host,
        more: usize,
        network: usize,
    ) -> Result<(Child, f64)> {
        let (more, network) = (more.to_string(), network.to_string());
        let crowd = self.crowd(&host.command(), &["--steps", &more, "--network", &network])?;
        let seconds = heard(&crowd)?["seconds"].as_f64().context("no time")?;
        Ok((crowd, seconds))
    }

    /// What connections cost that do nothing.
    fn idle(&self, host: &impl Host, connected: usize, seconds: f64, first: u64) -> Growth {
        let pids = host.pids();
        let before = Usage::of(&pids);
        sleep(Duration::from_secs_f64(self.args.seconds));
        let cpu = Usage::of(&pids).since(&before) / self.args.seconds;
        let (product, memory) = (host.product().to_owned(), resident(&pids));
        eprintln!("  {connected} connected: {} MB, {cpu:.3} cores", memory / 1_000_000);
        Growth { product, nodes: host.nodes(), connected, seconds, memory, first, cpu }
    }
}
