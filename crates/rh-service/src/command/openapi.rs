//! `rh-service openapi`.

use clap::Args;

use super::Failure;

/// Prints the description of the HTTP interface, which a running service has at /api/openapi.json.
#[derive(Args, Debug)]
pub(crate) struct Describe;

impl Describe {
    pub(super) fn run(self) -> Result<(), Failure> {
        print!("{}", rh_service::openapi());
        Ok(())
    }
}
