//! `rh-agent`: shares this machine's screen with a helper, and says what is missing for it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program")]

mod account;
mod backends;
mod device;
mod displays;
mod doctor;
mod keep_input;
mod lines;
mod share;
mod terminal;

use clap::{Parser, Subcommand};
use rh_session::link::webrtc::LOG_FILTER;
use tracing_subscriber::EnvFilter;

/// Shares this machine's screen with a helper.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Asks for a code, shows who the helper is, and shares the screen if you allow it.
    Share(share::Args),
    /// Lists the displays that can be shared.
    Displays(displays::Args),
    /// Tries everything that sharing needs, and says what to do about what fails.
    Doctor(doctor::Args),
    /// Lets go of keys and buttons if the agent dies; started by the agent itself.
    #[command(hide = true)]
    KeepInput(keep_input::Args),
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let quiet = || EnvFilter::new(format!("warn,{LOG_FILTER}"));
    let filter = EnvFilter::try_from_env("RH_LOG").unwrap_or_else(|_| quiet());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    let done = match Cli::parse().command {
        Command::Share(args) => share::run(args).await,
        Command::Displays(args) => displays::run(&args),
        Command::Doctor(args) => doctor::run(args).await,
        Command::KeepInput(args) => keep_input::run(&args),
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rh-agent: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
