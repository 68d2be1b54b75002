//! `rh-service devices import`.

use std::path::PathBuf;
use std::time::SystemTime;

use clap::Args;
use rh_devices::DeviceSource;
use rh_devices::import::{self, Format};
use rh_policy::TenantId;
use rh_records::{Address, Timestamp, open};

use super::Failure;

/// Takes in what a file says of a tenant's devices: all of it, or nothing if anything is wrong.
///
/// CSV or, if its name ends with .json, JSON, as docs/devices.md describes. A running service knows it
/// within a minute.
#[derive(Args, Debug)]
pub(crate) struct Import {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Whose devices they are
    #[arg(long, value_name = "ID")]
    tenant: TenantId,
    /// The records: a SQLite file, or postgres://user@host/database
    #[arg(long, value_name = "FILE|URL", env = "RH_RECORDS", hide_env_values = true)]
    records: Address,
    /// Forget the devices of earlier imports that are not in this file
    #[arg(long)]
    replace: bool,
}

impl Import {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let path = self.file.display();
        let bytes = std::fs::read(&self.file)
            .map_err(|e| Failure::Unknown(format!("{path}: {e}; give a file that can be read")))?;
        let json = self.file.extension().is_some_and(|it| it.eq_ignore_ascii_case("json"));
        let format = if json { Format::Json } else { Format::Csv };
        let told = now();
        let words = import::read(&bytes, format, told)
            .map_err(|error| Failure::Broken(format!("{path}: nothing was imported\n{error}")))?;
        let unknown = |error: rh_records::RecordError| Failure::Unknown(error.to_string());
        let store = open(&self.records).await.map_err(unknown)?;
        let forget = self.replace.then_some((DeviceSource::Import, told));
        let heard = store.tell_devices(&self.tenant, &words, forget).await.map_err(unknown)?;
        println!("{path}: {heard} devices of {}", self.tenant);
        match words.len() - heard {
            0 => {}
            late => println!("{late} left as they are, of which something newer is known"),
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "the program's only look at the clock")]
fn now() -> Timestamp {
    SystemTime::now().into()
}
