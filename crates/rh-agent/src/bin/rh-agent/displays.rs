//! `rh-agent displays`.

use anyhow::Context as _;

use crate::backends::Screens;

/// Which displays to list.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    screens: Screens,
}

/// Prints one line for each display.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let screens = args.screens.source()?;
    for display in screens.displays().context("cannot list the displays")? {
        let main = if display.primary { "  main" } else { "" };
        println!(
            "{:>10}  {}x{} at {},{}  scale {}  {}{main}",
            display.id.0,
            display.width,
            display.height,
            display.x,
            display.y,
            display.scale,
            rh_protocol::safe_text(&display.name, 64),
        );
    }
    Ok(())
}
