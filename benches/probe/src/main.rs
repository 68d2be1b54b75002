//! Shows content of known behaviour on one X display, and measures on another what is seen of it.
//!
//! `cargo xtask bench media` runs this program. It takes no part in any product: it presses keys by
//! XTEST as a keyboard would, and looks at pixels of the display that the browser draws on, so that
//! one clock times all products alike. Results are lines of JSON on standard output.
//!
//! X11 on Linux only.

#[cfg(target_os = "linux")]
mod cable;
#[cfg(target_os = "linux")]
mod canvas;
#[cfg(target_os = "linux")]
mod cli;
#[cfg(target_os = "linux")]
mod clock;
#[cfg(target_os = "linux")]
mod content;
#[cfg(target_os = "linux")]
mod display;
#[cfg(target_os = "linux")]
mod look;
#[cfg(target_os = "linux")]
mod marks;
#[cfg(target_os = "linux")]
mod player;
#[cfg(target_os = "linux")]
mod press;
#[cfg(target_os = "linux")]
mod shm;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    cli::run()
}

#[cfg(not(target_os = "linux"))]
fn main() -> std::process::ExitCode {
    std::process::ExitCode::FAILURE
}
