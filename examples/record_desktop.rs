//! Records what happens on a display into a file: every change, lossless, with its damage.
//!
//! ```text
//! cargo run --release --example record_desktop -- 5 desktop.trace
//! ```
//!
//! The file is zlib-compressed. Each step is the milliseconds since the first (u32), the number of
//! damaged rectangles (u16) and of messages (u16), the rectangles (four u16 each), and the messages
//! that paint what changed, each after its length (u32): those of the data channel `tiles`. Numbers
//! are big-endian. `rh-codec`'s tests replay such files.

#![expect(clippy::print_stderr, reason = "it talks to whoever started it")]

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use rh_capture::{Backend, Frame, Pixels, Rect};
use rh_codec::tiles::{Bgrx, Painter, Viewer};
use rh_protocol::tile::TileMessage;
use rh_protocol::{DisplayId, PeerId};

/// Somebody who takes everything at once, and no video.
const VIEWER: Viewer =
    Viewer { id: PeerId(1), room: usize::MAX, capacity: Some(u32::MAX), video: false };
/// Shortest time between two steps.
const TICK: Duration = Duration::from_millis(16);

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [seconds, path] = &args[..] else { bail!("usage: record_desktop SECONDS FILE") };
    let length = Duration::from_secs_f64(seconds.parse().context("how many seconds?")?);
    let backend = Backend::detect()?;
    let displays = backend.displays()?;
    let main = displays.iter().find(|display| display.primary).context("there is no display")?;
    let mut screen = backend.open(main.id)?;
    let mut file = ZlibEncoder::new(File::create(path)?, Compression::best());
    let (begin, mut painter, mut steps) = (now(), None, 0);
    while begin.elapsed() < length {
        if let Some(frame) = screen.next(TICK)? {
            let at = begin.elapsed();
            write_step(&mut file, &mut painter, &frame, at)?;
            steps += 1;
        }
        std::thread::sleep(TICK);
    }
    file.finish()?;
    eprintln!("wrote {steps} steps to {path}");
    Ok(())
}

fn write_step(
    out: &mut impl Write,
    painter: &mut Option<Painter>,
    frame: &Frame<'_>,
    at: Duration,
) -> Result<()> {
    let Pixels::Bgrx { data, stride } = frame.pixels else {
        bail!("the pixels are not in memory");
    };
    let picture = Bgrx::new(data, stride, frame.size).context("the picture is not whole")?;
    let painter = painter.get_or_insert_with(|| Painter::new(DisplayId(1), frame.size));
    if painter.size() != frame.size {
        bail!("the display was resized, which a recording cannot tell");
    }
    let parcels = painter.look(picture, frame.damage, at, &[VIEWER]);
    let messages: Vec<&TileMessage> = parcels.iter().flat_map(|it| &it.messages).collect();
    out.write_all(&(at.as_millis() as u32).to_be_bytes())?;
    out.write_all(&(frame.damage.len() as u16).to_be_bytes())?;
    out.write_all(&(messages.len() as u16).to_be_bytes())?;
    for Rect { x, y, width, height } in frame.damage {
        for number in [x, y, width, height] {
            out.write_all(&(*number as u16).to_be_bytes())?;
        }
    }
    for message in messages {
        let bytes = message.encode();
        out.write_all(&(bytes.len() as u32).to_be_bytes())?;
        out.write_all(&bytes)?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a recording is made in real time")]
fn now() -> Instant {
    Instant::now()
}
