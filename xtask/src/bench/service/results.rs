//! What was measured, as it stands in the JSON file.

use anyhow::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bench::results::Machine;

/// The product that is measured, beside which others are.
pub(super) const OURS: &str = "ours";

/// One run of the bench.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Results {
    pub(super) machine: Machine,
    /// How the programs were built.
    pub(super) profile: String,
    /// How many files a process may open.
    pub(super) files: usize,
    pub(super) growth: Vec<Growth>,
    pub(super) throughput: Vec<Throughput>,
    pub(super) failures: Vec<Failure>,
}

impl Results {
    /// Says and notes that something was not measured.
    pub(super) fn failed(&mut self, nodes: usize, what: &str, error: &Error) {
        let (what, reason) = (what.to_owned(), format!("{error:#}"));
        eprintln!("{nodes} nodes: {what}: {reason}");
        self.failures.push(Failure { nodes, what, reason });
    }
}

/// What so many connected agents cost.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Growth {
    pub(super) product: String,
    pub(super) nodes: usize,
    pub(super) connected: usize,
    /// How long the last of them took to connect.
    pub(super) seconds: f64,
    /// Resident memory of all services, in bytes.
    pub(super) memory: u64,
    /// The same before anybody was connected.
    pub(super) first: u64,
    /// Cores that the services are busy with.
    pub(super) cpu: f64,
}

impl Growth {
    /// Bytes for each connection.
    pub(super) fn each(&self) -> f64 {
        self.memory.saturating_sub(self.first) as f64 / self.connected as f64
    }
}

/// How fast something went.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Throughput {
    pub(super) nodes: usize,
    /// `codes` or `signals`.
    pub(super) what: String,
    /// Cores that the services were busy with.
    pub(super) cpu: f64,
    /// As `rh-crowd` printed them.
    pub(super) figures: Value,
}

/// What was not measured, and why.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Failure {
    pub(super) nodes: usize,
    pub(super) what: String,
    pub(super) reason: String,
}
