//! `cargo xtask package`: what macOS and those who manage Macs need beside the program.
//!
//! Everything here runs anywhere. Signing, notarising and building the installer package need a Mac
//! and are scripts in `packaging/macos`.

mod app;
mod icon;
mod ids;
mod pppc;
#[cfg(test)]
mod scripts;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use plist::{Value, XmlWriteOptions};

use app::{App, BUNDLE_ID};
use ids::{BundleId, TeamId};
use pppc::Profile;

/// What to make.
#[derive(Debug, Subcommand)]
pub(crate) enum Package {
    /// Writes the management profile that settles the permissions (PPPC).
    Pppc {
        /// The app's bundle id.
        #[arg(long)]
        bundle_id: BundleId,
        /// The id of the team that signed the app.
        #[arg(long)]
        team_id: TeamId,
        /// Also leaves out the monthly question of macOS 15 about screen capture, for every app
        /// (supervised Macs, macOS 15.1 and later).
        #[arg(long)]
        bypass_alert: bool,
        /// Where to; standard output if left out.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Writes the app bundle, unsigned, and what the scripts in packaging/macos need.
    App {
        /// The built program, for both architectures.
        #[arg(long)]
        binary: PathBuf,
        /// The folder to write into.
        #[arg(long)]
        out: PathBuf,
        /// The app's bundle id; it stays the same for as long as the app is distributed.
        #[arg(long, default_value = BUNDLE_ID)]
        bundle_id: BundleId,
    },
}

/// The version of everything in the workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes it.
pub(crate) fn run(package: &Package) -> Result<()> {
    match package {
        Package::Pppc { bundle_id, team_id, bypass_alert, out } => {
            let profile = Profile { bundle: bundle_id, team: team_id, bypass_alert: *bypass_alert };
            let text = xml(&profile.to_plist())?;
            match out {
                Some(path) => write(path, text.as_bytes())?,
                None => print(&text),
            }
            Ok(())
        }
        Package::App { binary, out, bundle_id } => {
            App { bundle: bundle_id, binary, version: VERSION }.write(out)
        }
    }
}

/// `value` as an XML property list, as Apple's tools write it.
fn xml(value: &Value) -> Result<String> {
    let mut text = Vec::new();
    let options = XmlWriteOptions::default().indent(b'\t', 1);
    value.to_writer_xml_with_options(&mut text, &options)?;
    text.push(b'\n');
    Ok(String::from_utf8(text)?)
}

/// Writes a file and tells so.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content).with_context(|| format!("writing {}", path.display()))?;
    eprintln!("wrote {}", path.display());
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the profile itself was asked for")]
fn print(text: &str) {
    print!("{text}");
}
