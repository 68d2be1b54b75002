//! What the program does instead of serving: checking records and configurations, importing devices.
//!
//! Exit codes: 0 if what was asked about holds, 1 if it does not, 2 if that could not be found out.

mod audit;
mod config;
mod devices;
mod exported;
mod openapi;
mod receipt;
mod suspensions;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use rh_records::{KeyId, Trust};

/// Chores beside serving.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check the audit log of the service
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Read a configuration and say everything that is wrong with it
    CheckConfig(config::Check),
    /// Print the description of the HTTP interface (OpenAPI 3.1)
    Openapi(openapi::Describe),
    /// The directory of devices in the records
    #[command(subcommand)]
    Devices(DevicesCommand),
    /// Check what a sharer took home
    #[command(subcommand)]
    Receipt(ReceiptCommand),
    /// Helpers who were reported
    #[command(subcommand)]
    Suspensions(SuspensionsCommand),
}

/// About suspensions.
#[derive(Debug, Subcommand)]
pub(crate) enum SuspensionsCommand {
    /// Say who may not help for now
    List(suspensions::List),
    /// Let a helper help again; recorded in the audit log
    Lift(suspensions::Lift),
}

/// About the audit log.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Check that no entry was changed, removed, moved or added; name the first that was
    Verify(audit::Verify),
}

/// About devices.
#[derive(Debug, Subcommand)]
pub(crate) enum DevicesCommand {
    /// Take in what a file says of devices
    Import(devices::Import),
}

/// About receipts.
#[derive(Debug, Subcommand)]
pub(crate) enum ReceiptCommand {
    /// Check a receipt and say what it says; needs neither the service nor its records
    Verify(receipt::Verify),
}

/// Whose signatures count.
#[derive(Args, Debug)]
pub(crate) struct Keys {
    /// Id of a key of your service; others then do not count; may be repeated
    #[arg(long = "key", value_name = "ID")]
    keys: Vec<KeyId>,
}

/// What was asked about does not hold, or that could not be found out; what to say, and how to exit.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It does not hold.
    Broken(String),
    /// It could not be found out.
    Unknown(String),
}

impl Command {
    /// Does it, and says on standard output what came of it.
    pub(crate) async fn run(self) -> ExitCode {
        let done = match self {
            Self::Audit(AuditCommand::Verify(verify)) => verify.run().await,
            Self::Devices(DevicesCommand::Import(import)) => import.run().await,
            Self::Receipt(ReceiptCommand::Verify(verify)) => verify.run(),
            Self::Suspensions(SuspensionsCommand::List(list)) => list.run().await,
            Self::Suspensions(SuspensionsCommand::Lift(lift)) => lift.run().await,
            Self::CheckConfig(check) => check.run(),
            Self::Openapi(describe) => describe.run(),
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(Failure::Broken(what)) => say(&what, 1),
            Err(Failure::Unknown(what)) => say(&what, 2),
        }
    }
}

impl Keys {
    fn trust(&self) -> Trust {
        match self.keys.as_slice() {
            [] => Trust::Any,
            keys => Trust::Only(keys.iter().copied().collect()),
        }
    }

    /// What to add about `signers` when nobody said whose signatures count.
    fn advice(&self) -> &'static str {
        match self.keys.as_slice() {
            [] => "; compare it with the one that your service publishes, or give that with --key",
            _ => "",
        }
    }
}

#[expect(clippy::print_stderr, reason = "a command-line program")]
fn say(what: &str, code: u8) -> ExitCode {
    eprintln!("{what}");
    ExitCode::from(code)
}

/// The text of a file.
fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        let path: PathBuf = path.into();
        Failure::Unknown(format!("{}: {error}; give a file that can be read", path.display()))
    })
}
