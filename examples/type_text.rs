//! Types a text into whatever program has the keyboard.
//!
//! ```text
//! cargo run --example type_text -- "Grüße, 漢字 and 🙂"
//! ```
//!
//! There are three seconds to choose the program. The text arrives exactly, whatever layout the
//! keyboard has and whether CapsLock is on or not: characters that no key makes borrow a spare key
//! for a moment.
//!
//! Two things to take from here:
//!
//! 1. A [`Backend`] opens an injector, which carries out single strokes and remembers nothing.
//! 2. A [`Guard`] around it takes a helper's input as it comes over the network, and makes sure
//!    that nothing stays pressed when it is dropped, also by a panic. An agent, which may be
//!    killed as well, adds a `rh_input::keeper` process.

#![expect(clippy::print_stderr, reason = "it talks to whoever started it")]

use std::thread;
use std::time::Duration;

use anyhow::Context;
use rh_input::{Backend, Guard};
use rh_protocol::{InputEvent, Key};

fn main() -> anyhow::Result<()> {
    let text = std::env::args().nth(1).context("say what to type, in quotes")?;

    // The backend of this platform. A mock is never detected: for a dry run, name it, as
    // `Backend::Recorder` or `"recorder".parse()`.
    let backend = Backend::detect();
    let injector = backend.open().with_context(|| format!("the backend {backend}"))?;
    let mut guard = Guard::new(injector);

    eprintln!("typing in three seconds, by {backend}");
    thread::sleep(Duration::from_secs(3));

    // Text travels as text, whatever the layout.
    guard.inject(&InputEvent::Text { text })?;

    // Keys are places on the keyboard. Shift and the left arrow mark the last character typed. The
    // releases are left out on purpose: the guard lets go of both when it is dropped.
    for key in [Key::ShiftLeft, Key::ArrowLeft] {
        guard.inject(&InputEvent::Key { key, down: true })?;
    }
    Ok(())
}
