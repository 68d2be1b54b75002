//! `rh-agent keep-input`: the second process that lets go of what a killed or frozen agent holds.

use std::io::BufReader;

use rh_input::keeper;

/// How to let go.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where input goes.
    backend: rh_input::Backend,
}

/// Watches over standard input until it ends.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let injector = args.backend.open()?;
    keeper::run(BufReader::new(std::io::stdin()), injector, keeper::SILENCE)?;
    Ok(())
}
