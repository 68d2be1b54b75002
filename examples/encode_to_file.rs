//! Records a screen as H.264, to be played by `ffplay screen.h264` or any other player.
//!
//! ```text
//! cargo run --example encode_to_file -- screen.h264 5           # the real screen, five seconds
//! cargo run --example encode_to_file -- pattern.h264 5 pattern  # numbered frames, no screen needed
//! ```
//!
//! Three things to take from here:
//!
//! 1. A screen is *pulled*: it is asked for the next picture when there is time to encode it, and
//!    always gives the newest.
//! 2. The encoder learns the size from the first picture, takes in only what has changed, and starts
//!    anew with a key frame when the display is resized.
//! 3. When the screen rests, the last picture is shown *again* a few times: on a slow link that is
//!    what makes text sharp, otherwise it costs next to nothing.

#![expect(clippy::print_stderr, reason = "it talks to whoever started it")]

use std::fs::File;
use std::io::Write;
use std::time::Duration;

use anyhow::Context;
use rh_capture::Screen;
use rh_codec::{Backend, EncodeError, Encoder, Settings};

/// How long a screen may rest before its picture is shown again.
const PATIENCE: Duration = Duration::from_millis(33);

/// How often.
const TOP_UPS: u32 = 4;

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let path = words.next().context("name the file to write")?;
    let seconds = words.next().map_or(Ok(5), |word| word.parse()).context("how many seconds?")?;
    let mut screen = open_screen(words.next())?;
    let mut encoder = open_encoder(Backend::best())?;
    let mut file = File::create(&path).with_context(|| path.clone())?;

    let (mut bytes, mut pictures, mut at) = (0, 0_u32, Duration::ZERO);
    let mut top_ups = 0;
    while at < Duration::from_secs(seconds) {
        let encoded = match screen.next(PATIENCE)? {
            Some(frame) => {
                top_ups = TOP_UPS;
                at = at.max(frame.at);
                Some(encoder.encode(&frame, false)?)
            }
            // Nothing has changed while we waited.
            None => {
                at += PATIENCE;
                let wanted = top_ups > 0;
                top_ups = top_ups.saturating_sub(1);
                if wanted { encoder.again(at, false)? } else { None }
            }
        };
        // Access units in Annex B form can be written one after the other as they are.
        if let Some(encoded) = encoded {
            file.write_all(&encoded.data)?;
            bytes += encoded.data.len();
            pictures += 1;
        }
    }
    eprintln!("{path}: {pictures} pictures, {bytes} bytes");
    Ok(())
}

/// Opens the main display of the backend called `name`, or of this machine's own.
fn open_screen(name: Option<String>) -> anyhow::Result<Box<dyn Screen>> {
    let backend = match name {
        Some(name) => name.parse()?,
        None => rh_capture::Backend::detect()?,
    };
    let displays = backend.displays()?;
    let main = displays.iter().find(|display| display.primary).or(displays.first());
    Ok(backend.open(main.context("there is no display")?.id)?)
}

/// Opens `backend`, or says why not and opens the one to fall back on.
fn open_encoder(backend: Backend) -> Result<Box<dyn Encoder>, EncodeError> {
    match (backend.open(Settings::default()), backend.fallback()) {
        (Err(error), Some(other)) => {
            eprintln!("{error}; encoding with {other} instead");
            open_encoder(other)
        }
        (opened, _) => opened,
    }
}
