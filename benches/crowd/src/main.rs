//! Many clients of running services, for `cargo xtask bench service`.
//!
//! Each command signs in once at each service, opens its sockets, and prints one JSON object a line.
//! With several services the helper of each pair is at one and the sharer at the next.
#![expect(clippy::print_stdout, reason = "a command-line program")]

mod clock;
mod codes;
mod idle;
mod mesh;
mod signals;
mod socket;
mod times;

use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Many helpers and agents at running services.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Connects idle agents, step by step; waits for a line on standard input after each step
    Idle {
        /// Origins of the services, such as http://127.0.0.1:8080
        #[arg(long, value_delimiter = ',', required = true)]
        at: Vec<String>,
        /// How many agents are connected in all after each step
        #[arg(long, value_delimiter = ',', required = true)]
        steps: Vec<usize>,
        /// Which of this machine's own networks to come from, 127.0.N.0
        #[arg(long, default_value_t = 1)]
        network: u8,
    },
    /// The same for agents of MeshCentral
    Mesh(mesh::Args),
    /// Makes and redeems codes as fast as they come
    Codes(Load),
    /// Sends candidates from helpers to sharers in sessions, at a steady rate
    Signals {
        #[command(flatten)]
        load: Load,
        /// Messages a second of each helper; the service takes 50
        #[arg(long, default_value_t = 10)]
        rate: u32,
    },
}

/// How many, where and for how long.
#[derive(Debug, clap::Args)]
struct Load {
    /// Origins of the services
    #[arg(long, value_delimiter = ',', required = true)]
    at: Vec<String>,
    /// Helpers with a sharer each
    #[arg(long)]
    pairs: usize,
    /// Seconds
    #[arg(long)]
    seconds: f64,
}

impl Load {
    fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    match Cli::parse().what {
        What::Idle { at, steps, network } => idle::run(&at, &steps, network).await,
        What::Mesh(args) => mesh::run(&args).await,
        What::Codes(load) => codes::run(&load).await,
        What::Signals { load, rate } => signals::run(&load, rate).await,
    }
}
