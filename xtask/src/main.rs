//! Chores of the workspace: `cargo xtask --help`.
#![expect(clippy::print_stderr, reason = "a command line tells its progress there")]

mod awake;
mod bench;
mod child;
mod counts;
mod demo;
mod generate;
mod macos;
mod package;
mod program;
mod promises;
mod setup;
mod sources;
mod test;
#[cfg(test)]
mod tidy;
mod web;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Chores of the workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Starts service and agent on this machine, for a session with a browser.
    Demo {
        /// Goes through a whole session by itself and prints one line of figures.
        #[arg(long)]
        smoke: bool,
    },
    /// Runs everything that must hold.
    Test {
        /// Leaves out what needs a browser or much time.
        #[arg(long)]
        quick: bool,
    },
    /// Builds the pages.
    Web {
        /// Only tells whether they are up to date.
        #[arg(long)]
        check: bool,
    },
    /// Lists the promises, and which tests prove them.
    Promises {
        /// Only tells whether every id in a test is a promise.
        #[arg(long)]
        check: bool,
    },
    /// Makes what a Mac needs beside the program: the app, the management profile.
    Package {
        #[command(subcommand)]
        package: package::Package,
    },
    /// Checks the macOS code on Linux, and proves it on a Mac.
    Macos {
        #[command(subcommand)]
        what: macos::Macos,
    },
    /// Measures, beside other products of its kind.
    Bench {
        #[command(subcommand)]
        bench: Bench,
    },
    /// Counts the instructions of the hot loops, and compares with benches/counts.toml.
    Counts {
        /// Writes what was counted into the table instead.
        #[arg(long)]
        accept: bool,
    },
    /// Installs the programs and packages that the tests need.
    Setup,
    /// Writes TypeScript and JSON Schema from rh-protocol.
    Gen {
        /// Only tells whether the files are up to date.
        #[arg(long)]
        check: bool,
    },
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Measures picture and input of whole sessions, and writes the report; takes root.
    Media(bench::Args),
    /// Measures how many the service takes and how fast, alone and as several nodes.
    Service(bench::service::Args),
}

fn main() -> ExitCode {
    match run(Cli::parse().chore, &root()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nfailed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore, root: &Path) -> Result<()> {
    match chore {
        Chore::Demo { smoke: false } => demo::run(root),
        Chore::Demo { smoke: true } => demo::smoke(root, demo::PROGRAMS),
        Chore::Test { quick } => test::run(root, quick),
        Chore::Web { check } => web::build(root, check),
        Chore::Promises { check } => promises::run(root, check),
        Chore::Package { package } => package::run(&package),
        Chore::Macos { what } => macos::run(root, &what),
        Chore::Bench { bench: Bench::Media(args) } => bench::media(root, &args),
        Chore::Bench { bench: Bench::Service(args) } => bench::service::run(root, &args),
        Chore::Counts { accept } => counts::run(root, accept),
        Chore::Setup => setup::run().and_then(|()| web::install_provider(root)),
        Chore::Gen { check } => generate::run(root, check),
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
