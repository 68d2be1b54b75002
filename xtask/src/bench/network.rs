//! A network namespace for the sharer's side, and the cable to it.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::ground::{Ground, quietly};
use super::plan::Shape;
use crate::child::Child;

/// How long the cable may take to do what it is told.
const PATIENCE: Duration = Duration::from_secs(10);

/// A namespace joined to the machine's own network by one cable, over which everything between
/// server and browser passes, and by whose near end it is counted.
pub(super) struct Network {
    namespace: String,
    near: String,
    /// The process between the two ends, where the cable has a shape.
    cable: Option<Child>,
    pub(super) near_address: String,
    pub(super) far_address: String,
}

impl Network {
    /// Lays a plain cable, or one that can be shaped and cut.
    pub(super) fn lay(ground: &Ground, shaped: bool) -> Result<Self> {
        let id = std::process::id();
        let subnet = format!("10.214.{}", id % 250);
        let mut network = Self {
            namespace: format!("rhb{id}"),
            near: format!("rhbn{id}"),
            cable: None,
            near_address: format!("{subnet}.1"),
            far_address: format!("{subnet}.2"),
        };
        let far = format!("rhbf{id}");
        quietly("ip", ["netns", "add", &network.namespace])?;
        if shaped {
            let mut cable = Command::new(ground.program("rh-probe"));
            cable.args(["cable", "--near", &network.near, "--far", &far]);
            let cable = ground.start("cable", &mut cable)?;
            ground.hear(&cable, PATIENCE, |line| line.contains("laid").then_some(()))?;
            network.cable = Some(cable);
        } else {
            let peer = ["type", "veth", "peer", "name", &far];
            quietly("ip", ["link", "add", &network.near].into_iter().chain(peer))?;
        }
        network.address(&far)?;
        Ok(network)
    }

    fn address(&self, far: &str) -> Result<()> {
        let Self { namespace, near, .. } = self;
        let [near_net, far_net] =
            [&self.near_address, &self.far_address].map(|address| format!("{address}/24"));
        quietly("ip", ["link", "set", far, "netns", namespace])?;
        quietly("ip", ["addr", "add", &near_net, "dev", near])?;
        quietly("ip", ["link", "set", near, "up"])?;
        let inside = |args: &[&str]| quietly("ip", [&["-n", namespace], args].concat());
        inside(&["addr", "add", &far_net, "dev", far])?;
        inside(&["link", "set", far, "up"])?;
        inside(&["link", "set", "lo", "up"])
    }

    /// A command that runs `program` on the sharer's side.
    pub(super) fn inside(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace]).arg(program);
        command
    }

    /// Makes the cable slow.
    pub(super) fn shape(&mut self, ground: &Ground, shape: Shape) -> Result<()> {
        let delay = shape.round_trip_ms / 2;
        self.order(ground, &format!("shape {} {delay} {}", shape.rate, shape.loss))
    }

    /// Lets nothing pass any more.
    pub(super) fn cut(&mut self, ground: &Ground) -> Result<()> {
        self.order(ground, "cut")
    }

    /// Lets everything pass again.
    pub(super) fn join(&mut self, ground: &Ground) -> Result<()> {
        self.order(ground, "join")
    }

    fn order(&mut self, ground: &Ground, order: &str) -> Result<()> {
        let cable = self.cable.as_mut().context("this cable has no shape")?;
        cable.tell(order)?;
        ground.hear(cable, PATIENCE, |line| line.contains("done").then_some(()))
    }

    /// Bytes that came from the sharer's side so far, and that went there.
    pub(super) fn bytes(&self) -> Result<(u64, u64)> {
        let count = |name: &str| {
            let path = format!("/sys/class/net/{}/statistics/{name}", self.near);
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
            text.trim().parse::<u64>().with_context(|| format!("{path} holds no number"))
        };
        Ok((count("rx_bytes")?, count("tx_bytes")?))
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.cable = None;
        // A plain cable ends with either of its ends.
        let _ = quietly("ip", ["netns", "del", &self.namespace]);
        let _ = quietly("ip", ["link", "del", &self.near]);
    }
}
