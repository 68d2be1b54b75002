//! `rh-service check-config`.

use std::path::PathBuf;

use clap::Args;
use rh_service::Config;

use super::Failure;

/// Reads a configuration and starts nothing.
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// The configuration (TOML)
    file: PathBuf,
}

impl Check {
    pub(super) fn run(self) -> Result<(), Failure> {
        let checked = Config::read(&self.file).and_then(|config| config.check());
        checked.map_err(|error| Failure::Broken(error.to_string()))?;
        println!("{}: nothing is wrong with it", self.file.display());
        Ok(())
    }
}
