//! Takes one picture of a display and writes it to a PNG file.
//!
//! ```text
//! cargo run --example capture_to_png -- desktop.png
//! cargo run --example capture_to_png -- --backend virtual-desktop desktop.png
//! cargo run --example capture_to_png -- --backend x11 --display 66 second-monitor.png
//! ```
//!
//! Without `--backend` it takes this machine's real desktop, without `--display` the main display
//! of it. The numbers of all displays are printed first.

#![expect(clippy::print_stderr, reason = "it talks to whoever started it")]

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use image::RgbImage;
use rh_capture::{Backend, Frame, Pixels};
use rh_protocol::DisplayId;

fn main() -> Result<()> {
    let (mut backend, mut wanted, mut path) = (None, None, None);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--backend" => backend = Some(args.next().context("--backend needs a name")?.parse()?),
            "--display" => wanted = Some(args.next().context("--display needs a number")?.parse()?),
            _ => path = Some(arg),
        }
    }
    let Some(path) = path else {
        bail!("usage: capture_to_png [--backend NAME] [--display NUMBER] FILE.png");
    };

    // A backend is a name until it is asked for something. `detect` tries the real one of this
    // machine and says what is missing if it does not work; it never falls back to a mock.
    let backend = match backend {
        Some(backend) => backend,
        None => Backend::detect()?,
    };

    // What there is to see. Exactly one display is the main one.
    let displays = backend.displays()?;
    for display in &displays {
        let main = if display.primary { ", the main one" } else { "" };
        eprintln!(
            "{}: {} ({}x{}{main})",
            display.id.0, display.name, display.width, display.height
        );
    }

    // The first picture is whole and comes at once, so it needs no patience. It is lent: whoever
    // wants to keep it copies it before asking for the next.
    let main = displays.iter().find(|display| display.primary).context("there is no display")?;
    let mut screen = backend.open(wanted.map_or(main.id, DisplayId))?;
    let frame = screen.next(Duration::ZERO)?.context("the screen gave no picture")?;
    to_rgb(&frame)?.save(&path)?;
    eprintln!("wrote {path}");

    // The cursor is not part of the picture: a helper's page draws it where its user expects it.
    if let Some(at) = screen.cursor().and_then(|cursor| cursor.at) {
        eprintln!("the cursor is at {at:?}");
    }
    Ok(())
}

/// Turns blue, green, red and a fourth byte without meaning into what a PNG holds.
fn to_rgb(frame: &Frame<'_>) -> Result<RgbImage> {
    let Pixels::Bgrx { data, stride } = frame.pixels else {
        bail!("the pixels are not in memory");
    };
    Ok(RgbImage::from_fn(frame.size.width, frame.size.height, |x, y| {
        let at = y as usize * stride + x as usize * 4;
        image::Rgb([data[at + 2], data[at + 1], data[at]])
    }))
}
