//! `cargo xtask bench service`: how many one service takes, how fast, and what several do together.
//!
//! `rh-crowd` is the clients; memory and processor are those of `/proc`. The service runs alone, and as
//! nodes with a Redis between them; idle agents are counted for MeshCentral as well.

mod growth;
mod mesh;
mod nodes;
mod report;
mod results;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;

use super::machine;
use super::usage::Usage;
use crate::child::Child;
use crate::{program, setup};
use growth::Host;
use mesh::MeshCentral;
use nodes::Nodes;
use results::{Results, Throughput};

/// What of it, and how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many nodes, one after the other; one is alone, without Redis.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 3])]
    nodes: Vec<usize>,
    /// How many agents are connected at each step.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 5_000, 10_000, 20_000])]
    steps: Vec<usize>,
    /// The same for MeshCentral.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 5_000])]
    peer_steps: Vec<usize>,
    /// Leaves MeshCentral out, which npm installs below target/.
    #[arg(long)]
    no_peer: bool,
    /// Helpers with a sharer each, for codes (17 a second of each pair at most) and for messages.
    #[arg(long, default_value_t = 300)]
    pairs: usize,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 20.0)]
    seconds: f64,
    /// Messages a second of each pair.
    #[arg(long, default_value_t = 10)]
    rate: u32,
    /// Measures what `cargo build` makes instead of what is released, to try the bench.
    #[arg(long)]
    dev: bool,
    /// Writes the report from an earlier run's JSON instead.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Writes the report into docs/ as well.
    #[arg(long)]
    publish: bool,
}

/// Longest wait for the crowd to do what it was told.
const PATIENCE: Duration = Duration::from_secs(180);

/// Descriptors that are left for other things than sockets.
const OTHER_FILES: usize = 500;

/// How many agents MeshCentral has had before it is measured, and the network that they come from.
const EARLY: usize = 100;
const EARLY_NETWORK: usize = 250;

/// As many files as the service's unit allows.
const FILES: u64 = 65_536;

/// What is measured with.
struct Bench<'a> {
    args: &'a Args,
    programs: PathBuf,
    folder: PathBuf,
    log: Arc<File>,
}

/// Measures, and writes `target/bench/service.json` and a report beside it.
///
/// # Errors
///
/// If what is needed is missing or does not build. What fails is in the report with its reason.
pub(crate) fn run(root: &Path, args: &Args) -> Result<()> {
    let target = super::target(root)?;
    let folder = target.join("bench");
    std::fs::create_dir_all(&folder)?;
    let results = match &args.from {
        Some(file) => serde_json::from_reader(File::open(file)?).context("no results")?,
        None => {
            setup::for_service_bench()?;
            raise_files();
            let mut build = program::cargo(root);
            build.args(["build", "-p", "rh-service", "-p", "rh-crowd"]);
            program::run(if args.dev { &mut build } else { build.arg("--release") })?;
            let programs = target.join(if args.dev { "debug" } else { "release" });
            let log = Arc::new(File::create(folder.join("service.log"))?);
            let bench = Bench { args, programs, folder: folder.clone(), log };
            let results = bench.run(root)?;
            serde_json::to_writer_pretty(File::create(folder.join("service.json"))?, &results)?;
            results
        }
    };
    report::write(&results, &folder)?;
    if args.publish {
        report::write(&results, &root.join("docs"))?;
    }
    eprintln!("\nthe report is {}", folder.join(report::FILE).display());
    Ok(())
}

impl<'a> Bench<'a> {
    fn run(&self, root: &Path) -> Result<Results> {
        let profile = if self.args.dev { "dev" } else { "release" }.to_owned();
        let mut results = Results { profile, files: files(), ..Results::default() };
        results.machine = machine::describe(root);
        for &count in &self.args.nodes {
            let measures: [(&str, Measure<'a>); 3] =
                [("growth", Self::growth), ("codes", Self::codes), ("signals", Self::signals)];
            for (name, measure) in measures {
                eprintln!("{count} nodes: {name}");
                // Each begins with fresh nodes, so that none pays for the one before.
                if let Err(error) = measure(self, count, &mut results) {
                    results.failed(count, name, &error);
                }
            }
        }
        if !self.args.no_peer {
            eprintln!("{}", mesh::NAME);
            if let Err(error) = self.peer(root, &mut results) {
                results.failed(1, mesh::NAME, &error);
            }
        }
        results.machine.load.push(machine::load());
        Ok(results)
    }

    fn growth(&self, count: usize, results: &mut Results) -> Result<()> {
        let nodes = Nodes::start(count, &self.programs, &self.folder, &self.log)?;
        self.grow(&nodes, &self.args.steps, &mut results.growth)
    }

    /// MeshCentral's idle agents.
    fn peer(&self, root: &Path, results: &mut Results) -> Result<()> {
        let peer = MeshCentral::start(root, &self.folder, &self.log)?;
        // With its first agents it starts processes that sign for it: no connection is to pay for those.
        let (crowd, _) = self.connect(&peer, EARLY, EARLY_NETWORK)?;
        drop(crowd);
        self.grow(&peer, &self.args.peer_steps, &mut results.growth)
    }

    fn codes(&self, count: usize, results: &mut Results) -> Result<()> {
        self.throughput(count, "codes", &[], results)
    }

    fn signals(&self, count: usize, results: &mut Results) -> Result<()> {
        self.throughput(count, "signals", &["--rate", &self.args.rate.to_string()], results)
    }

    fn throughput(
        &self,
        count: usize,
        what: &str,
        more: &[&str],
        results: &mut Results,
    ) -> Result<()> {
        let nodes = Nodes::start(count, &self.programs, &self.folder, &self.log)?;
        let before = Usage::of(&nodes.pids());
        let (pairs, seconds) = (self.args.pairs.to_string(), self.args.seconds.to_string());
        let args = [&["--pairs", &pairs, "--seconds", &seconds], more].concat();
        let command = [what.to_owned(), "--at".to_owned(), nodes.origins()];
        let figures = heard(&self.crowd(&command, &args)?)?;
        let cpu = Usage::of(&nodes.pids()).since(&before) / self.args.seconds;
        let what = what.to_owned();
        results.throughput.push(Throughput { nodes: count, what, cpu, figures });
        Ok(())
    }

    fn crowd(&self, command: &[String], args: &[&str]) -> Result<Child> {
        let mut crowd = Command::new(self.programs.join("rh-crowd"));
        Child::spawn_quiet("crowd", crowd.args(command).args(args), &self.log)
    }
}

type Measure<'a> = fn(&Bench<'a>, usize, &mut Results) -> Result<()>;

/// The next JSON object that the crowd prints.
fn heard(crowd: &Child) -> Result<Value> {
    while let Some(line) = crowd.line(PATIENCE)? {
        if let Ok(value) = serde_json::from_str(&line) {
            return Ok(value);
        }
        eprintln!("  crowd: {line}");
    }
    bail!("the crowd said nothing within {PATIENCE:?}")
}

/// How many files a process may open.
fn files() -> usize {
    let files = getrlimit(Resource::Nofile).current;
    files.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// Lets the programs that are started open as many files as the largest step needs, as far as this
/// user may; what is out of reach is left out of the report.
fn raise_files() {
    let limit = getrlimit(Resource::Nofile);
    let enough = |files: Option<u64>| files.is_none_or(|files| files >= FILES);
    let most = if enough(limit.maximum) { limit.maximum } else { Some(FILES) };
    let wanted = Rlimit { current: Some(FILES), maximum: most };
    if !enough(limit.current) && setrlimit(Resource::Nofile, wanted).is_err() {
        // Only root may go above the maximum.
        let allowed = Rlimit { current: limit.maximum, ..limit };
        let _ = setrlimit(Resource::Nofile, allowed);
    }
}
