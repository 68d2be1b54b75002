//! The command line.

use std::io::{BufRead as _, Write as _};
use std::time::Duration;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use serde::Serialize;

use crate::content::{Kind, Shape};
use crate::display::{Display, Place};
use crate::player::Pace;
use crate::press::{Block, Press, Trial};
use crate::{cable, content, look, player, press};

/// Shows content on one X display, and measures on another what is seen of it.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows content until it is ended.
    Content(ContentArgs),
    /// Tells where the content is on the browser's display.
    Locate(Where),
    /// Tells when content of one colour is first seen.
    First {
        #[arg(long)]
        shown: String,
        #[arg(long)]
        at: Place,
    },
    /// Counts the pictures that are shown.
    Frames {
        #[command(flatten)]
        place: At,
        #[arg(long)]
        seconds: f64,
    },
    /// Presses, and times the flip of the content's block.
    Photon(PhotonArgs),
    /// Moves the pointer there and clicks.
    Focus {
        #[arg(long)]
        shown: String,
        #[arg(long)]
        at: Place,
    },
    /// Stops the content and compares what is shown with the source.
    Rest {
        #[command(flatten)]
        place: At,
        /// The content's process.
        #[arg(long)]
        pid: i32,
        #[arg(long, default_value_t = 3000)]
        patience_ms: u64,
    },
    /// Waits for a line, and times how picture and input come back.
    Recovery {
        #[command(flatten)]
        place: At,
        #[arg(long, default_value_t = 20_000)]
        patience_ms: u64,
    },
    /// Carries packets between two new TUN devices.
    Cable {
        #[arg(long)]
        near: String,
        #[arg(long)]
        far: String,
        #[arg(long, default_value_t = 1)]
        seed: u32,
    },
}

/// The two displays.
#[derive(Debug, Args)]
struct Where {
    /// The sharer's display.
    #[arg(long)]
    source: String,
    /// The display that the browser draws on.
    #[arg(long)]
    shown: String,
}

/// The two displays, and where one is on the other.
#[derive(Debug, Args)]
struct At {
    #[command(flatten)]
    displays: Where,
    /// Where the content begins on the browser's display.
    #[arg(long)]
    at: Place,
}

#[derive(Debug, Args)]
struct ContentArgs {
    #[arg(long)]
    source: String,
    kind: Kind,
    /// Steps a second.
    #[arg(long)]
    rate: Option<u32>,
    /// Size of the block that flips.
    #[arg(long, default_value = "12,20")]
    block: Place,
    /// Size of a film beside the block.
    #[arg(long)]
    film: Option<Place>,
    /// Counts the steps in the picture, whatever the kind.
    #[arg(long)]
    counted: bool,
}

#[derive(Debug, Args)]
struct PhotonArgs {
    #[command(flatten)]
    place: At,
    #[arg(long)]
    press: Press,
    /// Size of the block that flips.
    #[arg(long, default_value = "12,20")]
    block: Place,
    #[arg(long, default_value_t = 60)]
    presses: u32,
    #[arg(long, default_value_t = 1000)]
    patience_ms: u64,
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

/// Does what the command line says.
pub(crate) fn run() -> Result<()> {
    match Cli::parse().command {
        Command::Content(args) => show(&args),
        Command::Locate(place) => {
            let size = Display::open(&place.source)?.size();
            let shown = Display::open(&place.shown)?;
            let at = look::locate(&shown, size, Duration::from_secs(20))?;
            say(&serde_json::json!({ "x": at.x, "y": at.y }))
        }
        Command::First { shown, at } => {
            let seen = look::first(&Display::open(&shown)?, at, Duration::from_secs(20))?;
            say(&serde_json::json!({ "at_us": seen }))
        }
        Command::Frames { place, seconds } => {
            let span = Duration::try_from_secs_f64(seconds)?;
            let (source, shown) = (place.source()?, place.shown()?);
            say(&look::frames(&source, &shown, place.at, span)?)
        }
        Command::Photon(args) => photon(&args),
        Command::Focus { shown, at } => press::focus(&Display::open(&shown)?, at),
        Command::Rest { place, pid, patience_ms } => {
            let (source, shown) = (place.source()?, place.shown()?);
            let patience = Duration::from_millis(patience_ms);
            press::move_away(&shown)?;
            say(&look::rest(&source, &shown, place.at, pid, patience)?)
        }
        Command::Recovery { place, patience_ms } => recovery(&place, patience_ms),
        Command::Cable { near, far, seed } => cable::run([&near, &far], seed),
    }
}

impl At {
    fn source(&self) -> Result<Display> {
        Display::open(&self.displays.source)
    }

    fn shown(&self) -> Result<Display> {
        Display::open(&self.displays.shown)
    }
}

fn show(args: &ContentArgs) -> Result<()> {
    let film = args.film.map(|it| (it.x, it.y));
    let shape = Shape { block: (args.block.x, args.block.y), film };
    let pace = Pace { rate: args.rate, counted: args.counted || args.kind.counted() };
    player::play(&Display::open(&args.source)?, args.kind, shape, pace)
}

fn photon(args: &PhotonArgs) -> Result<()> {
    let (source, shown) = (args.place.source()?, args.place.shown()?);
    let (width, height) = source.size();
    let block = content::flip::block(width, height, (args.block.x, args.block.y));
    let corners = |by: Place| {
        let block = look::moved(block, by);
        // Opposite corners, a little within: all of the block must be there.
        let far = Place { x: block.x + block.w - 4, y: block.y + block.h - 4 };
        vec![Place { x: block.x + 3, y: block.y + 3 }, far]
    };
    let below = look::moved(block, args.place.at);
    let pointer = Place { x: below.x + below.w / 2, y: below.y + below.h + 30 };
    let patience = Duration::from_millis(args.patience_ms);
    let PhotonArgs { press, presses, seed, .. } = *args;
    let block = Block {
        source: (&source, corners(Place { x: 0, y: 0 })),
        shown: (&shown, corners(args.place.at)),
    };
    say(&press::photon(&block, Trial { press, pointer, presses, patience, seed })?)
}

fn recovery(place: &At, patience_ms: u64) -> Result<()> {
    let (source, shown) = (place.source()?, place.shown()?);
    let (width, height) = source.size();
    let block = look::moved(content::flip::block(width, height, (12, 20)), place.at);
    let middle = Place { x: block.x + 6, y: block.y + 10 };
    let patience = Duration::from_millis(patience_ms);
    say(&serde_json::json!({ "ready": true }))?;
    std::io::stdin().lock().read_line(&mut String::new())?;
    say(&press::recovery(&source, &shown, place.at, middle, patience)?)
}

/// Prints one line of JSON.
pub(crate) fn say(value: &impl Serialize) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}
