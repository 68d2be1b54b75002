//! `cargo xtask macos`: the macOS code, checked and linked on Linux, proven on a Mac.
//!
//! On Linux `xtask/macos/check.sh` does the work, with tools that it fetches once into the user's
//! cache folder. It shows that the code compiles, is free of lints and links; nothing runs.

mod check;
mod prove;
mod report;
mod targets;

use std::path::Path;

use anyhow::Result;
use clap::Subcommand;

use check::Verb;
pub(crate) use check::routine;
use targets::Targets;

/// What to do with the macOS code.
#[derive(Debug, Subcommand)]
pub(crate) enum Macos {
    /// Type-checks it.
    Check(Args),
    /// Lints it; a warning fails.
    Clippy(Args),
    /// Compiles and links it, for both processors if none is named.
    Build(Args),
    /// Compiles and links its tests, and runs none.
    Test(Args),
    /// Runs everything that only a Mac can show, on a Mac, and prints a report to paste.
    Prove,
}

/// Which processors, and which crates.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which processors.
    #[arg(long, value_enum)]
    target: Option<Targets>,
    /// Arguments for cargo, such as `-p rh-capture`; everything if left out.
    #[arg(last = true)]
    cargo: Vec<String>,
}

/// Does what the command line says.
pub(crate) fn run(root: &Path, what: &Macos) -> Result<()> {
    let (verb, args) = match what {
        Macos::Check(args) => (Verb::Check, args),
        Macos::Clippy(args) => (Verb::Clippy, args),
        Macos::Build(args) => (Verb::Build, args),
        Macos::Test(args) => (Verb::Test, args),
        Macos::Prove => return prove::run(root),
    };
    let targets = args.target.unwrap_or(match verb {
        Verb::Build => Targets::Both,
        Verb::Check | Verb::Clippy | Verb::Test => Targets::Aarch64,
    });
    check::run(root, verb, targets, &args.cargo)
}
